"""Wrong models of how Python moves, each put into the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from leaklint.flow import (
    calls,
    cases,
    closures,
    conditions,
    expressions,
    handlers,
    loops,
    managers,
    methods,
    passing,
    statements,
    suspensions,
)
from leaklint.flow.exceptions import CANCELLED
from leaklint.flow.program import For, If, Match, Try, While, With
from leaklint.flow.run import BREAK, CONTINUE, NORMAL, Run, join, leave, throw
from leaklint.flow.state import State

Patch = pytest.MonkeyPatch
EXECUTORS = statements.EXECUTORS


def merged_finally(patch: Patch) -> None:
    """One run of `finally` for all ways out: what was known on one is known on all."""

    def through(outcome: Any, cleanup: Any) -> Any:
        every: Any = {}
        for states in outcome.values():
            join(every, {NORMAL: states})
        result: Any = {}
        for exit_ in outcome:
            for state, trace in every.get(NORMAL, {}).items():
                for after, cleaned in cleanup(exit_, state, trace).items():
                    join(result, {exit_ if after.kind == "normal" else after: cleaned})
        return result

    patch.setattr(handlers, "through", through)


def else_guarded(patch: Patch) -> None:
    """The handlers catch what `else` raises."""
    original = EXECUTORS[Try]

    def run_try(run: Run, statement: Try, states: Any) -> Any:
        return original(run, replace(statement, body=statement.body + statement.orelse, orelse=()), states)

    patch.setitem(EXECUTORS, Try, run_try)


def exception_catches_everything(patch: Patch) -> None:
    """`except Exception` stops `CancelledError` and `GeneratorExit` too."""
    original = handlers.catches

    def catches(types: Any, raised: str, *rest: Any) -> Any:
        return "yes" if types is not None and "Exception" in types else original(types, raised, *rest)

    patch.setattr(handlers, "catches", catches)


def typed_handlers_complete(patch: Patch) -> None:
    """Any `except` catches any exception."""
    patch.setattr(handlers, "catches", lambda *_: "yes")


def exception_incomplete(patch: Patch) -> None:
    """`except Exception` may let an unknown exception pass."""
    original = handlers.catches

    def catches(types: Any, raised: str, *rest: Any) -> Any:
        return "maybe" if types is not None and "Exception" in types else original(types, raised, *rest)

    patch.setattr(handlers, "catches", catches)


def guards_ignored(patch: Patch) -> None:
    """Conditions tell nothing."""

    def branch(run: Run, test: Any, state: State, trace: Any, out: Any) -> Any:
        ways = [(after, way) for after, _, way in expressions.evaluate(run, test, state, trace, out)]
        return ways, list(ways)

    for module in (statements, loops, cases):
        patch.setattr(module, "branch", branch)


def items_reversed(patch: Patch) -> None:
    """The second item of a `with` is entered before the first."""
    original = EXECUTORS[With]

    def run_with(run: Run, statement: With, states: Any) -> Any:
        return original(run, replace(statement, items=statement.items[::-1]), states)

    patch.setitem(EXECUTORS, With, run_with)


def skipping(*skipped: Any) -> Callable[[Patch], None]:
    def mutate(patch: Patch) -> None:
        original = handlers.through

        def through(outcome: Any, cleanup: Any) -> Any:
            past = {exit_: states for exit_, states in outcome.items() if exit_ in skipped}
            result = original({e: s for e, s in outcome.items() if e not in skipped}, cleanup)
            join(result, past)
            return result

        patch.setattr(handlers, "through", through)

    return mutate


def pending_exit_wins(patch: Patch) -> None:
    """`return` in `finally` does not replace the exception under way."""
    original = handlers.through

    def through(outcome: Any, cleanup: Any) -> Any:
        def tame(exit_: Any, state: State, trace: Any) -> Any:
            merged: Any = {}
            for states in cleanup(exit_, state, trace).values():
                join(merged, {NORMAL: states})
            return merged

        return original(outcome, tame)

    patch.setattr(handlers, "through", through)


def release_in_one_branch(patch: Patch) -> None:
    """What is released in one branch is released in both."""
    original = EXECUTORS[If]

    def run_if(run: Run, statement: If, states: Any) -> Any:
        out = original(run, statement, states)
        ends = out.get(NORMAL, {})
        if any(state.new.phase == "released" for state in ends):
            out[NORMAL] = {methods.release(run, state, frozenset({"new"})): trace for state, trace in ends.items()}
        return out

    patch.setitem(EXECUTORS, If, run_if)


def loops_run_once(patch: Patch) -> None:
    """The body of a loop runs one time at most."""

    def repeat(run: Run, body: Any, states: Any, turn: Any, out: Any, ended: Any) -> None:
        outcome = statements.execute(run, body, turn(dict(states)))
        for exit_ in (NORMAL, CONTINUE):
            for state, trace in outcome.pop(exit_, {}).items():
                ended.setdefault(state, trace)
        if BREAK in outcome:
            join(out, {NORMAL: outcome.pop(BREAK)})
        join(out, outcome)

    patch.setattr(loops, "_repeat", repeat)


def suppress_ignored(patch: Patch) -> None:
    """`suppress` swallows nothing."""
    original = managers._leave

    def leave_manager(run: Run, item: Any, statement: Any, entered: Any, exit_: Any, state: State, trace: Any) -> Any:
        if entered.action == "swallow":
            return {NORMAL: {state: trace}}
        return original(run, item, statement, entered, exit_, state, trace)

    patch.setattr(managers, "_leave", leave_manager)


def await_not_cancelled(patch: Patch) -> None:
    """Nothing cancels an `await`."""

    def calmer(out: Any, hazards: Any, state: State, trace: Any) -> None:
        throw(out, [hazard for hazard in hazards if hazard[0] != CANCELLED], state, trace)

    for module in (expressions, calls, closures, loops, managers, passing, statements, suspensions):
        patch.setattr(module, "throw", calmer)


def generators_always_resumed(patch: Patch) -> None:
    """Nobody abandons a generator or throws into it."""
    patch.setattr(Run, "thrown_at_yield", lambda _: ())


def cleanup_raises_again(patch: Patch) -> None:
    """Clean-up raises a second exception while one is under way."""
    patch.setattr(Run, "during", lambda self, _, handling="": replace(self, handling=handling or self.handling))


def for_has_no_else(patch: Patch) -> None:
    """The `else` of a `for` never runs."""
    original = EXECUTORS[For]
    patch.setitem(EXECUTORS, For, lambda run, statement, states: original(run, replace(statement, orelse=()), states))


def else_after_break(patch: Patch) -> None:
    """The `else` of a loop runs after `break` too."""
    original = EXECUTORS[While]

    def run_while(run: Run, statement: While, states: Any) -> Any:
        out = original(run, replace(statement, orelse=()), states)
        join(out, statements.execute(run, statement.orelse, out.pop(NORMAL, {})))
        return out

    patch.setitem(EXECUTORS, While, run_while)


def first_case_always(patch: Patch) -> None:
    """The first case of a `match` matches."""
    original = EXECUTORS[Match]

    def run_match(run: Run, statement: Match, states: Any) -> Any:
        first = replace(statement.cases[0], test=None, guard=None)
        return original(run, replace(statement, cases=(first,)), states)

    patch.setitem(EXECUTORS, Match, run_match)


def raise_does_nothing(patch: Patch) -> None:
    """`raise` raises nothing."""

    def run_raise(*given: Any) -> Any:
        states, out = given[2], dict[Any, Any]()
        for state, trace in states.items():
            leave(out, NORMAL, state, trace)
        return out

    patch.setitem(EXECUTORS, statements.Raise, run_raise)


def conditions_decide_nothing(patch: Patch) -> None:
    """What a condition told of a name is forgotten at once."""
    patch.setattr(conditions, "_narrow", lambda *given: given[2])
