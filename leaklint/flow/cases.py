"""`match`: each case where it may match, the rest of the ways to the next."""

from __future__ import annotations

from typing import Any

from leaklint.flow.conditions import branch
from leaklint.flow.expressions import evaluate
from leaklint.flow.places import inside, store
from leaklint.flow.program import (
    Match,
    Place,
)
from leaklint.flow.run import NORMAL, Outcome, Run, join
from leaklint.flow.state import State, States, Trace, add, merge
from leaklint.flow.values import Value


def run_match(run: Run, statement: Match, states: States) -> Outcome:
    out: Outcome = {}
    rest: States = {}
    for state, trace in states.items():
        for after, value, way in evaluate(run, statement.subject, state, trace, out):
            pending = [(after, way)]
            for case in statement.cases:
                pending = _case(run, case, value, pending, out)
            merge(rest, pending)
    join(out, {NORMAL: rest} if rest else {})
    return out


def _case(
    run: Run, case: Any, subject: Value, ways: list[tuple[State, Trace]], out: Outcome
) -> list[tuple[State, Trace]]:
    """Run the case where it matches; the ways on which it does not."""
    from leaklint.flow.statements import execute  # statements contain one another

    matched: States = {}
    missed: list[tuple[State, Trace]] = []
    for state, trace in ways:
        true, false = ([(state, trace)], []) if case.test is None else branch(run, case.test, state, trace, out)
        missed += false
        for after, way in true:
            for name in case.captures:
                whole = subject if name in case.whole else inside(after.reachable(subject), run)
                after = store(run, Place(case.node, name), whole, after)
            if case.guard is None:
                add(matched, after, way.then("true", case.node))
                continue
            passed, failed = branch(run, case.guard, after, way, out)
            merge(matched, [(s, t.then("true", case.node)) for s, t in passed])
            missed += failed
    join(out, execute(run, case.body, matched))
    return missed
