"""Loops: their bodies run until no new state appears at the head."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leaklint.flow.conditions import branch
from leaklint.flow.exceptions import CANCELLED, SOME_EXCEPTION
from leaklint.flow.expressions import evaluate
from leaklint.flow.places import inside, store
from leaklint.flow.program import (
    Block,
    Call,
    For,
    While,
)
from leaklint.flow.run import BREAK, CONTINUE, NORMAL, Outcome, Run, join, once, throw
from leaklint.flow.state import State, States, Trace, add, merge
from leaklint.flow.values import Box, Tuple, Value


def run_loop(run: Run, statement: For | While, states: States) -> Outcome:
    """Each state by itself, and only once: a loop around this one comes back with the same."""
    out: Outcome = {}
    for state, trace in states.items():
        join(out, once(run, statement, state, trace, lambda s: LOOPS[type(statement)](run, statement, s)))
    return out


def _while(run: Run, statement: While, states: States) -> Outcome:
    from leaklint.flow.statements import execute  # statements contain one another

    out: Outcome = {}
    ended: States = {}

    def turn(frontier: States) -> States:
        inside: States = {}
        for state, trace in frontier.items():
            true, false = branch(run, statement.test, state, trace, out)
            merge(inside, true)
            merge(ended, false)
        return inside

    _repeat(run, statement.body, states, turn, out)
    join(out, execute(run, statement.orelse, ended))
    return out


def _repeat(run: Run, body: Block, states: States, turn: Callable[[States], States], out: Outcome) -> None:
    """Run the body until no new state appears at the head; `break` leaves past the `else`."""
    from leaklint.flow.statements import execute  # statements contain one another

    seen: States = {}
    frontier = dict(states)
    while frontier:
        for state, trace in frontier.items():
            add(seen, state, trace)
        outcome = execute(run, body, turn(run.record.count(frontier)))
        frontier = {}
        for exit_ in (NORMAL, CONTINUE):
            for state, trace in outcome.pop(exit_, {}).items():
                if state not in seen:
                    add(frontier, state, trace)
        if BREAK in outcome:
            join(out, {NORMAL: outcome.pop(BREAK)})
        join(out, outcome)


def _for(run: Run, statement: For, states: States) -> Outcome:
    from leaklint.flow.statements import execute  # statements contain one another

    out: Outcome = {}
    ended: States = {}
    for before, value, so_far in _iterables(run, statement, states, out):
        _loop(run, statement, value, {before: so_far}, out, ended)
    join(out, execute(run, statement.orelse, ended))
    return out


def _iterables(run: Run, statement: For, states: States, out: Outcome) -> list[tuple[State, Value, Trace]]:
    return [
        result for state, trace in states.items() for result in evaluate(run, statement.iterable, state, trace, out)
    ]


def _loop(run: Run, statement: For, iterable: Value, states: States, out: Outcome, ended: States) -> None:
    first = True

    def turn(frontier: States) -> States:
        nonlocal first
        inner: States = {}
        for state, trace in frontier.items():
            found = state.reachable(iterable) if isinstance(iterable, (Box, Tuple)) else frozenset()
            throw(out, _iteration_hazards(run, statement, bool(state.reachable(iterable) and not found)), state, trace)
            owed = any(state.status(age).owed for age in found)
            if not (first and owed):
                add(ended, state, trace)
            if first or not found:
                add(inner, store(run, statement.target, inside(found, run), state), trace)
        first = False
        return inner

    _repeat(run, statement.body, states, turn, out)


def _iteration_hazards(run: Run, statement: For, over_handle: bool) -> list[tuple[str, Any]]:
    """Iterating over the handle or the result of a call may raise; over a name it does not."""
    if run.quiet == "final":
        return []
    node = statement.iterable.node
    if statement.asynchronous:
        return [(SOME_EXCEPTION, node), (CANCELLED, node)]
    lazy = isinstance(statement.iterable, Call) and run.call_may_raise(statement.iterable)
    return [(SOME_EXCEPTION, node)] if over_handle or lazy else []


LOOPS: dict[type[For | While], Callable[[Run, Any, States], Outcome]] = {For: _for, While: _while}
