"""A program made ready to be executed: the judge hears of clean-up, turns of loops, and names that hold nothing."""

from __future__ import annotations

import ast
import copy
from types import CodeType

from tests.oracle.world import PROGRAM

JUDGE = "__judge"
RELEASES = frozenset({"close", "putconn", "closing", "release"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


def compiled(tree: ast.Module) -> CodeType:
    """The code of the program; its positions are those of the source."""
    tree = Instrumenter().visit(copy.deepcopy(tree))
    return compile(ast.fix_missing_locations(tree), PROGRAM, "exec")


def call(name: str, *args: ast.expr, at: ast.AST) -> ast.Call:
    """A call of the judge; its arguments stay where they stand."""
    judge = ast.copy_location(ast.Name(JUDGE, ast.Load()), at)
    func = ast.copy_location(ast.Attribute(judge, name, ast.Load()), at)
    for argument in args:
        if not hasattr(argument, "lineno"):
            ast.copy_location(argument, at)
    return ast.copy_location(ast.Call(func, list(args), []), at)


def gives_back(node: Function) -> bool:
    """Whether a function itself releases something somewhere."""
    return any(
        isinstance(part, ast.Call)
        and (
            (isinstance(part.func, ast.Attribute) and part.func.attr in RELEASES)
            or (isinstance(part.func, ast.Name) and part.func.id in RELEASES)
        )
        for part in ast.walk(node)
    )


def hands_over(node: Function) -> bool:
    """Whether a function puts something that it was given where it outlives the call."""
    given = {argument.arg for argument in node.args.args}
    return any(
        isinstance(part, ast.Call)
        and isinstance(part.func, ast.Attribute)
        and ast.unparse(part.func) == "REGISTRY.append"
        and any(isinstance(argument, ast.Name) and argument.id in given for argument in part.args)
        for part in ast.walk(node)
    )


class Instrumenter(ast.NodeTransformer):
    """Adds the judge's calls."""

    def __init__(self) -> None:
        self.count = 0
        self.names: list[set[str]] = []
        self.unsure: list[set[str]] = []

    def fresh(self) -> str:
        self.count += 1
        return f"__{self.count}"

    def assign(self, name: str, value: ast.expr, at: ast.AST) -> ast.stmt:
        return ast.copy_location(ast.Assign([ast.copy_location(ast.Name(name, ast.Store()), at)], value), at)

    def guarded(self, mode: ast.Call, body: list[ast.stmt], at: ast.AST) -> list[ast.stmt]:
        """The body between the judge's being told that clean-up begins and that it ends."""
        before = self.fresh()
        end = ast.Expr(call("leave_mode", ast.Name(before, ast.Load()), at=at))
        return [self.assign(before, mode, at), ast.Try(body, [], [], [end])]

    def function(self, node: Function) -> Function:
        managed = any(isinstance(name, ast.Name) and name.id == "contextmanager" for name in node.decorator_list)
        returns = managed or gives_back(node)
        self.names.append(bound_names(node))
        names = sorted(self.names[-1] - {a.arg for a in node.args.args} - outer_names(node))
        self.unsure.append(set(names) - bound_first(node))
        self.generic_visit(node)
        self.names.pop()
        self.unsure.pop()
        node.decorator_list.append(call("function", ast.Constant(returns), ast.Constant(hands_over(node)), at=node))
        if names:
            targets = [ast.copy_location(ast.Name(name, ast.Store()), node) for name in names]
            unbound = ast.Attribute(ast.Name(JUDGE, ast.Load()), "unbound", ast.Load())
            node.body.insert(0, ast.copy_location(ast.Assign(list(targets), unbound), node))
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = function  # noqa: N815  # names that ast asks for

    def visit_Try(self, node: ast.Try | ast.TryStar) -> list[ast.stmt]:
        self.generic_visit(node)
        for handler in node.handlers:
            handler.body = self.guarded(call("handler", at=handler), handler.body, handler)
        if not node.finalbody:
            return [node]
        raised = self.fresh()
        final = self.guarded(call("final", ast.Name(raised, ast.Load()), at=node), node.finalbody, node)
        node.finalbody = []
        body: list[ast.stmt] = [node] if node.handlers else node.body
        seen = [self.assign(raised, call("raised", at=node), node), ast.copy_location(ast.Raise(), node)]
        telling = ast.ExceptHandler(ast.Name("BaseException", ast.Load()), None, seen)
        whole = ast.Try([ast.copy_location(ast.Try(body, [telling], [], []), node)], [], [], final)
        return [self.assign(raised, ast.copy_location(ast.Constant(False), node), node), ast.copy_location(whole, node)]

    visit_TryStar = visit_Try  # noqa: N815

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        self.generic_visit(node)
        made = [self.stored(target, node) for target in node.targets if isinstance(target, ast.Subscript)]
        return [node, *made]

    def stored(self, target: ast.Subscript, at: ast.AST) -> ast.stmt:
        older = [] if self.is_local(target.value) else [copy.deepcopy(target.value)]
        return ast.copy_location(ast.Expr(call("stored", *older, at=at)), at)

    def visit_While(self, node: ast.While) -> list[ast.stmt]:
        self.generic_visit(node)
        counter = self.fresh()
        node.body.insert(0, ast.Expr(call("turn", ast.Name(counter, ast.Load()), at=node)))
        return [self.assign(counter, call("counter", at=node), node), node]

    def visit_For(self, node: ast.For | ast.AsyncFor) -> ast.stmt:
        self.generic_visit(node)
        node.iter = self.iterated(node.iter, isinstance(node, ast.AsyncFor))
        return node

    visit_AsyncFor = visit_For  # noqa: N815

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        self.generic_visit(node)
        node.iter = self.iterated(node.iter, bool(node.is_async))
        return node

    def iterated(self, node: ast.expr, asynchronous: bool) -> ast.expr:
        if asynchronous:
            return call("asynchronous", node, at=node)
        return call("iterated", node, at=node) if isinstance(node, ast.Call) else call("named", node, at=node)

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and self.is_local(node.func.value):
            node.func.value = call("object", node.func.value, at=node.func.value)
        elif self.is_local(node.func):
            node.func = call("callable", node.func, at=node.func)
        return node

    def visit_withitem(self, node: ast.withitem) -> ast.withitem:
        self.generic_visit(node)
        if self.is_local(node.context_expr):
            node.context_expr = call("object", node.context_expr, at=node.context_expr)
        return node

    def visit_Await(self, node: ast.Await) -> ast.Await:
        self.generic_visit(node)
        if self.is_local(node.value):
            node.value = call("awaited", node.value, at=node.value)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if isinstance(node.ctx, ast.Load) and any(node.id in names for names in self.unsure):
            return call("seen", node, at=node)
        return node

    def is_local(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "seen":
            return True
        return isinstance(node, ast.Name) and any(node.id in names for names in self.names)


def bound_first(node: Function) -> set[str]:
    """The names that the first statements of a function bind."""
    found: set[str] = set()
    for statement in node.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Constant | ast.List):
            break
        found |= {target.id for target in statement.targets if isinstance(target, ast.Name)}
    return found


def bound_names(node: Function) -> set[str]:
    """The names that a function itself binds."""
    found: set[str] = {argument.arg for argument in node.args.args}
    pending: list[ast.AST] = list(node.body)
    while pending:
        part = pending.pop()
        if isinstance(part, Function):
            found.add(part.name)
            continue
        if isinstance(part, ast.Lambda):
            continue
        if isinstance(part, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            pending += [n for n in ast.walk(part) if isinstance(n, ast.NamedExpr)]
            continue
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store | ast.Del):
            found.add(part.id)
        elif isinstance(part, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and part.name:
            found.add(part.name)
        elif isinstance(part, ast.alias):
            found.add((part.asname or part.name).partition(".")[0])
        pending.extend(ast.iter_child_nodes(part))
    return found - outer_names(node)


def outer_names(node: Function) -> set[str]:
    """The names that a function itself declares to be somebody else's."""
    found: set[str] = set()
    pending: list[ast.AST] = list(node.body)
    while pending:
        part = pending.pop()
        if isinstance(part, ast.Global | ast.Nonlocal):
            found.update(part.names)
        elif not isinstance(part, Function | ast.Lambda):
            pending.extend(ast.iter_child_nodes(part))
    return found
