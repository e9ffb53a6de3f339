"""`try`: which handler takes which exception, and the clean-up that runs once per way out."""

from __future__ import annotations

from leaklint.flow.exceptions import SOME_EXCEPTION, catches, without
from leaklint.flow.program import Block, Handler, Try
from leaklint.flow.run import NORMAL, Exit, Outcome, Run, join, through
from leaklint.flow.state import State, States, Trace, add
from leaklint.flow.values import UNKNOWN


def run_try(run: Run, statement: Try, states: States) -> Outcome:
    """Body, handlers for what it raises, `else` for its normal end, `finally` for every way out."""
    from leaklint.flow.statements import execute  # statements contain one another

    body = execute(run, statement.body, states)
    done = body.pop(NORMAL, {})
    outcome = _handled(run, statement, body)
    join(outcome, execute(run, statement.orelse, done))
    if not statement.final:
        return outcome

    def cleanup(exit_: Exit, state: State, trace: Trace) -> Outcome:
        inner = run.during("final") if exit_.kind == "raise" else run
        return execute(inner, statement.final, {state: trace})

    return through(outcome, cleanup)


def _handled(run: Run, statement: Try, body: Outcome) -> Outcome:
    """What the handlers make of the exceptions of the body; other ways out pass by."""
    out: Outcome = {}
    caught: dict[tuple[int, str], States] = {}
    for exit_, states in body.items():
        if exit_.kind != "raise":
            join(out, {exit_: states})
            continue
        for index, exception in _takers(run, statement, exit_.exception):
            if index is None:
                join(out, {Exit("raise", exception): states})
                continue
            target = caught.setdefault((index, exception), {})
            for state, trace in states.items():
                caught_here = trace.then("caught", statement.handlers[index].node, exit_.exception)
                add(target, state, caught_here._replace(origins=frozenset()))
    for (index, exception), states in caught.items():
        handled = _handle(run, statement.handlers[index], exception, states)
        if statement.star and not _takes_all(statement.handlers[index]):
            join(out, {Exit("raise", SOME_EXCEPTION): handled.get(NORMAL, {})})
        join(out, handled)
    return out


def _takes_all(handler: Handler) -> bool:
    """Whether nothing of a group is left over once the handler has run."""
    return handler.types is None or not {"Exception", "BaseException"}.isdisjoint(handler.types)


def _takers(run: Run, statement: Try, raised: str) -> list[tuple[int | None, str]]:
    """The handlers that may take it, each with the exception it then holds; None: nobody."""
    found: list[tuple[int | None, str]] = []
    for index, handler in enumerate(statement.handlers):
        verdict = catches(handler.types, raised, run.resolver.lineage, star=statement.star)
        if verdict == "no":
            continue
        narrowed = handler.types[0] if verdict == "maybe" and handler.types and len(handler.types) == 1 else raised
        found.append((index, narrowed if narrowed != "?" else SOME_EXCEPTION))
        if verdict == "yes":
            return found
        raised = without(raised, handler.types or (), star=statement.star)
    found.append((None, raised))
    return found


def _handle(run: Run, handler: Handler, exception: str, states: States) -> Outcome:
    from leaklint.flow.statements import execute  # statements contain one another

    inner = run.during("handler", exception)
    body: Block = handler.body
    entered: States = {}
    for state, trace in states.items():
        add(entered, state.rebind(handler.name, UNKNOWN) if handler.name else state, trace)
    return execute(inner, body, entered)
