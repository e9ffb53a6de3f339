"""Syntax tree of `ast` → a sketch of a program: its calls and what binds names, without control flow.

It is enough to tell what each call means, and made of what is read an order of magnitude faster than by libcst.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping

from leaklint.flow.program import (
    Argument,
    Assign,
    Augment,
    Call,
    Closure,
    Delete,
    Evaluate,
    Expr,
    For,
    If,
    Import,
    Item,
    Opaque,
    Place,
    Procedure,
    Stmt,
    With,
)
from leaklint.flow.scope import Scope
from leaklint.flow.sketch_expressions import NOWHERE, ExpressionSketching

Definition = ast.FunctionDef | ast.AsyncFunctionDef


def sketch_function(node: Definition, qualname: str, class_name: str, aliases: Mapping[str, str]) -> Procedure:
    """A function or method as a sketch; `aliases` as in `lower_function`."""
    scope = Scope(node.name, qualname, class_name)
    scope.aliases = aliases
    return Sketching(scope).function(node)


class Sketching(ExpressionSketching):
    """Sketches the statements of one function."""

    def function(self, node: Definition) -> Procedure:
        decorators = tuple(self.expr(decorator) for decorator in node.decorator_list)
        parameters = self.parameters(node.args)
        self.scope.calls.clear()
        self.scope.parameters(parameters)
        body = tuple(self.block(node.body))
        return self.scope.procedure(
            NOWHERE,
            "function",
            parameters,
            body,
            asynchronous=isinstance(node, ast.AsyncFunctionDef),
            decorators=decorators,
        )

    def block(self, statements: Iterable[ast.AST]) -> Iterator[Stmt]:
        for node in statements:
            sketch: Callable[[ast.AST], Iterator[Stmt]] = getattr(self, f"stmt_{type(node).__name__}", self.statement)
            yield from sketch(node)

    def statement(self, node: ast.AST) -> Iterator[Stmt]:
        """What a statement evaluates, and the statements in it, whichever of them runs."""
        values: list[Expr] = []
        blocks: list[ast.AST] = []
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.expr):
                values.append(self.expr(part))
            elif isinstance(part, ast.pattern):
                values += self.pattern(part)
            else:
                blocks.append(part)
        yield If(NOWHERE, Opaque(NOWHERE, tuple(values)), tuple(self.block(blocks)), ())

    def stmt_Expr(self, node: ast.Expr) -> Iterator[Stmt]:
        yield Evaluate(NOWHERE, self.expr(node.value))

    def stmt_Assign(self, node: ast.Assign) -> Iterator[Stmt]:
        value = self.stored(node.value)
        yield Assign(NOWHERE, tuple(self.target(target) for target in node.targets), value)

    def stored(self, node: ast.expr) -> Expr:
        """A value that is bound: of a generator expression, only the first iterable is evaluated yet."""
        if isinstance(node, ast.GeneratorExp):
            return Opaque(NOWHERE, (self.expr(node.generators[0].iter),))
        return self.expr(node)

    def stmt_AnnAssign(self, node: ast.AnnAssign) -> Iterator[Stmt]:
        value = self.optional(node.value)
        target = self.target(node.target)
        if value is not None:
            yield Assign(NOWHERE, (target,), value)

    def stmt_AugAssign(self, node: ast.AugAssign) -> Iterator[Stmt]:
        target = self.target(node.target)
        yield Augment(NOWHERE, target, self.expr(node.value))

    def stmt_Delete(self, node: ast.Delete) -> Iterator[Stmt]:
        yield Delete(NOWHERE, tuple(self.expr(target) for target in node.targets))

    def stmt_Import(self, node: ast.Import | ast.ImportFrom) -> Iterator[Stmt]:
        yield Import(NOWHERE, tuple(self.scope.bind(a.asname or a.name.partition(".")[0]) for a in node.names))

    stmt_ImportFrom = stmt_Import

    def stmt_Global(self, node: ast.Global | ast.Nonlocal) -> Iterator[Stmt]:
        self.scope.declare_outer(node.names)
        yield from ()

    stmt_Nonlocal = stmt_Global

    def stmt_For(self, node: ast.For | ast.AsyncFor) -> Iterator[Stmt]:
        iterable = self.expr(node.iter)
        target = self.target(node.target)
        body = tuple(self.block([*node.body, *node.orelse]))
        yield For(NOWHERE, target, iterable, body, (), isinstance(node, ast.AsyncFor))

    stmt_AsyncFor = stmt_For

    def stmt_With(self, node: ast.With | ast.AsyncWith) -> Iterator[Stmt]:
        items = tuple(self.item(item) for item in node.items)
        yield With(NOWHERE, items, tuple(self.block(node.body)), isinstance(node, ast.AsyncWith))

    stmt_AsyncWith = stmt_With

    def item(self, node: ast.withitem) -> Item:
        value = self.expr(node.context_expr)
        return Item(NOWHERE, value, None if node.optional_vars is None else self.target(node.optional_vars))

    def stmt_ExceptHandler(self, node: ast.ExceptHandler) -> Iterator[Stmt]:
        if node.name:
            self.scope.bind(node.name)
        yield from self.block(node.body)

    def pattern(self, node: ast.pattern) -> Iterator[Expr]:
        """What a pattern compares with; what it captures becomes local."""
        for part in ast.walk(node):
            if isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name:
                self.scope.bind(part.name)
            elif isinstance(part, ast.MatchMapping) and part.rest:
                self.scope.bind(part.rest)
            elif isinstance(part, ast.MatchValue):
                yield self.expr(part.value)

    def stmt_FunctionDef(self, node: Definition) -> Iterator[Stmt]:
        for decorator in node.decorator_list:
            yield Evaluate(NOWHERE, self.expr(decorator))
        for parameter in self.parameters(node.args):
            if parameter.default is not None:
                yield Evaluate(NOWHERE, parameter.default)
        target = Place(NOWHERE, self.scope.bind(node.name))
        value: Expr = Closure(NOWHERE, self.inner(node))
        for decorator in node.decorator_list:
            found = self.place(decorator)
            value = Call(NOWHERE, Opaque(NOWHERE, ()) if found is None else found, (Argument(value),))
        yield Assign(NOWHERE, (target,), value)

    stmt_AsyncFunctionDef = stmt_FunctionDef

    def inner(self, node: Definition) -> Procedure:
        procedure = Sketching(self.scope.inner(node.name)).function(node)
        self.scope.nested.append(procedure)
        return procedure

    def stmt_ClassDef(self, node: ast.ClassDef) -> Iterator[Stmt]:
        """The body runs here; what it binds are attributes of the class."""
        for part in (*node.bases, *(keyword.value for keyword in node.keywords), *node.decorator_list):
            yield Evaluate(NOWHERE, self.expr(part))
        name = self.scope.bind(node.name)
        renamed = self.scope.renaming()
        for attribute in class_attributes(node):
            self.scope.rename(attribute, f"{name}.{attribute}")
        for statement in node.body:
            if isinstance(statement, Definition):
                self.inner(statement)
            else:
                yield from self.block([statement])
        self.scope.restore(renamed)


def class_attributes(node: ast.ClassDef) -> Iterator[str]:
    """The plain names assigned directly in a class body."""
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id
