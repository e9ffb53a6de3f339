"""Executing statements: states in, states out by way of leaving. Python's control flow, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leaklint.flow.calls import acquire
from leaklint.flow.cases import run_match
from leaklint.flow.conditions import branch, outcomes
from leaklint.flow.exceptions import SOME_EXCEPTION
from leaklint.flow.expressions import evaluate, returned
from leaklint.flow.handlers import run_try
from leaklint.flow.loops import run_loop
from leaklint.flow.managers import run_with
from leaklint.flow.places import put, store
from leaklint.flow.program import (
    Append,
    Assert,
    Assign,
    Augment,
    Block,
    BoolOp,
    Call,
    Compare,
    Const,
    Delete,
    Display,
    Evaluate,
    Expr,
    For,
    If,
    Import,
    Jump,
    Match,
    Not,
    Place,
    Raise,
    Return,
    Stmt,
    Subscript,
    Try,
    While,
    With,
)
from leaklint.flow.run import BREAK, CONTINUE, NORMAL, RETURN, Exit, Outcome, Result, Run, join, leave, throw
from leaklint.flow.state import BOX, State, States, Trace, add
from leaklint.flow.values import NONE, UNKNOWN, Box, Pending, Tuple, Value


def execute(run: Run, block: Block, states: States) -> Outcome:
    """Run the statements one after the other on every state."""
    out: Outcome = {}
    for statement in block:
        if not states:
            break
        states = run.record.count(states)
        outcome = EXECUTORS[type(statement)](run, statement, states)
        states = outcome.pop(NORMAL, {})
        join(out, outcome)
    if states:
        join(out, {NORMAL: states})
    return out


def _evaluate(run: Run, statement: Evaluate, states: States) -> Outcome:
    out: Outcome = {}
    for state, trace in states.items():
        for after, _, way in evaluate(run, statement.value, state, trace, out):
            leave(out, NORMAL, after, way)
    return out


def _assign(run: Run, statement: Assign, states: States) -> Outcome:
    out: Outcome = {}
    for state, trace in states.items():
        for before, value, so_far in _valued(run, statement, state, trace, out):
            after = before
            for target in statement.targets:
                after = _stored(run, target, value, after, so_far, out)
                if isinstance(target, Display) and not isinstance(statement.value, Display) and run.quiet != "final":
                    unpacked = [] if isinstance(value, Tuple) else [(SOME_EXCEPTION, target.node)]
                    throw(out, unpacked, after, so_far)
            lost = (after.new.lost and not before.new.lost) or (after.old.lost and not before.old.lost)
            way = so_far.then("rebound", statement.node) if lost else so_far
            leave(out, NORMAL, after, way)
    return out


def _valued(run: Run, statement: Assign, state: State, trace: Trace, out: Outcome) -> list[tuple[State, Value, Trace]]:
    """The value; a condition stored in a name that is tested later is remembered with what it told."""
    names = [target.path for target in statement.targets if isinstance(target, Place)]
    first = statement.value.left if isinstance(statement.value, BoolOp) else statement.value
    if isinstance(first, (Compare, Not)) and any(name in run.tracked for name in names):
        return outcomes(*branch(run, statement.value, state, trace, out))
    return evaluate(run, statement.value, state, trace, out)


def _stored(run: Run, target: Expr, value: Value, state: State, trace: Trace, out: Outcome) -> State:
    """Store; a store through a call or subscript may raise, after which the value counts as stored."""
    after = store(run, target, value, state)
    if not isinstance(target, Place):
        throw(out, [] if run.quiet == "final" else run.hazards(target), after, trace)
    elif run.raises_all and "." in target.path:
        throw(out, [(SOME_EXCEPTION, target.node)], after, trace)
    return after


def _append(run: Run, statement: Append, states: States) -> Outcome:
    out: Outcome = {}
    box = Box(f"{BOX} {statement.box.path}>")
    for state, trace in states.items():
        for after, value, way in evaluate(run, statement.value, state, trace, out):
            if isinstance(value, Pending) and run.site is not None:
                for owing, handle, gone in acquire(run, run.site, after, way, out, now=True):
                    filled = put(owing.set(statement.box.path, box), box, owing.reachable(handle))
                    leave(out, NORMAL, filled, gone)
                continue
            found = after.reachable(value)
            if found:
                after = put(after.set(statement.box.path, box), box, found)
            leave(out, NORMAL, after, way)
    return out


def _augment(run: Run, statement: Augment, states: States) -> Outcome:
    out: Outcome = {}
    for state, trace in states.items():
        for after, value, way in evaluate(run, statement.value, state, trace, out):
            if isinstance(statement.target, Place):
                if after.reachable(value):
                    after = store(run, _element(statement.target), value, after)
                elif statement.target.path in run.tracked:
                    after = after.set(statement.target.path, UNKNOWN)
            elif run.quiet != "final":
                throw(out, run.hazards(statement.target), after, way)
            leave(out, NORMAL, after, way)
    return out


def _element(target: Place) -> Expr:
    return Subscript(target.node, target, Const(target.node, 0))


def _delete(run: Run, statement: Delete, states: States) -> Outcome:
    out: Outcome = {}
    for state, trace in states.items():
        after = state
        for target in statement.targets:
            if isinstance(target, Place):
                after = after.rebind(target.path, UNKNOWN)
            else:
                throw(out, [] if run.quiet == "final" else run.hazards(target), after, trace)
        lost = after.new.lost and not state.new.lost
        leave(out, NORMAL, after, trace.then("rebound", statement.node) if lost else trace)
    return out


def _return(run: Run, statement: Return, states: States) -> Outcome:
    out: Outcome = {}
    for state, trace in states.items():
        ways: list[Result] = [(state, NONE, trace)]
        if statement.value is not None:
            ways = evaluate(run, statement.value, state, trace, out)
        for after, value, way in ways:
            leave(out, RETURN, returned(run, value, after), way.then("returns", statement.node))
    return out


def _raise(run: Run, statement: Raise, states: States) -> Outcome:
    out: Outcome = {}
    for state, trace in states.items():
        if statement.value is None:
            leave(out, Exit("raise", run.handling), state, trace.then("reraises", statement.node))
            continue
        for after, _, way in evaluate(run.during("final"), statement.value, state, trace, out):
            leave(out, Exit("raise", _raised(run, statement.value)), after, way.then("raise", statement.node))
    return out


def _raised(run: Run, value: Expr) -> str:
    """The class that `raise value` raises, as it is spelled."""
    func = value.func if isinstance(value, Call) else value
    if isinstance(func, Place):
        name = func.path.rpartition(".")[2]
        return func.path if name[:1].isupper() else run.handling if func.path in run.locals else SOME_EXCEPTION
    return SOME_EXCEPTION


def _assert(run: Run, statement: Assert, states: States) -> Outcome:
    out: Outcome = {}
    for state, trace in states.items():
        true, false = branch(run, statement.test, state, trace, out)
        for after, way in true:
            leave(out, NORMAL, after, way)
        for after, way in false:
            leave(out, Exit("raise", "AssertionError"), after, way.then("raise", statement.node))
    return out


def _import(run: Run, statement: Import, states: States) -> Outcome:
    out: Outcome = {}
    for state, trace in states.items():
        if run.quiet != "final":
            throw(out, [("ImportError", statement.node)], state, trace)
        leave(out, NORMAL, state, trace)
    return out


def _jump(run: Run, statement: Jump, states: States) -> Outcome:
    del run
    return {BREAK if statement.kind == "break" else CONTINUE: dict(states)}


def _if(run: Run, statement: If, states: States) -> Outcome:
    """An `elif` ladder is taken rung by rung, not one inside the other."""
    out: Outcome = {}
    while True:
        yes, states = _split(run, statement, states, out)
        join(out, execute(run, statement.body, yes))
        rest = statement.orelse
        if len(rest) != 1 or not isinstance(rest[0], If):
            join(out, execute(run, rest, states))
            return out
        statement = rest[0]
        states = run.record.count(states)


def _split(run: Run, statement: If, states: States, out: Outcome) -> tuple[States, States]:
    yes: States = {}
    no: States = {}
    for state, trace in states.items():
        true, false = branch(run, statement.test, state, trace, out)
        forks = bool(true and false) and (state.new.owed or state.old.owed)
        for target, ways, kind in ((yes, true, "true"), (no, false, "false")):
            for after, way in ways:
                add(target, after, way.then(kind, statement.test.node) if forks else way)
    return yes, no


EXECUTORS: dict[type[Stmt], Callable[[Run, Any, States], Outcome]] = {
    Evaluate: _evaluate,
    Append: _append,
    Assign: _assign,
    Augment: _augment,
    Delete: _delete,
    Return: _return,
    Raise: _raise,
    Assert: _assert,
    Import: _import,
    Jump: _jump,
    If: _if,
    While: run_loop,
    For: run_loop,
    Try: run_try,
    With: run_with,
    Match: run_match,
}
