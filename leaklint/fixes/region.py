"""How far the block must reach: from the acquisition to the last use of the handle and of what hangs on it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from leaklint.finding import Applicability
from leaklint.fixes.case import Case, Elsewhere, Refused, Suite, Unfit, bound_by, mentions, own_nodes, path_of
from leaklint.fixes.lifetime import Kind, Lifetime
from leaklint.fixes.order import check_order
from leaklint.fixes.releases import Release, is_passed_on, releases

PEEKS = frozenset({"locals", "vars", "eval"})
WORDS = {Kind.HANDLE: "the connection itself", Kind.LAZY: "something that reads from the connection"}


class Held(NamedTuple):
    """The statement that binds the handle, and its name; `direct`: what it binds is the acquisition itself."""

    name: str
    statement: ast.Assign | ast.AnnAssign
    direct: bool


class Region(NamedTuple):
    """The statements that a block has to hold, the releases to take away, and what of this a user has to know."""

    held: Held
    suite: Suite
    last: int
    releases: tuple[Release, ...]
    applicability: Applicability
    why: str

    @property
    def first_line(self) -> int:
        return (self.held.statement.end_lineno or 0) + 1

    @property
    def last_line(self) -> int:
        return self.suite.statements[self.last].end_lineno or 0


def held(case: Case, *, dotted: bool = False) -> Held:
    """The one name by which the acquisition is bound."""
    statement = case.statement
    if isinstance(statement, ast.AnnAssign):
        targets: list[ast.expr] = [statement.target]
    elif isinstance(statement, ast.Assign):
        targets = statement.targets
    else:
        raise Unfit("it is not bound to a name by a statement of its own")
    if len(targets) > 1:
        raise Refused("it is bound to several names at once")
    target, position = targets[0], case.facts.position
    direct = statement.value is case.value and position is None
    if isinstance(target, ast.Tuple) and position is not None and statement.value is case.value:
        target = target.elts[position] if position < len(target.elts) else target
    elif not direct and not _wraps(case, statement.value):
        raise Unfit("it is bound to a name together with something else")
    name = path_of(target)
    if not name or ("." in name and not dotted):
        raise Elsewhere("it is kept in a field or a container, not in a local name")
    return Held(name, statement, direct)


def _wraps(case: Case, value: ast.expr | None) -> bool:
    """`await wait_for(acquire(), …)`: what is bound is still the resource."""
    inner = value.value if isinstance(value, ast.Await) else value
    waits = isinstance(inner, ast.Call) and path_of(inner.func) in {"asyncio.wait_for", "wait_for", "asyncio.shield"}
    return waits and isinstance(inner, ast.Call) and bool(inner.args) and inner.args[0] is case.value


def check_scope(case: Case, name: str) -> None:
    """Refuse where the name is not simply a local."""
    for node in own_nodes(case.function):
        if isinstance(node, ast.Global | ast.Nonlocal) and name in node.names:
            raise Refused(f"`{name}` is not a local name")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and _sees(case, node.func.id):
            raise Refused(f"`{node.func.id}()` sees every name of the function")


def _sees(case: Case, function: str) -> bool:
    """Whether a function may rebind names, or take along a handle that would be released from now on."""
    top = isinstance(case.function, ast.Module) and function == "globals"
    return function == "exec" or ((function in PEEKS or top) and case.facts.new)


def region(case: Case) -> Region:
    """The stretch of one suite that a block in its place would hold; raises `Refused`."""
    found = held(case)
    check_scope(case, found.name)
    suite = case.suite(found.statement)
    if not case.alone(found.statement):
        raise Refused("several statements share a line with the acquisition")
    every = [one for one in releases(case, found.name) if one.call.lineno >= found.statement.lineno]
    lifetime = Lifetime(case, found.name)
    last, in_line = _in_line(suite, every), True
    if last is None:
        in_line = False
        last = last_use(suite, lifetime)
    if last <= suite.index:
        raise Elsewhere(f"`{found.name}` is used outside the block in which it is acquired")
    _check_rebinding(case, suite, last, found.name)
    every = _belonging(case, suite, last, every, found.name)
    later = _check_outside(case, suite, last, lifetime, every, in_line=in_line)
    if not case.ends_its_line(suite.statements[last]):
        raise Refused("statements share a line at the end of the block")
    applicability, why = consent(case, lifetime, suite.statements[suite.index + 1 :])
    if later and not why:
        applicability, why = "unsafe", later
    check_double(case, every, found.name)
    check_order(case, every, found.statement.lineno, suite.statements[last].end_lineno or 0)
    plain = tuple(one for one in every if one.whole is not None)
    return Region(found, suite, last, plain, applicability, why)


def check_double(case: Case, every: Sequence[Release], name: str) -> None:
    """No release may be left that would be a second one, where the driver does not forgive that."""
    if any(one.whole is None and one.name in case.resource.awaited and "await" not in one.code for one in every):
        raise Refused("its release is started in one place and would have to be awaited in another")
    if case.resource.double_release == "raises":
        if any(one.whole is None for one in every):
            raise Refused("a release is part of a larger expression and cannot be taken away")
        if is_passed_on(case, name):
            raise Refused(f"`{name}` may be released a second time by somebody who was given its release")


def _in_line(suite: Suite, every: list[Release]) -> int | None:
    """The first statement after the acquisition that releases whatever happened before it in its suite."""
    wholes = [one.whole for one in every]
    for index in range(suite.index + 1, len(suite.statements)):
        statement = suite.statements[index]
        if statement in wholes:
            return index
        if isinstance(statement, ast.Try | ast.TryStar) and any(part in wholes for part in statement.finalbody):
            return index
    return None


def last_use(suite: Suite, lifetime: Lifetime) -> int:
    """The last statement that may need the connection; where somebody unknown was given it, that is the last of all."""
    if lifetime.case.facts.new and any(map(lifetime.lends, suite.statements[suite.index :])):
        return len(suite.statements) - 1
    names = [name for name, kind in lifetime.names.items() if kind > Kind.PLAIN]
    last = suite.index
    for index in range(suite.index + 1, len(suite.statements)):
        if any(mentions(suite.statements[index], name) for name in names):
            last = index
    return last


def _check_rebinding(case: Case, suite: Suite, last: int, name: str) -> None:
    for statement in suite.statements[suite.index + 1 : last + 1]:
        for node in [statement, *own_nodes(statement)]:
            if name not in bound_by(node) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)):
                continue
            owner = case.parents[node]
            none = isinstance(owner, ast.Assign) and path_of(owner.value) == "" and _is_none(owner.value)
            if not none and not _stays(case, owner, name):
                raise Refused(f"`{name}` is bound again before the end of the block")


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _stays(case: Case, owner: ast.AST, name: str) -> bool:
    """`conn = conn.execution_options(…)`: the very same resource."""
    value = owner.value if isinstance(owner, ast.Assign) else None
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in case.resource.same
        and path_of(value.func.value) == name
    )


def _belonging(case: Case, suite: Suite, last: int, every: list[Release], name: str) -> list[Release]:
    """The releases that are this acquisition's: those of the block, and those outside if the name is bound once."""
    low, high = suite.statements[suite.index].lineno, suite.statements[last].end_lineno or 0
    inside = [one for one in every if low <= one.call.lineno <= high]
    stores = [
        node
        for node in own_nodes(case.function)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    others = [n for n in stores if not low <= n.lineno <= high and not _is_none(getattr(case.parents[n], "value", n))]
    return inside if others else every


def _check_outside(
    case: Case, suite: Suite, last: int, lifetime: Lifetime, every: list[Release], *, in_line: bool
) -> str:
    """Nothing that needs the connection for certain may run after the block; what may need it, in words."""
    doubt = ""
    guarded = any(
        isinstance(owner, ast.Try | ast.TryStar) and owner.handlers and _within(case, suite.statements[0], owner.body)
        for owner in case.above(suite.statements[0])
    )
    finals = any(isinstance(o, ast.Try | ast.TryStar) and o.finalbody for o in case.above(suite.statements[0]))
    low, high = suite.statements[suite.index].lineno, suite.statements[last].end_lineno or 0
    going = {id(node) for one in every if one.whole is not None for node in ast.walk(one.whole)}
    loops = [o for o in case.above(suite.statements[0]) if isinstance(o, ast.For | ast.AsyncFor | ast.While)]
    for name, kind in lifetime.names.items():
        if kind == Kind.PLAIN or (in_line and not guarded and not finals):
            continue
        if in_line and kind < Kind.HOLDS:
            continue
        for node in mentions(case.function, name):
            line = node.lineno  # type: ignore[attr-defined]  # names and attributes have places
            if low <= line <= high or id(node) in going or isinstance(getattr(node, "ctx", None), ast.Store):
                continue
            again = any(loop.lineno <= line <= (loop.end_lineno or 0) for loop in loops)
            if line > high and kind < Kind.HOLDS:
                doubt = doubt or f"`{name}` is used after the block and may still need the {case.resource.noun}"
            elif line > high or (again and kind == Kind.HANDLE):
                raise Elsewhere(f"`{name}` is used outside the block in which it is acquired (line {line})")
    return doubt


def _within(case: Case, statement: ast.stmt, body: list[ast.stmt]) -> bool:
    return any(one is statement or one in case.above(statement) for one in body)


def consent(case: Case, lifetime: Lifetime, statements: list[ast.stmt]) -> tuple[Applicability, str]:
    """Whether somebody has to agree, and why; raises `Refused` where something would surely break."""
    applicability: Applicability = "safe"
    why = ""
    for kind, node, how in lifetime.escapes(statements):
        code = " ".join(case.text.of(node).split())
        if kind == Kind.HANDLE:
            raise Refused(f"{WORDS[kind]} is {how} (`{code}`)")
        if not case.facts.new:
            continue
        if kind == Kind.LAZY:
            raise Refused(f"`{code}` is {how} and still needs the connection")
        if kind == Kind.HOLDS or (how == "kept" and kind > Kind.PLAIN):
            raise Refused(f"`{shortened(code)}` is {how} and may hold the {case.resource.noun}")
        if kind in {Kind.OBJECT, Kind.MAYBE} and not why:
            applicability = "unsafe"
            why = f"`{shortened(code)}` is {how} and may still need the {case.resource.noun}"
    if case.facts.handed:
        raise Refused("on some way it is handed to somebody who needs it open")
    if case.facts.new and ":memory:" in ast.unparse(case.call):
        applicability, why = "unsafe", "an in-memory database ends with its connection"
    return applicability, why


def shortened(code: str) -> str:
    return code if len(code) <= 60 else f"{code[:57]}..."
