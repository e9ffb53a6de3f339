"""What a function does with a handle that it is given, found by interpreting it from where it owes."""

from __future__ import annotations

from collections.abc import Iterable

from leaklint.drivers.spec import Acquisition
from leaklint.flow.leaks import NOTHING, interpret, kept_on_self
from leaklint.flow.program import Constant, Procedure
from leaklint.flow.resolver import Acquired, Fate, Given, Resolver
from leaklint.flow.run import RETURN, Run
from leaklint.flow.state import BOX, OWED, RETURNED, State
from leaklint.flow.values import (
    NEW,
    NONE,
    Box,
    Inside,
    Value,
    known,
)

NOTHING_ACQUIRED = Acquired(Acquisition(releases=()), "")


def given(
    procedure: Procedure,
    place: str,
    acquired: Acquired,
    resolver: Resolver,
    constants: Iterable[tuple[str, Constant]],
    *,
    boxed: bool = False,
    raises_all: bool = False,
) -> Given:
    """What becomes of a handle that `procedure` finds in `place` (a parameter, or `self.field`) when it is called."""
    start = State(new=OWED._replace(bound=True)).set(place, NEW)
    if boxed:
        box = Box(f"{BOX} {place}>")
        start = start.set(place, box).set(box.name, Inside(frozenset({"new"})))
    for name, constant in constants:
        start = start.set(name, known(constant))
    ended = interpret(procedure, None, acquired, resolver, start, raises_all=raises_all)
    normal: set[Fate] = set()
    thrown: set[tuple[Fate, str]] = set()
    fields: set[str] = set()
    results: list[Value] = []
    returned = False
    for exit_, states in ended.outcome.items():
        for state in states:
            fields |= kept_on_self(ended.run, state)
            fate = _fate(ended.run, state, place)
            if fate is None:
                continue
            if exit_.kind == "raise":
                thrown.add((fate, exit_.exception))
                continue
            normal.add(fate)
            results.append(state.get(RETURNED) if exit_ == RETURN else NONE)
            returned = returned or "new" in state.reachable(results[-1])
    return Given(
        frozenset(normal or {"owed"} if any(exit_.kind != "raise" for exit_ in ended.outcome) else ()),
        frozenset(thrown),
        returned,
        itself=bool(results) and all(result == NEW for result in results),
        entered=ended.run.role == "manager",
        asynchronous=procedure.asynchronous and not procedure.generator,
        fields=frozenset(fields),
    )


def _fate(run: Run, state: State, place: str) -> Fate | None:
    """What became of it; None where a body that releases nothing asked whether it is closed: it is given open ones."""
    status = state.new
    if status.phase == "released":
        return "released" if run.record.released else None
    if status.phase == "gone":
        return "kept"
    if status.flaw == "closed":
        return "closed"
    kept = any("." in path and path != place and "new" in state.reachable(value) for path, value in state.env.items())
    return "kept" if kept else "owed"


def fields_of(procedure: Procedure, parameter: str, acquired: Acquired, resolver: Resolver) -> list[str]:
    """The fields in which a constructor leaves a handle it is given."""
    start = State(new=OWED._replace(bound=True)).set(parameter, NEW)
    ended = interpret(procedure, None, acquired, resolver, start)
    found: set[str] = set()
    for exit_, states in ended.outcome.items():
        for state in states if exit_.kind != "raise" else ():
            found |= kept_on_self(ended.run, state)
    return sorted(found)


def never_raises(procedure: Procedure, resolver: Resolver) -> bool:
    """Whether no exception can leave the function; what is thrown in at a `yield` is not the function's own."""
    outcome = interpret(procedure, None, NOTHING_ACQUIRED, resolver, NOTHING, role="fixture").outcome
    return bool(outcome) and not any(exit_.kind == "raise" for exit_ in outcome)
