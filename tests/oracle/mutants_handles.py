"""Wrong models of who holds and who releases, each put into the engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from leaklint.flow import (
    calls,
    expressions,
    leaks,
    managers,
    methods,
    passing,
    places,
    returning,
    statements,
    suspensions,
)
from leaklint.flow.exceptions import SOME_EXCEPTION
from leaklint.flow.program import Assign, Opaque, Place
from leaklint.flow.run import Run, throw
from leaklint.flow.state import State
from leaklint.flow.values import UNKNOWN
from leaklint.ownership import behaviour, caller

Patch = pytest.MonkeyPatch
EXECUTORS = statements.EXECUTORS


def failed_close_counts_as_open(patch: Patch) -> None:
    """A release that raised released nothing, and any release may raise."""
    original = calls.on_handle

    def on_handle(run: Run, call: Any, base: Any, name: str, values: Any, state: State, trace: Any, out: Any) -> Any:
        throw(out, [(SOME_EXCEPTION, call.node)], state, trace)
        return original(run, call, base, name, values, state, trace, out)

    patch.setattr(calls, "on_handle", on_handle)


def rebinding_ignored(patch: Patch) -> None:
    """A handle outlives its last name."""

    def rebind(self: State, path: str, value: Any) -> State:
        return self if self.reachable(self.get(path)) else self.set(path, value)

    patch.setattr(State, "rebind", rebind)


def aliases_ignored(patch: Patch) -> None:
    """`other = conn` gives the handle no second name."""
    original = EXECUTORS[Assign]

    def assign(run: Run, statement: Assign, states: Any) -> Any:
        if isinstance(statement.value, Place):
            statement = replace(statement, value=Opaque(statement.value.node, ()))
        return original(run, statement, states)

    patch.setitem(EXECUTORS, Assign, assign)


def failed_acquisition_owes(patch: Patch) -> None:
    """An acquisition that raised acquired all the same."""
    original = calls.acquire

    def acquire(run: Run, call: Any, state: State, trace: Any, out: Any, **now: Any) -> Any:
        results = original(run, call, state, trace, out, **now)
        for after, _, way in results:
            throw(out, [(SOME_EXCEPTION, call.node)], after, way)
        return results

    for module in (calls, statements):
        patch.setattr(module, "acquire", acquire)


def every_with_releases(patch: Patch) -> None:
    """`with` on any connection closes it."""
    original = managers._entered
    patch.setattr(managers, "_entered", lambda run, value, _, *rest: original(run, value, "releases", *rest))


def results_keep_nothing(patch: Patch) -> None:
    """What is returned is not handed over."""
    patch.setattr(leaks, "_given", lambda *_: False)


def nothing_escapes(patch: Patch) -> None:
    """What is stored elsewhere is not handed over."""
    for module in (places, passing, suspensions, expressions):
        patch.setattr(module, "escape", lambda state, _: state)


def closures_do_nothing(patch: Patch) -> None:
    """Calling a nested function does nothing to the variables around it."""
    patch.setattr(expressions, "inline", lambda *given: [(given[4], UNKNOWN, given[5])])


def slots_close(patch: Patch) -> None:
    """`close()` gives a pool slot back."""
    patch.setattr(methods, "blemish", lambda run_or_state, *rest: mark(run_or_state, *rest))


def mark(state: State, found: Any, flaw: str) -> State:
    for age in found if flaw == "closed" else ():
        state = state.mark(age, state.status(age)._replace(phase="released"))
    return state


def exits_come_back(patch: Patch) -> None:
    """`sys.exit()` returns."""
    for module in (caller, behaviour):
        patch.setattr(module, "NEVER_RETURN", frozenset())


def others_may_be_none(patch: Patch) -> None:
    """Another acquisition may yield None."""
    for module in (passing, returning):
        patch.setattr(module, "SOME", UNKNOWN)
