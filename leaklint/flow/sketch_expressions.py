"""Expressions of `ast` → expressions of a sketch, as `lower_expressions` makes them of those of libcst."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import libcst as cst

from leaklint.flow.program import (
    Argument,
    Attribute,
    Await,
    Bind,
    BoolOp,
    Call,
    Closure,
    Conditional,
    Const,
    Display,
    Expr,
    Opaque,
    Parameter,
    Place,
    Return,
    Starred,
    Subscript,
    Yield,
)
from leaklint.flow.scope import Expressions

NOWHERE = cst.Pass()
"""The node of everything in a sketch: nobody is told where it stands."""


class ExpressionSketching(Expressions[ast.expr]):
    """Sketches expressions."""

    def other(self, node: ast.expr) -> Expr:
        return Opaque(
            NOWHERE, tuple(self.expr(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))
        )

    def expr_Name(self, node: ast.Name) -> Expr:
        return Place(NOWHERE, self.scope.spelling(node.id))

    def expr_Constant(self, node: ast.Constant) -> Expr:
        value = node.value
        return Opaque(NOWHERE, ()) if isinstance(value, complex) or value is ... else Const(NOWHERE, value)

    def expr_UnaryOp(self, node: ast.UnaryOp) -> Expr:
        value = self.expr(node.operand)
        if isinstance(node.op, ast.USub) and isinstance(value, Const) and type(value.value) in (int, float):
            return Const(NOWHERE, -value.value)  # type: ignore[operator]  # a number, as the line above says
        return Opaque(NOWHERE, (value,))

    def place(self, node: ast.expr) -> Place | None:
        names: list[str] = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        return Place(NOWHERE, self.scope.meant(".".join((self.scope.spelling(node.id), *reversed(names)))))

    def expr_Attribute(self, node: ast.Attribute) -> Expr:
        return self.place(node) or Attribute(NOWHERE, self.expr(node.value), node.attr)

    def expr_Subscript(self, node: ast.Subscript) -> Expr:
        return Subscript(NOWHERE, self.expr(node.value), self.expr(node.slice))

    def expr_Call(self, node: ast.Call) -> Expr:
        func = self.expr(node.func)
        call = Call(NOWHERE, func, tuple(self.arguments(node)))
        self.scope.calls.append(call)
        return call

    def arguments(self, node: ast.Call) -> Iterator[Argument]:
        for value in node.args:
            starred = isinstance(value, ast.Starred)
            yield Argument(self.expr(value.value if isinstance(value, ast.Starred) else value), None, "*" * starred)
        for keyword in node.keywords:
            yield Argument(self.expr(keyword.value), keyword.arg, "" if keyword.arg else "**")

    def expr_Await(self, node: ast.Await) -> Expr:
        return Await(NOWHERE, self.expr(node.value))

    def expr_Yield(self, node: ast.Yield | ast.YieldFrom) -> Expr:
        self.scope.generator = True
        return Yield(NOWHERE, self.optional(node.value), delegates=isinstance(node, ast.YieldFrom))

    expr_YieldFrom = expr_Yield

    def expr_BoolOp(self, node: ast.BoolOp) -> Expr:
        found, *rest = (self.expr(value) for value in node.values)
        for value in rest:
            found = BoolOp(NOWHERE, "and" if isinstance(node.op, ast.And) else "or", found, value)
        return found

    def expr_IfExp(self, node: ast.IfExp) -> Expr:
        return Conditional(NOWHERE, self.expr(node.test), self.expr(node.body), self.expr(node.orelse))

    def expr_Tuple(self, node: ast.Tuple) -> Expr:
        return Display(NOWHERE, "tuple", tuple(self.expr(element) for element in node.elts))

    def expr_List(self, node: ast.List | ast.Set) -> Expr:
        elements = tuple(self.expr(element) for element in node.elts)
        return Display(NOWHERE, "list", tuple(one for one in elements if not isinstance(one, Const)))

    expr_Set = expr_List

    def expr_Starred(self, node: ast.Starred) -> Expr:
        return Starred(NOWHERE, self.expr(node.value))

    def expr_NamedExpr(self, node: ast.NamedExpr) -> Expr:
        value = self.expr(node.value)
        return Bind(NOWHERE, self.target(node.target), value)

    def target(self, node: ast.expr) -> Expr:
        """A target of an assignment; the names in it become local."""
        if isinstance(node, ast.Name):
            return Place(NOWHERE, self.scope.bind(node.id))
        if isinstance(node, (ast.Tuple, ast.List)):
            return Display(NOWHERE, "tuple", tuple(self.target(element) for element in node.elts))
        return Starred(NOWHERE, self.target(node.value)) if isinstance(node, ast.Starred) else self.expr(node)

    def expr_Lambda(self, node: ast.Lambda) -> Expr:
        parameters = self.parameters(node.args)
        inner = ExpressionSketching(self.scope.inner("<lambda>"))
        inner.scope.parameters(parameters)
        body = (Return(NOWHERE, inner.expr(node.body)),)
        procedure = inner.scope.procedure(NOWHERE, "lambda", parameters, body)
        self.scope.nested.append(procedure)
        return Closure(NOWHERE, procedure)

    def parameters(self, args: ast.arguments) -> tuple[Parameter, ...]:
        plain = [*args.posonlyargs, *args.args]
        defaults: list[ast.expr | None] = [*[None] * (len(plain) - len(args.defaults)), *args.defaults]
        found = [self.parameter(arg, default) for arg, default in zip(plain, defaults, strict=True)]
        found += [self.parameter(args.vararg, None, "*")] if args.vararg else []
        found += [self.parameter(arg, default) for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
        found += [self.parameter(args.kwarg, None, "**")] if args.kwarg else []
        return tuple(found)

    def parameter(self, arg: ast.arg, default: ast.expr | None, star: str = "") -> Parameter:
        return Parameter(arg.arg, arg.annotation, self.optional(default), star)

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Expr:
        renamed = self.scope.renaming()
        found: list[Expr] = []
        for part in node.generators:
            found.append(self.expr(part.iter))
            for name in (one.id for one in ast.walk(part.target) if isinstance(one, ast.Name)):
                self.scope.rename(name)
            found += [self.target(part.target), *map(self.expr, part.ifs)]
        found += map(self.expr, (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,))
        self.scope.restore(renamed)
        return Opaque(NOWHERE, tuple(found))

    expr_ListComp = expr_SetComp = expr_GeneratorExp = expr_DictComp = comprehension
