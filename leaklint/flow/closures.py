"""Calling a nested function: its body runs on the variables it shares with the function around it."""

from __future__ import annotations

from leaklint.flow.exceptions import SOME_EXCEPTION
from leaklint.flow.program import (
    Argument,
    Call,
    Procedure,
)
from leaklint.flow.run import NORMAL, RETURN, Outcome, Result, Run, leave, once, throw
from leaklint.flow.state import RETURNED, State, Trace
from leaklint.flow.values import (
    UNKNOWN,
    Function,
    Unknown,
    Value,
)

DEEPEST_AFTER_EXPLOSION = 4
MOST_RECURSION = 2


def inline(
    run: Run, call: Call, func: Function, values: list[Value], state: State, trace: Trace, out: Outcome
) -> list[Result]:
    """Call a nested function: its body runs here, on the variables it shares with this function."""
    from leaklint.flow.statements import execute  # statements and expressions contain one another

    procedure = func.procedure
    if procedure.generator or _too_deep(run, procedure):
        throw(out, [(SOME_EXCEPTION, call.node)], state, trace)
        return [(state, UNKNOWN, trace)]
    hidden = [(path, value) for path, value in state.env.items() if path.partition(".")[0] in procedure.locals]
    for path, _ in hidden:
        state = state.set(path, UNKNOWN)
    for name, value in _arguments(procedure.names, call.args, values):
        state = state.set(name, value)
    before = state.get(RETURNED)
    results: list[Result] = []
    inner = run.inside(procedure)
    for exit_, states in once(inner, procedure, state, trace, lambda s: execute(inner, procedure.body, s)).items():
        for after, way in states.items():
            result = after.get(RETURNED) if exit_ == RETURN else UNKNOWN
            for name in procedure.locals:
                after = after.set(name, UNKNOWN)
            after = after.set(RETURNED, before)
            for path, value in hidden:
                after = after.set(path, value)
            if exit_ in (NORMAL, RETURN):
                results.append((after, result, way))
            elif exit_.kind == "raise":
                leave(out, exit_, after, way)
    return results


def _too_deep(run: Run, procedure: Procedure) -> bool:
    """A function that calls itself is not followed for ever, nor one in a row of many where states have exploded."""
    if run.calling.count(procedure) >= MOST_RECURSION:
        return True
    return not run.remembers and len(run.calling) >= DEEPEST_AFTER_EXPLOSION


def _arguments(names: tuple[str, ...], args: tuple[Argument, ...], values: list[Value]) -> list[tuple[str, Value]]:
    found: list[tuple[str, Value]] = []
    for position, (argument, value) in enumerate(zip(args, values, strict=True)):
        name = argument.keyword or (names[position] if position < len(names) else "")
        if name and not isinstance(value, Unknown):
            found.append((name, value))
    return found
