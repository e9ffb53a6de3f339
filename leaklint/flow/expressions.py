"""Evaluating expressions, in Python's order: every way to a value, and every exception on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from leaklint.flow.calls import apply, bound_receiver, element_of
from leaklint.flow.closures import inline
from leaklint.flow.conditions import branch, outcomes
from leaklint.flow.methods import can_release
from leaklint.flow.places import bind, escape, inside, lend, put, read, store
from leaklint.flow.program import (
    Attribute,
    Await,
    Bind,
    BoolOp,
    Call,
    Closure,
    Compare,
    Comprehension,
    Conditional,
    Const,
    Display,
    Expr,
    Not,
    Opaque,
    Place,
    Starred,
    Subscript,
    Yield,
)
from leaklint.flow.returning import made_by
from leaklint.flow.run import NORMAL, Outcome, Result, Run, leave, throw
from leaklint.flow.state import BOX, RETURNED, State, Trace
from leaklint.flow.suspensions import run_await, run_yield
from leaklint.flow.values import (
    UNKNOWN,
    Ages,
    Bound,
    Box,
    Derived,
    Function,
    Handle,
    Inside,
    Manager,
    Object,
    Releasing,
    Taken,
    Tuple,
    Unknown,
    Value,
    known,
    truth,
)


def evaluate(run: Run, expr: Expr, state: State, trace: Trace, out: Outcome) -> list[Result]:
    """Every way in which evaluating the expression ends; exceptions go to `out`."""
    if isinstance(expr, Const):
        return [(state, known(expr.value), trace)]
    if not run.matters(expr, state):
        return _irrelevant(run, expr, state, trace, out)
    return EVALUATORS[type(expr)](run, expr, state, trace, out)


def _irrelevant(run: Run, expr: Expr, state: State, trace: Trace, out: Outcome) -> list[Result]:
    """Nothing tracked is in it: only its exceptions count."""
    throw(out, run.hazards(expr), state, trace)
    if isinstance(expr, (Call, Await)):
        return [(state, _at_sight(run, expr), trace)]
    if isinstance(expr, Display) and expr.kind == "tuple" and not any(isinstance(e, Starred) for e in expr.elements):
        return [(state, Tuple(tuple(_at_sight(run, element) for element in expr.elements)), trace)]
    return [(state, Function(expr.procedure) if isinstance(expr, Closure) else UNKNOWN, trace)]


def _at_sight(run: Run, expr: Expr) -> Value:
    """What an expression with nothing tracked in it yields, as far as its form tells."""
    if isinstance(expr, Const):
        return known(expr.value)
    if isinstance(expr, Await):
        return _at_sight(run, expr.value)
    if isinstance(expr, Call) and expr.method in {"wait_for", "shield"} and expr.args:
        return _at_sight(run, expr.args[0].value)
    return made_by(run.resolver.callee(expr)) if isinstance(expr, Call) else UNKNOWN


def operands(
    run: Run, exprs: Sequence[Expr], state: State, trace: Trace, out: Outcome
) -> list[tuple[State, list[Value], Trace]]:
    """Evaluate one after the other."""
    ways: list[tuple[State, list[Value], Trace]] = [(state, [], trace)]
    for expr in exprs:
        ways = [
            (after, [*values, value], way)
            for before, values, so_far in ways
            for after, value, way in evaluate(run, expr, before, so_far, out)
        ]
    return ways


def _place(run: Run, expr: Place, state: State, trace: Trace, out: Outcome) -> list[Result]:
    value = read(state, expr.path)
    if isinstance(value, Unknown):
        base, _, name = expr.path.rpartition(".")
        held = read(state, base) if base else UNKNOWN
        if state.reachable(held):
            return [(state, _member(run, held, name, state), trace)]
    return [(state, value, trace)]


def _member(run: Run, base: Value, name: str, state: State) -> Value:
    """An attribute of something tracked: a method that releases, a part of a local object; all others hold nothing."""
    if isinstance(base, (Box, Manager)):
        return inside(state.reachable(base), run) if isinstance(base, Box) and not base.stack else Bound(base, name)
    if isinstance(base, Object) and name == base.field:
        return inside(state.reachable(base), run)
    if isinstance(base, (Handle, Inside)) and name in run.acquired.fields:
        return base
    bound = Bound(base, name)
    return bound if can_release(run, bound) else UNKNOWN


def _attribute(run: Run, expr: Attribute, state: State, trace: Trace, out: Outcome) -> list[Result]:
    results: list[Result] = []
    for after, base, way in evaluate(run, expr.base, state, trace, out):
        match base:
            case Derived(age) if expr.name == "connection":
                results.append((after, Handle(age), way))
            case Handle() | Inside() | Box() | Object() | Bound():
                results.append((after, _member(run, base, expr.name, after), way))
            case _:
                results.append((after, UNKNOWN, way))
    return results


def _subscript(run: Run, expr: Subscript, state: State, trace: Trace, out: Outcome) -> list[Result]:
    results: list[Result] = []
    for after, (base, _), way in operands(run, (expr.base, expr.index), state, trace, out):
        if isinstance(base, Tuple) and isinstance(expr.index, Const) and isinstance(expr.index.value, int):
            position = expr.index.value
            value = base.items[position] if -len(base.items) <= position < len(base.items) else UNKNOWN
            results.append((after, value, way))
            continue
        if not isinstance(base, (Box, Tuple)):
            throw(out, [(exception, expr.node) for exception in run.raised_by(expr)], after, way)
        results.append((after, element_of(run, base, after), way))
    return results


def _call(run: Run, call: Call, state: State, trace: Trace, out: Outcome) -> list[Result]:
    results: list[Result] = []
    for before, func, so_far in _callee(run, call, state, trace, out):
        for after, values, way in operands(run, [argument.value for argument in call.args], before, so_far, out):
            if isinstance(func, Function) and call is not run.site:
                results += inline(run, call, func, values, after, way, out)
            else:
                results += apply(run, call, func, values, after, way, out)
    return results


def _callee(run: Run, call: Call, state: State, trace: Trace, out: Outcome) -> list[Result]:
    if isinstance(call.func, Place):
        return [(state, bound_receiver(run, call, state), trace)]
    if isinstance(call.func, Attribute):
        return [
            (after, Bound(base, call.func.name) if after.reachable(base) or isinstance(base, Derived) else UNKNOWN, way)
            for after, base, way in evaluate(run, call.func.base, state, trace, out)
        ]
    return evaluate(run, call.func, state, trace, out)


def _bool_op(run: Run, expr: BoolOp, state: State, trace: Trace, out: Outcome) -> list[Result]:
    results: list[Result] = []
    for after, value, way in _with_truth(run, expr.left, state, trace, out):
        decided = truth(value)
        stops = decided is (expr.op == "or")
        if decided is None or stops:
            results.append((after, value, way))
        if not stops:
            results += evaluate(run, expr.right, after, way, out)
    return results


def _with_truth(run: Run, expr: Expr, state: State, trace: Trace, out: Outcome) -> list[Result]:
    """Evaluate an operand; where it is a condition on something tracked, once for each outcome."""
    if isinstance(expr, (Place, Compare, Not)) and run.matters(expr, state):
        true, false = branch(run, expr, state, trace, out)
        if isinstance(expr, Place):
            return [(s, read(s, expr.path), t) for s, t in (*true, *false)]
        return outcomes(true, false)
    return evaluate(run, expr, state, trace, out)


def _test(run: Run, expr: Compare | Not, state: State, trace: Trace, out: Outcome) -> list[Result]:
    return outcomes(*branch(run, expr, state, trace, out))


def _conditional(run: Run, expr: Conditional, state: State, trace: Trace, out: Outcome) -> list[Result]:
    true, false = branch(run, expr.test, state, trace, out)
    return [r for s, t in true for r in evaluate(run, expr.body, s, t, out)] + [
        r for s, t in false for r in evaluate(run, expr.orelse, s, t, out)
    ]


def _display(run: Run, expr: Display, state: State, trace: Trace, out: Outcome) -> list[Result]:
    results: list[Result] = []
    for after, values, way in operands(run, expr.elements, state, trace, out):
        starred = any(isinstance(element, Starred) for element in expr.elements)
        if expr.kind == "tuple" and not starred:
            results.append((after, Tuple(tuple(values)), way))
            continue
        found: Ages = frozenset(age for value in values for age in after.reachable(value))
        box = Box(f"{BOX} {expr.kind} {id_in(run, expr)}>")
        results.append((put(after, box, found), box, way) if found else (after, UNKNOWN, way))
    return results


def id_in(run: Run, expr: Expr) -> str:
    """A name for an object made here, the same whenever the expression is reached in one run."""
    names = run.record.names
    return str(names.setdefault(expr, len(names)))


def _bind(run: Run, expr: Bind, state: State, trace: Trace, out: Outcome) -> list[Result]:
    return [
        (store(run, expr.target, value, after), value, way)
        for after, value, way in evaluate(run, expr.value, state, trace, out)
    ]


def _comprehension(run: Run, expr: Comprehension, state: State, trace: Trace, out: Outcome) -> list[Result]:
    from leaklint.flow.statements import execute  # statements and expressions contain one another

    results: list[Result] = []
    outcome = execute(run, (expr.loop,), {state: trace})
    for exit_, states in outcome.items():
        for after, way in states.items():
            if exit_ == NORMAL:
                results.append((after, read(after, expr.box.path), way))
            else:
                leave(out, exit_, after, way)
    return results


def _opaque(run: Run, expr: Opaque, state: State, trace: Trace, out: Outcome) -> list[Result]:
    results: list[Result] = []
    for after, _, way in operands(run, expr.operands, state, trace, out):
        throw(out, [(exception, expr.node) for exception in run.raised_by(expr)], after, way)
        results.append((after, UNKNOWN, way))
    return results


def _starred(run: Run, expr: Starred, state: State, trace: Trace, out: Outcome) -> list[Result]:
    return evaluate(run, expr.value, state, trace, out)


def _closure(run: Run, expr: Closure, state: State, trace: Trace, out: Outcome) -> list[Result]:
    return [(state, Function(expr.procedure), trace)]


def returned(run: Run, value: Value, state: State) -> State:
    """The state in which the function returns the value."""
    if isinstance(value, Taken):
        state = lend(state, value.ages, 2)
    found = state.reachable(value)
    if isinstance(value, Releasing) or (isinstance(value, (Bound, Function)) and can_release(run, value)):
        state = escape(state, found)
    if isinstance(value, Bound) and not isinstance(value.base, Handle | Inside):
        state = escape(state, found)
    return bind(state.set(RETURNED, value), found) if found else state.set(RETURNED, value)


EVALUATORS: dict[type[Expr], Callable[[Run, Any, State, Trace, Outcome], list[Result]]] = {
    Place: _place,
    Attribute: _attribute,
    Subscript: _subscript,
    Call: _call,
    Await: run_await,
    Yield: run_yield,
    BoolOp: _bool_op,
    Not: _test,
    Compare: _test,
    Conditional: _conditional,
    Display: _display,
    Bind: _bind,
    Comprehension: _comprehension,
    Opaque: _opaque,
    Starred: _starred,
    Closure: _closure,
}
