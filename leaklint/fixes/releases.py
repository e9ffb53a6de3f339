"""Where a function gives its handle back, and how much of the code around belongs to that."""

from __future__ import annotations

import ast
from typing import NamedTuple

from leaklint.fixes.case import Case, own_nodes, path_of

SHIELDS = frozenset({"asyncio.shield", "asyncio.wait_for", "shield", "wait_for"})
ASKING = frozenset({"is_connected", "is_closed", "closed", "is_open", "open", "ping"})


class Release(NamedTuple):
    """A release: its call, the expression with what awaits it, and the statement that goes with it.

    `whole` takes in a guard that asks the handle only (`if conn:`); `quiet` says that `whole` swallows errors.
    No statement: the release is part of something larger. `closes`: it ends the connection and leaves the slot taken.
    """

    call: ast.Call
    code: str
    statement: ast.stmt | None
    whole: ast.stmt | None
    quiet: bool
    closes: bool

    @property
    def name(self) -> str:
        return name_of(self.call)


def name_of(call: ast.Call) -> str:
    """The last name of what is called."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def releases(case: Case, handle: str) -> list[Release]:
    """Every release of the handle in the function itself, in the order of the text."""
    calls = [node for node in own_nodes(case.function) if isinstance(node, ast.Call)]
    return [_release(case, handle, call) for call in calls if is_release(case, handle, call)]


def is_passed_on(case: Case, handle: str) -> bool:
    """Whether somebody else may release: a bound method is handed over, or a nested function releases."""
    names = {*case.resource.releases, *case.resource.closes}
    called = {node.func for node in own_nodes(case.function) if isinstance(node, ast.Call)}
    return any(
        isinstance(node, ast.Attribute) and node.attr in names and path_of(node.value) == handle and node not in called
        for node in ast.walk(case.function)
    )


def is_release(case: Case, handle: str, call: ast.Call) -> bool:
    resource = case.resource
    name = name_of(call)
    own = isinstance(call.func, ast.Attribute) and path_of(call.func.value) == handle
    if own and name in {*resource.releases, *resource.closes}:
        return True
    given = any(path_of(arg) == handle for arg in call.args) or any(path_of(k.value) == handle for k in call.keywords)
    if given and (name in resource.pool_releases or any(f.endswith(f".{name}") for f in resource.functions)):
        return True
    return not case.facts.releasing.isdisjoint(case.passings(call, handle))


def _release(case: Case, handle: str, call: ast.Call) -> Release:
    expression: ast.expr = call
    while True:
        above = case.parents[expression]
        if isinstance(above, ast.Await) or (isinstance(above, ast.Call) and path_of(above.func) in SHIELDS):
            expression = above
        else:
            break
    closes = name_of(call) in case.resource.closes
    code = case.text.of(expression)
    if not isinstance(above, ast.Expr):
        return Release(call, code, None, None, False, closes)
    whole, quiet = _with_guards(case, handle, above)
    return Release(call, code, above, whole, quiet, closes)


def _with_guards(case: Case, handle: str, statement: ast.stmt) -> tuple[ast.stmt, bool]:
    """The statement with the guards around it that are there for nothing else."""
    quiet = False
    while True:
        owner = case.parents[statement]
        body = getattr(owner, "body", None)
        if body != [statement]:
            return statement, quiet
        if isinstance(owner, ast.If) and not owner.orelse and _asks_handle(owner.test, handle):
            statement = owner
        elif (isinstance(owner, ast.Try) and _only_swallows(owner)) or (
            isinstance(owner, ast.With) and all(_suppresses(item) for item in owner.items)
        ):
            statement, quiet = owner, True
        else:
            return statement, quiet


def _asks_handle(test: ast.expr, handle: str) -> bool:
    """Whether a test is about the handle alone, and true for one that is open."""
    if path_of(test) == handle:
        return True
    match test:
        case ast.Compare(left, [ast.IsNot() | ast.NotEq()], [ast.Constant(None)]):
            return path_of(left) == handle
        case ast.BoolOp(ast.And(), values):
            return all(_asks_handle(value, handle) for value in values)
        case ast.UnaryOp(ast.Not(), inner):
            return _asks_state(inner, handle, ("closed", "is_closed"))
        case ast.Compare(left, [ast.Eq() | ast.Is()], [ast.Constant(0 | False)]):
            return _asks_state(left, handle, ("closed",))
        case _:
            return _asks_state(test, handle, ("is_connected", "open", "is_open", "is_active"))


def _asks_state(test: ast.expr, handle: str, names: tuple[str, ...]) -> bool:
    if isinstance(test, ast.Call) and not test.args and not test.keywords:
        test = test.func
    return isinstance(test, ast.Attribute) and test.attr in names and path_of(test.value) == handle


def _only_swallows(node: ast.Try) -> bool:
    silent = all(isinstance(s, ast.Pass) for handler in node.handlers for s in handler.body)
    return bool(node.handlers) and silent and not node.orelse and not node.finalbody


def _suppresses(item: ast.withitem) -> bool:
    call = item.context_expr
    return isinstance(call, ast.Call) and path_of(call.func) in {"suppress", "contextlib.suppress"}
