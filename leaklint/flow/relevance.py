"""Which names are worth following: those that can correlate a condition with the handle, most relevant last to go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from leaklint.flow.facts import all_statements, level, paths, walk
from leaklint.flow.program import (
    Append,
    Assert,
    Assign,
    BoolOp,
    Call,
    Compare,
    Comprehension,
    Conditional,
    Const,
    Display,
    Expr,
    For,
    If,
    Match,
    Not,
    Place,
    Procedure,
    Stmt,
    While,
)

LEVELS = 3


def tracked(procedure: Procedure, site: Call | None, level: int) -> frozenset[str]:
    """The places whose truth or constant value is remembered; each level forgets more."""
    if level >= LEVELS - 1:
        return frozenset()
    found = _correlated(procedure)
    return found & _guards(procedure, may_hold(procedure, site)) if level else found


@lru_cache(maxsize=256)
def _correlated(procedure: Procedure) -> frozenset[str]:
    """The places that are asked about twice, in each turn of a loop, or given a value and asked about."""
    every = all_statements(procedure)
    tests = Counter(path for statement in every for path in _tested(statement))
    tests.update(path for path in _asked_in_turns(every) if "." not in path)
    values = Counter(path for statement in every for path in (*_assigned(statement), *_unpacked(statement)))
    return frozenset(path for path, count in tests.items() if count + values[path] > 1)


def _asked_in_turns(every: Iterable[Stmt]) -> set[str]:
    """What is asked about inside a loop."""
    inside = {part for loop in every if isinstance(loop, (For, While)) for part in walk(loop) if part is not loop}
    return {path for part in inside if isinstance(part, Stmt) for path in _tested(part)}


@lru_cache(maxsize=256)
def tested(procedure: Procedure) -> frozenset[str]:
    """Every place that some condition asks about."""
    return frozenset(path for statement in all_statements(procedure) for path in _tested(statement))


@lru_cache(maxsize=256)
def containers(procedure: Procedure) -> frozenset[str]:
    """Local names that are given a list, dict, set or the like somewhere."""
    makers = {"list", "dict", "set", "deque", "defaultdict", "OrderedDict", "Queue", "WeakSet", "WeakValueDictionary"}
    found: set[str] = set()
    for statement in all_statements(procedure):
        if isinstance(statement, Assign) and (
            isinstance(statement.value, (Display, Comprehension))
            or (isinstance(statement.value, Call) and statement.value.method in makers)
        ):
            found |= {t.path for t in statement.targets if isinstance(t, Place) and t.path in procedure.locals}
    return frozenset(found - set(procedure.names))


def may_hold(procedure: Procedure, site: Call | None) -> frozenset[str]:
    """The names that can come to hold the handle, by assignment from the site or from one another."""
    assigns = [s for s in all_statements(procedure) if isinstance(s, (Assign, Append))]
    held: set[str] = set()
    grown = True
    while grown:
        grown = False
        for statement in assigns:
            sources = list(walk(statement.value))
            if any(part is site for part in sources) or not paths(statement.value).isdisjoint(held):
                targets = statement.targets if isinstance(statement, Assign) else (statement.box,)
                names = {path for target in targets for path in paths(target)}
                grown = grown or not names <= held
                held |= names
    return frozenset(held)


def _tests(statement: Stmt) -> Iterator[Expr]:
    if isinstance(statement, (If, While, Assert)):
        yield statement.test
    if isinstance(statement, Match):
        yield statement.subject
        for case in statement.cases:
            yield from (test for test in (case.test, case.guard) if test is not None)
    if isinstance(statement, Assign) and isinstance(statement.value, (Compare, Not)):
        yield statement.value
    if not isinstance(statement, (If, While, Match)):
        for part in level(statement).own:
            if isinstance(part, Conditional):
                yield part.test
            elif isinstance(part, BoolOp):
                yield part.left


def _tested(statement: Stmt) -> Iterator[str]:
    for test in _tests(statement):
        yield from _operands(test)


def _operands(test: Expr) -> Iterator[str]:
    """The places that a condition asks about; found without recursion, for long chains of `or`."""
    pending = [test]
    while pending:
        match pending.pop():
            case Place(path=path):
                yield path
            case Not(value=value):
                pending.append(value)
            case BoolOp(left=left, right=right) | Compare(left=left, right=right):
                pending += (right, left)
            case Call(args=args) as call if call.method in {"isinstance", "bool", "callable", "hasattr"}:
                pending += [argument.value for argument in args[:1]]
            case _:
                pass


def _assigned(statement: Stmt) -> Iterator[str]:
    """Places given a value that a condition on them can be decided by."""
    if isinstance(statement, Assign) and isinstance(
        statement.value, (Const, Compare, Not, BoolOp, Call, Conditional, Place)
    ):
        for target in statement.targets:
            if isinstance(target, Place):
                yield target.path
        if isinstance(statement.value, BoolOp):
            yield from _operands(statement.value)


def _unpacked(statement: Stmt) -> Iterator[str]:
    """`flag, conn = False, connect()`."""
    if isinstance(statement, Assign) and isinstance(statement.value, Display):
        for target in statement.targets:
            if isinstance(target, Display):
                yield from (element.path for element in target.elements if isinstance(element, Place))


def _guards(procedure: Procedure, held: frozenset[str]) -> frozenset[str]:
    """The places on whose value it depends what happens to the handle."""
    levels = {statement: level(statement) for statement in all_statements(procedure)}
    above = {inner: statement for statement, found in levels.items() for inner in found.inner}
    found: set[str] = set(held)
    seen: set[Stmt] = set()
    for statement, own in levels.items():
        if own.paths.isdisjoint(held):
            continue
        if any(isinstance(part, Conditional) for part in own.own):
            found |= set(_tested(statement))
        around = above.get(statement)
        while around is not None and around not in seen:
            seen.add(around)
            if isinstance(around, (If, While)):
                found |= set(_operands(around.test))
            around = above.get(around)
    return frozenset(found)
