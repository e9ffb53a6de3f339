"""`with`: entering each manager in turn, and leaving them in reverse, whichever way the body is left."""

from __future__ import annotations

from typing import Literal, NamedTuple

from leaklint.flow import calm
from leaklint.flow.calls import acquire
from leaklint.flow.exceptions import CANCELLED, SOME_EXCEPTION, catches, without
from leaklint.flow.expressions import evaluate
from leaklint.flow.methods import blemish, closes_only, release
from leaklint.flow.places import bind, store
from leaklint.flow.program import Call, Item, Place, With
from leaklint.flow.resolver import Callee
from leaklint.flow.run import NORMAL, RESUMED, Exit, Outcome, Run, join, leave, through, throw
from leaklint.flow.state import State, States, Trace
from leaklint.flow.values import (
    SOME,
    UNKNOWN,
    Ages,
    Box,
    Derived,
    Handle,
    Inside,
    Manager,
    Object,
    Pending,
    Value,
)


class Entered(NamedTuple):
    """What leaving the manager does: release these handles, swallow these exceptions, or perhaps raise."""

    action: Literal["nothing", "release", "end", "closed", "flaw", "stack", "swallow", "unknown"] = "nothing"
    found: Ages = frozenset()
    box: str = ""
    types: tuple[str, ...] = ()


def run_with(run: Run, statement: With, states: States) -> Outcome:
    return _items(run, statement.items, statement, states)


def _items(run: Run, items: tuple[Item, ...], statement: With, states: States) -> Outcome:
    from leaklint.flow.statements import execute  # statements contain one another

    if not items:
        return execute(run, statement.body, states)
    out: Outcome = {}
    item, rest = items[0], items[1:]
    for state, trace in states.items():
        for before, value, so_far in evaluate(run, item.value, state, trace, out):
            for after, bound, entered, way in _enter(run, item, value, statement, before, so_far, out):
                if item.target is not None:
                    after = store(run, item.target, bound, after)
                inner = _items(run, rest, statement, {after: way})
                join(out, through(inner, lambda e, s, t, how=entered: _leave(run, item, statement, how, e, s, t)))  # type: ignore[misc]  # the default binds this turn's value
    return out


Entry = tuple[State, Value, Entered, Trace]


def _enter(
    run: Run, item: Item, value: Value, statement: With, state: State, trace: Trace, out: Outcome
) -> list[Entry]:
    resource = run.acquired.resource
    match value:
        case Pending():
            assert run.site is not None
            return [
                _entered(run, handle, resource.entered, after, way)
                for after, handle, way in acquire(run, run.site, state, trace, out, now=True)
            ]
        case Handle(_, awaited):
            made = awaited and (resource.awaiting != "no" or "()" in resource.same)
            how = resource.entered_awaited if made else resource.entered
            return [_entered(run, value, how, state, trace)]
        case Inside():
            return [_entered(run, value, resource.entered, state, trace)]
        case Manager("closing" | "lends" | "ends" as kind, inner):
            found = state.reachable(inner)
            action = "closed" if kind == "closing" and closes_only(run) else "release"
            if kind == "ends":
                action = "end"
            return [(bind(state, found), inner, Entered(action, found), trace)]  # type: ignore[arg-type]  # one of them
        case Object(_, _, _, _, True):
            return [(state, value, Entered("release", state.reachable(value)), trace)]
        case Manager("null", inner):
            return [(bind(state, state.reachable(inner)), inner, Entered(), trace)]
        case Manager("suppress", _, types):
            return [(state, UNKNOWN, Entered("swallow", types=types), trace)]
        case Box(name, True):
            return [(state, value, Entered("stack", box=name), trace)]
        case Derived():
            return [(state, value, Entered(), trace)]
        case _:
            return [_unknown(run, item, statement, state, trace, out)]


def _entered(run: Run, value: Value, how: str, state: State, trace: Trace) -> Entry:
    found = state.reachable(value)
    state = bind(state, found)
    return state, value, Entered("release" if how == "releases" else "flaw", found), trace


def _unknown(run: Run, item: Item, statement: With, state: State, trace: Trace, out: Outcome) -> Entry:
    """Somebody else's manager: entering and leaving it may raise, unless it is a lock or a helper of `contextlib`."""
    expr = item.value
    callee = run.resolver.callee(expr) if isinstance(expr, Call) else None
    path = (
        expr.path
        if isinstance(expr, Place)
        else expr.func.path
        if isinstance(expr, Call) and isinstance(expr.func, Place)
        else ""
    )
    swallows = Entered("swallow", types=("Exception",)) if callee is not None and callee.swallows else None
    plain = callee is not None and (callee.calm or callee.qualified in calm.FUNCTIONS)
    if plain or calm.LOCK.search(path) or run.quiet == "final":
        if statement.asynchronous and run.quiet != "final":
            throw(out, [(CANCELLED, item.node)], state, trace)
        return state, _bound(callee), swallows or Entered(), trace
    hazards = [(SOME_EXCEPTION, item.node)] + ([(CANCELLED, item.node)] if statement.asynchronous else [])
    throw(out, hazards, state, trace)
    return state, _bound(callee), swallows or Entered("unknown"), trace


def _bound(callee: Callee | None) -> Value:
    """What an acquisition that is not the site yields when it is entered: some object."""
    known = callee is not None and callee.acquired is not None and not callee.acquired.maybe
    return SOME if known else UNKNOWN


def _leave(run: Run, item: Item, statement: With, entered: Entered, exit_: Exit, state: State, trace: Trace) -> Outcome:
    """Leaving one manager while the block is left by `exit_`; NORMAL: that way out goes on."""
    out: Outcome = {}
    match entered.action:
        case "release":
            leave(out, NORMAL, release(run, state, entered.found), trace)
        case "end":
            leave(out, NORMAL, state if exit_.kind == "raise" else release(run, state, entered.found), trace)
        case "closed":
            leave(out, NORMAL, blemish(state, entered.found, "closed"), trace.then("closed", item.node))
        case "flaw":
            after = blemish(state, entered.found, "with")
            leave(out, NORMAL, after, trace if after == state else trace.then("with", item.node))
        case "stack":
            held = state.reachable(state.get(entered.box))
            leave(out, NORMAL, release(run, state, held) if held else state, trace)
        case "swallow" if exit_.kind == "raise":
            verdict = catches(entered.types, exit_.exception, run.resolver.lineage)
            if verdict != "no":
                swallowed = trace.then("swallowed", item.node, exit_.exception)._replace(origins=frozenset())
                leave(out, RESUMED, state, swallowed)
            if verdict != "yes":
                leave(out, Exit("raise", without(exit_.exception, entered.types)), state, trace)
        case "unknown" if exit_.kind != "raise":
            throw(out, [(SOME_EXCEPTION, item.node)], state, trace)
            leave(out, NORMAL, state, trace)
        case _:
            leave(out, NORMAL, state, trace)
    return out
