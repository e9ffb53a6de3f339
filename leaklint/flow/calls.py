"""What a call does to the handle: acquire it, release it, take it, borrow it, or only perhaps raise."""

from __future__ import annotations

from leaklint.flow import calm
from leaklint.flow.exceptions import SOME_EXCEPTION
from leaklint.flow.methods import blemish, can_release, on_box, on_handle, on_stack, receiver, release
from leaklint.flow.passing import hazard, object_name, pass_on
from leaklint.flow.places import inside, read, store, wake
from leaklint.flow.program import Call, Place
from leaklint.flow.resolver import Callee
from leaklint.flow.run import Outcome, Result, Run, throw
from leaklint.flow.state import BOX, OWED, State, Trace
from leaklint.flow.values import (
    NEW,
    NONE,
    UNKNOWN,
    Ages,
    Bound,
    Box,
    Derived,
    Handle,
    Inside,
    Manager,
    Object,
    Pending,
    Releaser,
    Releasing,
    Taken,
    Tuple,
    Unknown,
    Value,
)


def acquire(run: Run, call: Call, state: State, trace: Trace, out: Outcome, *, now: bool = False) -> list[Result]:
    """The site is reached. What must be awaited or entered first only becomes a handle then (`now`)."""
    acquired = run.acquired
    if not now and (acquired.resource.awaiting != "no" or acquired.awaited):
        return [(state, Pending(acquired.nested), trace)]
    throw(out, [(SOME_EXCEPTION, call.node)], state, trace)
    results: list[Result] = [(state, NONE, trace)] if acquired.maybe else []
    status = OWED._replace(phase="idle") if "()" in acquired.resource.same else OWED
    owing = state.aged().mark("new", status)
    trace = trace.then("acquired", call.node)
    value: Value = Handle("new", awaited=now)
    if acquired.receiver and isinstance(call.func, Place):
        path = call.func.path.rpartition(".")[0]
        return [*results, (store(run, Place(call.node, path), NEW, owing), UNKNOWN, trace)]
    if acquired.position is not None:
        items = tuple(value if i == acquired.position else UNKNOWN for i in range(acquired.size))
        value = Tuple(items)
    return [(owing, value, trace), *results]


def apply(
    run: Run, call: Call, func: Value, values: list[Value], state: State, trace: Trace, out: Outcome
) -> list[Result]:
    """Call `func` (what is known of it) with `values`."""
    if call is run.site:
        return acquire(run, call, state, trace, out)
    match func:
        case Bound(Handle() | Inside() as base, name):
            return on_handle(run, call, base, name, values, state, trace, out)
        case Bound(Box(_, True) as box, name):
            return [
                result
                for after, entered, way in _entering_now(run, values, state, trace, out)
                for result in on_stack(run, call, box, name, entered, after, way)
            ]
        case Bound(Box() as box, name):
            return on_box(run, call, box, name, values, state, trace)
        case Bound(Object() as made, name):
            return _on_object(run, call, made, name, state, trace, out)
        case Bound(Derived(), name):
            if name not in calm.EVERYWHERE:
                throw(out, hazard(run, call), state, trace)
            return [(state, UNKNOWN, trace)]
        case Releaser(found):
            return [(release(run, state, found), UNKNOWN, trace)]
        case Handle() | Inside() if "()" in run.acquired.resource.same:
            called = Handle(func.age, awaited=True) if isinstance(func, Handle) else func
            return [(wake(state, state.reachable(func)), called, trace)]
        case _:
            pass
    local = receiver(run, call, state)
    if local is not None and any(state.reachable(value) for value in values):
        return on_box(run, call, local, call.method, values, state, trace)
    callee = run.resolver.callee(call)
    special = _special(run, call, callee, values, state, trace)
    if special is not None:
        return special
    return pass_on(run, call, callee, values, state, trace, out)


def _entering_now(
    run: Run, values: list[Value], state: State, trace: Trace, out: Outcome
) -> list[tuple[State, list[Value], Trace]]:
    """`stack.enter_async_context(pool.acquire())`: what is pending is acquired by being entered."""
    if not values or not isinstance(values[0], Pending) or run.site is None:
        return [(state, values, trace)]
    return [
        (after, [Handle("new") if isinstance(value, Handle) else value, *values[1:]], way)
        for after, value, way in acquire(run, run.site, state, trace, out, now=True)
    ]


def _on_object(run: Run, call: Call, made: Object, name: str, state: State, trace: Trace, out: Outcome) -> list[Result]:
    """A method of an object of the project that holds the handle."""
    found = state.reachable(made)
    if name in made.releases:
        if name in made.awaited:
            return [(blemish(state, found, "unawaited"), Releasing(found), trace.then("unawaited", call.node))]
        return [(release(run, state, found), UNKNOWN, trace)]
    throw(out, hazard(run, call), state, trace)
    return [(state, made if name in {"__enter__", "__aenter__"} else UNKNOWN, trace)]


def _special(
    run: Run, call: Call, callee: Callee, values: list[Value], state: State, trace: Trace
) -> list[Result] | None:
    """Calls of the standard library that the interpreter knows by heart."""
    name = callee.qualified or (call.func.path if isinstance(call.func, Place) else "")
    last = name.rpartition(".")[2]
    first = values[0] if values else UNKNOWN
    if callee.visible:
        return None
    if last in {"closing", "aclosing"} and values:
        return [(state, Manager("closing", first), trace)]
    if last == "nullcontext":
        return [(state, Manager("null", first), trace)]
    if last in {"suppress", "raises", "assertRaises", "assertRaisesRegex"}:
        return [(state, Manager("suppress", types=_types(call, last)), trace)]
    if last in {"ExitStack", "AsyncExitStack"}:
        return [(state, Box(f"{BOX} {object_name(run, call)}>", stack=True), trace)]
    if last in {"partial", "partialmethod"}:
        return _partial(run, call, values, state, trace)
    if last == "gather" and values:
        return [(state, Tuple(tuple(values)) if len(values) > 1 else first, trace)]
    if last in {"wait_for", "shield"} and values:
        return [(state, first, trace)]
    if last in {"list", "tuple", "set", "sorted", "reversed", "iter", "enumerate", "zip"} and isinstance(first, Box):
        return [(state, first, trace)]
    return None


def _types(call: Call, last: str) -> tuple[str, ...]:
    args = call.args[:1] if last.startswith("assert") else call.args
    return tuple(a.value.path if isinstance(a.value, Place) else "?" for a in args if a.keyword is None) or ("?",)


def _partial(run: Run, call: Call, values: list[Value], state: State, trace: Trace) -> list[Result]:
    found: Ages = frozenset(age for value in values for age in state.reachable(value))
    target = call.args[0].value if call.args else None
    name = target.path.rpartition(".")[2] if isinstance(target, Place) else ""
    releases = name in run.acquired.resource.pool_releases or bool(calm.RELEASING_NAME.search(name))
    if found and (releases or can_release(run, values[0])):
        return [(state, Releaser(found), trace)]
    return [(state, Taken(found) if found else UNKNOWN, trace)]


def bound_receiver(run: Run, call: Call, state: State) -> Value:
    """What is called: a method of something tracked, or whatever the name holds."""
    assert isinstance(call.func, Place)
    base, _, name = call.func.path.rpartition(".")
    if not base:
        return read(state, name)
    held = read(state, base)
    outer, _, field = base.rpartition(".")
    if isinstance(held, Unknown) and outer:
        whole = read(state, outer)
        if field in run.acquired.fields:
            held = whole
        elif isinstance(whole, Object) and field == whole.field:
            held = inside(state.reachable(whole), run)
    return UNKNOWN if isinstance(held, Unknown) else Bound(held, name)


def element_of(run: Run, value: Value, state: State) -> Value:
    """What iterating over the value, or subscripting it, yields."""
    found = state.reachable(value)
    return inside(found, run) if isinstance(value, (Box, Tuple)) and found else UNKNOWN
