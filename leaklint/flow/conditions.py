"""Conditions: the states in which one holds and those in which it does not, each with what that tells."""

from __future__ import annotations

from leaklint.flow.places import read
from leaklint.flow.program import BoolOp, Call, Compare, Conditional, Const, Expr, Not, Place
from leaklint.flow.run import Outcome, Result, Run
from leaklint.flow.state import State, Trace
from leaklint.flow.values import (
    FALSE,
    FALSY,
    NONE,
    TRUE,
    TRUTHY,
    Box,
    Differs,
    Falsy,
    Handle,
    Inside,
    Known,
    Truthy,
    Unknown,
    Value,
    is_none,
    truth,
)

Ways = list[tuple[State, Trace]]
Split = tuple[Ways, Ways]

ENDED = frozenset({"closed", "is_closed", "_closed"})
ALIVE = frozenset({"is_connected", "open", "is_open", "is_valid", "connected"})


def branch(run: Run, test: Expr, state: State, trace: Trace, out: Outcome) -> Split:
    """The ways in which `test` turns out true, and those in which it turns out false."""
    match test:
        case Not(value=value):
            true, false = branch(run, value, state, trace, out)
            return false, true
        case BoolOp():
            return _bool_op(run, test, state, trace, out)
        case Compare():
            return _compare(run, test, state, trace, out)
        case Conditional() if run.matters(test, state):
            return _conditional(run, test, state, trace, out)
        case Place():
            return _truth_of_place(run, test, state, trace)
        case Call() if run.matters(test, state):
            special = _called(run, test, state, trace)
            if special is not None:
                return special
        case _:
            pass
    return _by_value(_evaluate(run, test, state, trace, out))


def outcomes(true: Ways, false: Ways) -> list[Result]:
    """Both outcomes of a condition, as the values it has."""
    yes: list[Result] = [(state, TRUE, trace) for state, trace in true]
    return yes + [(state, FALSE, trace) for state, trace in false]


def _evaluate(run: Run, test: Expr, state: State, trace: Trace, out: Outcome) -> list[Result]:
    from leaklint.flow.expressions import evaluate  # conditions and expressions contain one another

    return evaluate(run, test, state, trace, out)


def _by_value(results: list[Result]) -> Split:
    true: Ways = []
    false: Ways = []
    for state, value, trace in results:
        decided = truth(value)
        if decided is not False:
            true.append((state, trace))
        if decided is not True:
            false.append((state, trace))
    return true, false


def _bool_op(run: Run, test: BoolOp, state: State, trace: Trace, out: Outcome) -> Split:
    true, false = branch(run, test.left, state, trace, out)
    open_, decided = (true, false) if test.op == "and" else (false, true)
    more_true: Ways = []
    more_false: Ways = []
    for after, way in open_:
        right_true, right_false = branch(run, test.right, after, way, out)
        more_true += right_true
        more_false += right_false
    return (more_true, decided + more_false) if test.op == "and" else (decided + more_true, more_false)


def _conditional(run: Run, test: Conditional, state: State, trace: Trace, out: Outcome) -> Split:
    true: Ways = []
    false: Ways = []
    chosen, other = branch(run, test.test, state, trace, out)
    for ways, expr in ((chosen, test.body), (other, test.orelse)):
        for after, way in ways:
            more_true, more_false = branch(run, expr, after, way, out)
            true += more_true
            false += more_false
    return true, false


def _narrow(run: Run, path: str, state: State, value: Value) -> State:
    """Remember what a condition told of a place, if that is of use."""
    if path in run.tracked and isinstance(state.get(path), (Unknown, Truthy, Falsy, Differs)):
        return state.set(path, value)
    return state


def _truth_of_place(run: Run, test: Place, state: State, trace: Trace) -> Split:
    base, _, name = test.path.rpartition(".")
    if name in ENDED | ALIVE and base:
        held = read(state, base)
        if isinstance(held, (Handle, Inside)):
            return _ended(run, held, state, trace, name)
    value = read(state, test.path)
    if isinstance(value, Box) and state.reachable(value):
        return [(state, trace)], []
    decided = truth(value)
    true = [] if decided is False else [(_narrow(run, test.path, state, TRUTHY), trace)]
    false = [] if decided is True else [(_narrow(run, test.path, state, FALSY), trace)]
    return true, false


def _ended(run: Run, held: Handle | Inside, state: State, trace: Trace, name: str) -> Split:
    """`conn.closed`: a connection that says so owes nothing, unless it is a pool's, whose slot may still be taken."""
    closed = state
    resource = run.acquired.resource
    if not resource.pooled or name in resource.tells:
        found = [held.age] if isinstance(held, Handle) else list(held.ages)
        for age in found:
            status = state.status(age)
            if status.owed:
                closed = closed.mark(age, status._replace(phase="released"))
    ended, alive = [(closed, trace)], [(state, trace)]
    return (ended, alive) if name in ENDED else (alive, ended)


def _called(run: Run, test: Call, state: State, trace: Trace) -> Split | None:
    """Calls that ask about a place: `isinstance(x, …)`, `hasattr(x, …)`, `x.is_closed()`, `x.closed()`."""
    if isinstance(test.func, Place):
        base, _, name = test.func.path.rpartition(".")
        held = read(state, base) if base else None
        if isinstance(held, (Handle, Inside)) and name in ENDED | ALIVE:
            return _ended(run, held, state, trace, name)
        subject = test.args[0].value if test.args else None
        if name in {"isinstance", "hasattr", "callable", "bool"} and isinstance(subject, Place):
            value = read(state, subject.path)
            if isinstance(value, Handle):
                return [(state, trace)], []
            if is_none(value):
                return [], [(state, trace)]
            return [(state, trace)], [(state, trace)]
    return None


def _compare(run: Run, test: Compare, state: State, trace: Trace, out: Outcome) -> Split:
    if _asks_whether_bound(test):
        return _is_bound(test, state, trace)
    if not run.matters(test, state):
        return _by_value(_evaluate(run, test, state, trace, out))
    true: Ways = []
    false: Ways = []
    for after, left, right, way in _sides(run, test, state, trace, out):
        yes, no = _compared(run, test, left, right, after)
        true += [(s, way) for s in yes]
        false += [(s, way) for s in no]
    return (false, true) if test.op in {"is not", "!="} else (true, false)


def _sides(
    run: Run, test: Compare, state: State, trace: Trace, out: Outcome
) -> list[tuple[State, Value, Value, Trace]]:
    return [
        (after, left, right, way)
        for before, left, so_far in _evaluate(run, test.left, state, trace, out)
        for after, right, way in _evaluate(run, test.right, before, so_far, out)
    ]


def _compared(run: Run, test: Compare, left: Value, right: Value, state: State) -> tuple[list[State], list[State]]:
    """The states in which both sides are the same, and those in which they differ."""
    if test.op not in {"is", "is not", "==", "!="}:
        return [state], [state]
    if _strangers(left, right, test.right) or _strangers(right, left, test.left):
        return [], [state]
    subject, value, constant = test.left, left, right
    if not isinstance(constant, Known):
        subject, value, constant = test.right, right, left
    if not isinstance(constant, Known):
        return [state], [state]
    decided = _equal(value, constant)
    if decided is not None:
        return ([state], []) if decided else ([], [state])
    if not isinstance(subject, Place):
        return [state], [state]
    excluded = value.values if isinstance(value, Differs) else frozenset()
    different: Value = Differs(excluded | {constant})
    if isinstance(value, (Truthy, Falsy)):
        different = value
    return [_narrow(run, subject.path, state, constant)], [_narrow(run, subject.path, state, different)]


def _strangers(value: Value, other: Value, expr: Expr) -> bool:
    """`conn is given`: a name that was never given the handle is not the handle."""
    return (
        isinstance(value, Handle) and isinstance(expr, Place) and isinstance(other, (Unknown, Truthy, Falsy, Differs))
    )


def _equal(value: Value, constant: Known) -> bool | None:
    if constant == NONE:
        return is_none(value)
    if isinstance(value, Known):
        return value == constant or (value.value == constant.value and value.kind != "bool" and constant.kind != "bool")
    if isinstance(value, Differs) and constant in value.values:
        return False
    if isinstance(value, Unknown):
        return None
    decided = truth(value)
    if decided is not None and decided is not bool(constant.value):
        return False
    return False if isinstance(value, (Handle, Inside)) else None


def _asks_whether_bound(test: Compare) -> bool:
    """`"conn" in locals()`."""
    return (
        test.op in {"in", "not in"}
        and isinstance(test.left, Const)
        and isinstance(test.left.value, str)
        and isinstance(test.right, Call)
        and isinstance(test.right.func, Place)
        and test.right.func.path in {"locals", "vars", "dir", "globals"}
    )


def _is_bound(test: Compare, state: State, trace: Trace) -> Split:
    assert isinstance(test.left, Const)
    value = state.get(str(test.left.value))
    if isinstance(value, Unknown) and state.new.phase != "absent":
        ways: Split = [(state, trace)], [(state, trace)]
    elif isinstance(value, Unknown):
        ways = [], [(state, trace)]
    else:
        ways = [(state, trace)], []
    return (ways[1], ways[0]) if test.op == "not in" else ways
