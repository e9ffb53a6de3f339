"""From outcomes to leaks: the states in which a function is left while it still owes its handle."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple

import libcst as cst

from leaklint.flow.facts import order
from leaklint.flow.program import Call, Procedure
from leaklint.flow.relevance import LEVELS, containers, tracked
from leaklint.flow.resolver import Acquired, Resolver, Role
from leaklint.flow.run import NORMAL, RETURN, Exit, Explosion, Outcome, Record, Run
from leaklint.flow.state import RETURNED, State, Status, Trace
from leaklint.flow.statements import execute
from leaklint.flow.values import (
    NONE,
    Age,
    Handle,
    Inside,
    Object,
    Pending,
    Some,
    Tuple,
    Value,
    is_none,
)

BUILDERS = frozenset({"__init__", "__new__", "__post_init__", "__enter__", "__aenter__"})
"""Methods whose failure means that nobody ever holds, or leaves, the object."""


NOTHING = State()
BEGINNING = Trace()


class Leaking(NamedTuple):
    """One way out that leaves the handle owed."""

    kind: Literal["raise", "return", "end"]
    node: cst.CSTNode
    exception: str
    trace: Trace
    status: Status
    building: bool


class Gives(NamedTuple):
    """How a function hands the handle to its caller: always or maybe (else None), in a tuple, still to be awaited."""

    maybe: bool
    position: int | None
    size: int
    pending: bool
    inside: bool
    made: Call | None = None


class Leak(NamedTuple):
    """What interpreting one function for one acquisition site has shown."""

    procedure: Procedure
    site: Call
    acquired: Acquired
    exits: tuple[Leaking, ...]
    released: bool
    settled: bool
    gives: Gives | None
    keeps: frozenset[str]
    capped: int
    paths: int


class Ended(NamedTuple):
    """The outcome of a run, and what it took."""

    outcome: Outcome
    record: Record
    level: int
    run: Run


def interpret(
    procedure: Procedure,
    site: Call | None,
    acquired: Acquired,
    resolver: Resolver,
    start: State,
    trace: Trace = BEGINNING,
    *,
    raises_all: bool = False,
    role: Role | None = None,
) -> Ended:
    """Interpret a function for one site, forgetting facts level by level when states explode.

    `role` is who resumes a generator, where that is not asked of the resolver.
    """
    for level in range(LEVELS + 1):
        record = Record(widens=level == LEVELS)
        run = Run(
            procedure=procedure,
            site=site,
            acquired=acquired,
            resolver=resolver,
            tracked=tracked(procedure, site, level) if level < LEVELS else frozenset(),
            role=resolver.role(procedure) if role is None else role,
            raises_all=raises_all,
            record=record,
            locals=procedure.locals,
            receivers=_receivers(procedure),
            containers=containers(procedure),
            gives_back=_gives_back(procedure, acquired),
            remembers=level == 0,
        )
        try:
            return Ended(execute(run, procedure.body, {start: trace}), record, level, run)
        except Explosion:
            continue
    return Ended({}, record, LEVELS + 1, run)


def _receivers(procedure: Procedure) -> frozenset[str]:
    """The name of the object a method works on."""
    return frozenset(procedure.names[:1]) if procedure.class_name else frozenset()


def _gives_back(procedure: Procedure, acquired: Acquired) -> bool:
    """Whether a generator itself releases somewhere what it yields."""
    resource = acquired.resource
    names = {*resource.releases, *resource.pool_releases, *resource.closes, "closing"}
    return any(call.method in names for call in procedure.calls)


def leak(
    procedure: Procedure,
    site: Call,
    acquired: Acquired,
    resolver: Resolver,
    *,
    raises_all: bool = False,
    start: State = NOTHING,
) -> Leak:
    """Interpret `procedure` for the acquisition at `site` and tell what is left owed, where."""
    return shown(site, acquired, interpret(procedure, site, acquired, resolver, start, raises_all=raises_all))


def shown(site: Call, acquired: Acquired, ended: Ended, *, lends: bool = False) -> Leak:
    """What an interpretation has shown of the acquisition at `site`; who `lends` hands nothing over by returning it."""
    exits: dict[tuple[str, cst.CSTNode, bool], Leaking] = {}
    settled = False
    keeps: set[str] = set()
    for exit_, states in ended.outcome.items():
        for state, trace in states.items():
            found = _leaking(ended.run, exit_, state, trace, lends=lends)
            if found is None:
                settled = settled or (state.new.phase not in {"absent", "idle"} and exit_.kind != "raise")
                keeps |= kept_on_self(ended.run, state)
                continue
            for one in _origins(found):
                key = (one.kind, one.node, one.status.lost)
                if key not in exits or one.trace.length < exits[key].trace.length:
                    exits[key] = one
    return Leak(
        procedure=ended.run.procedure,
        site=site,
        acquired=acquired,
        exits=in_order(ended.run.procedure, exits.values()),
        released=ended.record.released,
        settled=settled,
        gives=_gives(ended.run, ended.outcome),
        keeps=frozenset(keeps),
        capped=ended.level,
        paths=sum(len(states) for states in ended.outcome.values()),
    )


def _origins(leaking: Leaking) -> list[Leaking]:
    """The way out once for each place that raises on it: they all leave in the same state."""
    others = leaking.trace.origins - {leaking.node} if leaking.kind == "raise" else frozenset()
    return [leaking, *(leaking._replace(node=node) for node in others)]


def _leaking(run: Run, exit_: Exit, state: State, trace: Trace, *, lends: bool) -> Leaking | None:
    building = exit_.kind == "raise" and run.procedure.name in BUILDERS and bool(run.procedure.class_name)
    ages: tuple[Age, ...] = ("old", "new") if state.old.lost else ("new", "old")
    for age in ages:
        status = state.status(age)
        if not status.owed:
            continue
        on_self = _holds(run, state, age)
        given = not lends and _given(exit_, state, age)
        if not status.lost and (given or (on_self and not building)):
            continue
        kind: Literal["raise", "return", "end"] = "raise" if exit_.kind == "raise" else "end"
        if exit_ == RETURN:
            kind = "return"
        return Leaking(kind, _exit_node(run, exit_, trace), exit_.exception, trace, status, building)
    return None


def _given(exit_: Exit, state: State, age: Age) -> bool:
    """The caller can reach it through the result."""
    return exit_ == RETURN and age in state.reachable(state.get(RETURNED))


def _holds(run: Run, state: State, age: Age) -> bool:
    """The object this is a method of holds it; at module level, a global does."""
    for path, value in state.env.items():
        root, _, rest = path.partition(".")
        lasts = run.procedure.kind == "module" and not run.record.released
        if ((root in run.receivers and rest) or lasts) and age in state.reachable(value):
            return True
    return False


def kept_on_self(run: Run, state: State) -> set[str]:
    found: set[str] = set()
    for path, value in state.env.items():
        root, _, rest = path.partition(".")
        direct = isinstance(value, (Handle, Inside)) and root in run.receivers and rest
        if direct and any(state.status(age).owed for age in state.reachable(value)):
            found.add(rest)
    return found


def _exit_node(run: Run, exit_: Exit, trace: Trace) -> cst.CSTNode:
    """Where the function is left: the last step that leaves, else its end."""
    kinds = {"raise": {"raises", "raise", "reraises"}, "return": {"returns"}}.get(exit_.kind, set())
    for step in reversed(trace.steps()):
        if step.kind in kinds:
            return step.node
    return run.procedure.node


def _gives(run: Run, outcome: Outcome) -> Gives | None:
    """How the results that hold the handle look, if all others are None."""
    shapes: set[tuple[int | None, int, bool, bool]] = set()
    sizes: set[int] = set()
    made: set[Call] = set()
    maybe = False
    for exit_, states in outcome.items():
        if exit_ not in (NORMAL, RETURN):
            continue
        for state in states:
            value = state.get(RETURNED) if exit_ == RETURN else NONE
            given = [age for age in state.reachable(value) if state.status(age).phase in {"owed", "idle"}]
            owed = [age for age in given if not _holds(run, state, age)]
            if owed or isinstance(value, Pending):
                shapes.add(_shape(value))
                if isinstance(value, Object):
                    made.add(value.made)
            elif is_none(value):
                maybe = True
            elif isinstance(value, Tuple):
                maybe = True
                sizes.add(len(value.items))
            elif exit_ == RETURN and not isinstance(value, Some) and not _contradicts(state):
                return None
    if len(shapes) != 1:
        return None
    position, size, pending, inside = shapes.pop()
    if sizes - {size}:
        return None
    return Gives(maybe, position, size, pending, inside, made.pop() if len(made) == 1 else None)


def in_order(procedure: Procedure, exits: Collection[Leaking]) -> tuple[Leaking, ...]:
    """Shorter ways first, and of those that are as long, the one that leaves first."""
    if len(exits) < 2:
        return tuple(exits)
    numbers = order(procedure)
    last = len(numbers)
    return tuple(sorted(exits, key=lambda one: (one.trace.length, numbers.get(one.node, last), one.kind)))


def _contradicts(state: State) -> bool:
    """A way on which the handle was acquired and settled tells nothing of what the result is elsewhere."""
    return state.new.phase == "released"


def _shape(value: Value) -> tuple[int | None, int, bool, bool]:
    if isinstance(value, Tuple):
        for position, item in enumerate(value.items):
            if isinstance(item, (Handle, Pending)):
                return position, len(value.items), False, False
    return None, 0, isinstance(value, Pending), not isinstance(value, (Handle, Pending))


def sites(procedure: Procedure, resolver: Resolver) -> list[tuple[Call, Acquired]]:
    """The calls of the function itself that acquire."""
    found: list[tuple[Call, Acquired]] = []
    for call in procedure.calls:
        acquired = resolver.callee(call).acquired if resolver.may_acquire(call) else None
        if acquired is not None:
            found.append((call, acquired))
    return found
