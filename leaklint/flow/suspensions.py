"""`await` and `yield`: what happens there, and what may be thrown in."""

from __future__ import annotations

from leaklint.flow.calls import acquire
from leaklint.flow.exceptions import CANCELLED, SOME_EXCEPTION
from leaklint.flow.methods import release
from leaklint.flow.places import escape
from leaklint.flow.program import (
    Await,
    Yield,
)
from leaklint.flow.run import Outcome, Result, Run, throw
from leaklint.flow.state import State, Trace
from leaklint.flow.values import (
    UNKNOWN,
    Ages,
    Pending,
    Releasing,
    Tuple,
    Value,
)


def run_await(run: Run, expr: Await, state: State, trace: Trace, out: Outcome) -> list[Result]:
    from leaklint.flow.expressions import evaluate  # expressions contain one another

    results: list[Result] = []
    for after, value, way in evaluate(run, expr.value, state, trace, out):
        cancelled = [] if run.quiet == "final" else [(CANCELLED, expr.node)]
        pending = releasing(value)
        if pending:
            results.append((release(run, after, pending), UNKNOWN, way))
            continue
        if isinstance(value, Pending) and value.nested:
            throw(out, [(SOME_EXCEPTION, expr.node), *cancelled], after, way)
            results.append((after, Pending(), way))
            continue
        if _has_pending(value):
            results += _awaited(run, value, after, way, out)
            throw(out, cancelled, after, way)
            continue
        throw(out, [(e, expr.node) for e in run.raised_by(expr)], after, way)
        results.append((after, value, way))
    return results


def releasing(value: Value) -> Ages:
    """The handles that awaiting the value releases."""
    if isinstance(value, Releasing):
        return value.ages
    if isinstance(value, Tuple):
        return frozenset(age for item in value.items for age in releasing(item))
    return frozenset()


def _has_pending(value: Value) -> bool:
    return isinstance(value, Pending) or (isinstance(value, Tuple) and any(_has_pending(item) for item in value.items))


def _awaited(run: Run, value: Value, state: State, trace: Trace, out: Outcome) -> list[Result]:
    """The pending acquisition happens now."""
    assert run.site is not None
    results = acquire(run, run.site, state, trace, out, now=True)
    if isinstance(value, Tuple):
        return [
            (after, Tuple(tuple(got if isinstance(item, Pending) else item for item in value.items)), way)
            for after, got, way in results
        ]
    return results


def run_yield(run: Run, expr: Yield, state: State, trace: Trace, out: Outcome) -> list[Result]:
    from leaklint.flow.expressions import evaluate  # expressions contain one another

    ways: list[Result] = [(state, UNKNOWN, trace)]
    if expr.value is not None:
        ways = evaluate(run, expr.value, state, trace, out)
    results: list[Result] = []
    for after, value, way in ways:
        found = after.reachable(value)
        if found and run.role in {"", "fixture"} and not run.gives_back:
            after = escape(after, found)
        thrown = run.thrown_at_yield()
        throw(out, [(exception, expr.node) for exception in thrown], after, way)
        results.append((after, UNKNOWN, way))
    return results
