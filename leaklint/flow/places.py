"""Reading and storing: what a place holds, and what storing a value there does to the handles in it."""

from __future__ import annotations

from leaklint.flow.program import Attribute, Display, Expr, Place, Starred, Subscript
from leaklint.flow.run import Run
from leaklint.flow.state import BOX, State
from leaklint.flow.values import (
    UNKNOWN,
    Age,
    Ages,
    Box,
    Derived,
    Function,
    Handle,
    Inside,
    Object,
    Pending,
    Some,
    Taken,
    Tuple,
    Unknown,
    Value,
)


def read(state: State, path: str) -> Value:
    """What is known of a place; `cursor.connection` leads back to the handle."""
    value = state.get(path)
    if not isinstance(value, Unknown):
        return value
    base, _, name = path.rpartition(".")
    if base and name in {"connection", "_connection", "conn"}:
        held = state.get(base)
        if isinstance(held, Derived):
            return Handle(held.age)
    return UNKNOWN


def inside(found: Ages, run: Run) -> Value:
    """One element of a container that holds these handles."""
    if len(found) == 1:
        (age,) = found
        return Handle(age, awaited=run.acquired.resource.awaiting != "no")
    return Inside(found) if found else UNKNOWN


def escape(state: State, found: Ages) -> State:
    """The handles are somebody else's from here on."""
    for age in found:
        status = state.status(age)
        if status.owed or status.phase == "idle":
            state = state.mark(age, status._replace(phase="gone", bound=True))
    return state


def wake(state: State, found: Ages) -> State:
    """The handles are used: from here on they owe."""
    for age in found:
        status = state.status(age)
        if status.phase == "idle":
            state = state.mark(age, status._replace(phase="owed"))
    return state


def keep_idle(state: State, found: Ages) -> State:
    """A registry that is kept before it is used outlives the call, and nobody owes for it."""
    return escape(state, frozenset(age for age in found if state.status(age).phase == "idle"))


def lend(state: State, found: Ages, how: int) -> State:
    """An unknown callee got the handles (1), or may have kept them (2)."""
    for age in found:
        status = state.status(age)
        if status.owed and status.lent < how:
            state = state.mark(age, status._replace(lent=how))
    return state


def bind(state: State, found: Ages) -> State:
    for age in found:
        status = state.status(age)
        if not status.bound and status.phase != "absent":
            state = state.mark(age, status._replace(bound=True))
    return state


def put(state: State, box: Box | Object, found: Ages) -> State:
    """Add handles to what a box holds."""
    held = state.get(box.name)
    before: frozenset[Age] = held.ages if isinstance(held, Inside) else frozenset()
    return bind(state.set(box.name, Inside(before | found)) if found else state, found)


def box_for(run: Run, path: str, state: State) -> Box | None:
    """The box that a local name holds, or can be taken to hold: a local list or dict nothing was put in yet."""
    value = state.get(path)
    if isinstance(value, Box):
        return value
    if isinstance(value, Unknown) and "." not in path and path in run.containers:
        return Box(f"{BOX} {path}>")
    return None


def store(run: Run, target: Expr, value: Value, state: State) -> State:
    """The state after `target = value`."""
    match target:
        case Place():
            return _store_place(run, target.path, value, state)
        case Display():
            return _unpack(run, target, value, state)
        case Starred():
            return store(run, target.value, value, state)
        case Subscript(_, Place() as base):
            return _store_item(run, base.path, value, state)
        case Subscript() | Attribute():
            return escape(_maybe_kept(state, value), state.reachable(value))
        case _:
            return state


def _maybe_kept(state: State, value: Value) -> State:
    return lend(state, value.ages, 2) if isinstance(value, Taken) else state


def _store_place(run: Run, path: str, value: Value, state: State) -> State:
    found = state.reachable(value)
    root, _, rest = path.partition(".")
    if not rest:
        state = state.rebind(path, _worth(run, path, value, state))
        return bind(state, found) if run.is_local(root) else escape(_maybe_kept(state, value), found)
    if root in run.receivers:
        state = keep_idle(state, found)
        state = bind(_maybe_kept(state, value), found)
        return state.rebind(path, _worth(run, path, value, state))
    box = box_for(run, root, state)
    if box is not None:
        return put(state.set(root, box), box, found) if found else state
    return escape(_maybe_kept(state, value), found)


def _store_item(run: Run, path: str, value: Value, state: State) -> State:
    found = state.reachable(value)
    if not found:
        return state
    box = box_for(run, path, state)
    if box is None:
        return escape(_maybe_kept(state, value), found)
    return put(state.set(path, box), box, found)


def _worth(run: Run, path: str, value: Value, state: State) -> Value:
    """The value if it is worth remembering at that place."""
    if isinstance(value, Some):
        return value if run.remembers else UNKNOWN
    if (
        state.reachable(value)
        or isinstance(value, (Pending, Derived, Box, Object, Taken, Function))
        or path in run.tracked
    ):
        return value
    return UNKNOWN


def _unpack(run: Run, target: Display, value: Value, state: State) -> State:
    elements = target.elements
    plain = not any(isinstance(element, Starred) for element in elements)
    if isinstance(value, Tuple) and plain and len(value.items) == len(elements):
        for element, item in zip(elements, value.items, strict=True):
            state = store(run, element, item, state)
        return state
    found = state.reachable(value)
    for element in elements:
        state = store(run, element, inside(found, run), state)
    return state
