"""libcst statements → the program: `lower_function` and `lower_module` are the doors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import libcst as cst

from leaklint.flow.bindings import assigned_names, bound_to_whole, captured, irrefutable, outer_names
from leaklint.flow.lower_expressions import ExpressionLowering, place
from leaklint.flow.program import (
    Argument,
    Assert,
    Assign,
    Augment,
    Block,
    Call,
    Case,
    Closure,
    Compare,
    Const,
    Delete,
    Evaluate,
    Expr,
    For,
    Handler,
    If,
    Import,
    Item,
    Jump,
    Match,
    Opaque,
    Place,
    Procedure,
    Raise,
    Return,
    Stmt,
    Try,
    While,
    With,
)
from leaklint.flow.scope import Scope

Notes = list[tuple[cst.CSTNode, str]]


def lower_function(
    node: cst.FunctionDef,
    qualname: str = "",
    class_name: str = "",
    notes: Notes | None = None,
    aliases: Mapping[str, str] | None = None,
) -> Procedure:
    """A function or method as a program; `class_name` is the class it is a method of.

    `aliases` are paths that mean another: properties that hand out a field.
    """
    scope = Scope(node.name.value, qualname or node.name.value, class_name, notes)
    scope.aliases = aliases or {}
    return Lowering(scope).function(node)


def lower_module(module: cst.Module, notes: Notes | None = None) -> Procedure:
    """What a module does when it is imported; functions are only defined by it."""
    lowering = Lowering(Scope("<module>", "", "", notes))
    body = lowering.block(module.body)
    return lowering.scope.procedure(module, "module", (), body)


class Lowering(ExpressionLowering):
    """Lowers statements."""

    def function(self, node: cst.FunctionDef) -> Procedure:
        """`self.scope` is the function's own; decorators and defaults belong to the scope around it."""
        decorators = tuple(self.expr(decorator.decorator) for decorator in node.decorators)
        parameters = self.parameters(node.params)
        self.scope.calls.clear()
        self.scope.parameters(parameters)
        self.scope.declare_outer(outer_names(node.body))
        body = self.block(node.body.body)
        return self.scope.procedure(
            node, "function", parameters, body, asynchronous=node.asynchronous is not None, decorators=decorators
        )

    def block(self, statements: Sequence[cst.CSTNode]) -> Block:
        return tuple(lowered for statement in statements for lowered in self.statement(statement))

    def statement(self, node: cst.CSTNode) -> Iterator[Stmt]:
        lower: Callable[[cst.CSTNode], Iterator[Stmt]] = getattr(self, f"stmt_{type(node).__name__}", self.unknown_stmt)
        return lower(node)

    def unknown_stmt(self, node: cst.CSTNode) -> Iterator[Stmt]:
        self.scope.note(
            node, f"{type(node).__name__} is not understood; what it does with a connection is not followed"
        )
        yield from ()

    def suite(self, node: cst.BaseSuite | cst.Else | cst.Finally | None) -> Block:
        if node is None:
            return ()
        body = node.body if isinstance(node, (cst.Else, cst.Finally)) else node
        return self.block(body.body)

    def stmt_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> Iterator[Stmt]:
        for small in node.body:
            yield from self.statement(small)

    def stmt_Expr(self, node: cst.Expr) -> Iterator[Stmt]:
        yield Evaluate(node, self.expr(node.value))

    def stmt_Assign(self, node: cst.Assign) -> Iterator[Stmt]:
        value = self.stored(node.value)
        yield Assign(node, tuple(self.target(target.target) for target in node.targets), value)

    def stored(self, node: cst.BaseExpression) -> Expr:
        """A value that is bound: of a generator expression, only the first iterable is evaluated yet."""
        if not isinstance(node, cst.GeneratorExp):
            return self.expr(node)
        self.scope.note(node, "what a stored generator expression acquires is not followed")
        return Opaque(node, (self.expr(node.for_in.iter),))

    def stmt_AnnAssign(self, node: cst.AnnAssign) -> Iterator[Stmt]:
        value = self.optional(node.value)
        target = self.target(node.target)
        if value is not None:
            yield Assign(node, (target,), value)

    def stmt_AugAssign(self, node: cst.AugAssign) -> Iterator[Stmt]:
        target = self.target(node.target)
        yield Augment(node, target, self.expr(node.value))

    def stmt_Del(self, node: cst.Del) -> Iterator[Stmt]:
        targets: list[cst.BaseExpression] = [node.target]
        if isinstance(node.target, (cst.Tuple, cst.List)):
            targets = [element.value for element in node.target.elements]
        yield Delete(node, tuple(self.expr(target) for target in targets))

    def stmt_Return(self, node: cst.Return) -> Iterator[Stmt]:
        yield Return(node, self.optional(node.value))

    def stmt_Raise(self, node: cst.Raise) -> Iterator[Stmt]:
        cause = node.cause.item if node.cause else None
        yield Raise(node, self.optional(node.exc), self.optional(cause))

    def stmt_Assert(self, node: cst.Assert) -> Iterator[Stmt]:
        yield Assert(node, self.expr(node.test), self.optional(node.msg))

    def stmt_Pass(self, node: cst.Pass) -> Iterator[Stmt]:
        del node
        yield from ()

    def stmt_Break(self, node: cst.Break) -> Iterator[Stmt]:
        yield Jump(node, "break")

    def stmt_Continue(self, node: cst.Continue) -> Iterator[Stmt]:
        yield Jump(node, "continue")

    def stmt_Import(self, node: cst.Import | cst.ImportFrom) -> Iterator[Stmt]:
        names: list[str] = []
        if not isinstance(node.names, cst.ImportStar):
            for alias in node.names:
                bound = alias.asname.name if alias.asname else alias.name
                while isinstance(bound, cst.Attribute):
                    bound = bound.value  # type: ignore[assignment]  # a dotted import binds its first name
                if isinstance(bound, cst.Name):
                    names.append(self.scope.bind(bound.value))
        yield Import(node, tuple(names))

    stmt_ImportFrom = stmt_Import

    def stmt_Global(self, node: cst.Global | cst.Nonlocal) -> Iterator[Stmt]:
        self.scope.declare_outer(item.name.value for item in node.names)
        yield from ()

    stmt_Nonlocal = stmt_Global

    def stmt_TypeAlias(self, node: cst.TypeAlias) -> Iterator[Stmt]:
        self.scope.bind(node.name.value)
        yield from ()

    def stmt_If(self, node: cst.If) -> Iterator[Stmt]:
        """An `elif` ladder is unrolled from its end, without recursion: it may be hundreds long."""
        ladder: list[cst.If] = [node]
        while isinstance(ladder[-1].orelse, cst.If):
            ladder.append(ladder[-1].orelse)
        lowered = [(rung, self.expr(rung.test), self.suite(rung.body)) for rung in ladder]
        last = ladder[-1].orelse
        orelse = self.suite(last if isinstance(last, cst.Else) else None)
        for rung, test, body in reversed(lowered):
            orelse = (If(rung, test, body, orelse),)
        yield from orelse

    def stmt_While(self, node: cst.While) -> Iterator[Stmt]:
        yield While(node, self.expr(node.test), self.suite(node.body), self.suite(node.orelse))

    def stmt_For(self, node: cst.For) -> Iterator[Stmt]:
        iterable = self.expr(node.iter)
        target = self.target(node.target)
        body, orelse = self.suite(node.body), self.suite(node.orelse)
        yield For(node, target, iterable, body, orelse, asynchronous=node.asynchronous is not None)

    def stmt_Try(self, node: cst.Try | cst.TryStar) -> Iterator[Stmt]:
        body = self.suite(node.body)
        handlers = tuple(self.handler(handler) for handler in node.handlers)
        star = isinstance(node, cst.TryStar)
        yield Try(node, body, handlers, self.suite(node.orelse), self.suite(node.finalbody), star)

    stmt_TryStar = stmt_Try

    def handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> Handler:
        name = None
        if node.name is not None and isinstance(node.name.name, cst.Name):
            name = self.scope.bind(node.name.name.value)
        types = None if node.type is None else tuple(self.exception_types(node.type))
        return Handler(node, types, name, self.suite(node.body))

    def exception_types(self, node: cst.BaseExpression) -> Iterator[str]:
        if isinstance(node, cst.Tuple):
            for element in node.elements:
                yield from self.exception_types(element.value)
        else:
            found = place(node, self.scope)
            yield found.path if found else "?"

    def stmt_With(self, node: cst.With) -> Iterator[Stmt]:
        items = tuple(
            Item(item, self.expr(item.item), None if item.asname is None else self.target(item.asname.name))
            for item in node.items
        )
        yield With(node, items, self.suite(node.body), node.asynchronous is not None)

    def stmt_FunctionDef(self, node: cst.FunctionDef) -> Iterator[Stmt]:
        """Decorators and defaults are evaluated here; at module level the body is a unit of its own."""
        for decorator in node.decorators:
            yield Evaluate(decorator, self.expr(decorator.decorator))
        for parameter in self.parameters(node.params):
            if parameter.default is not None:
                yield Evaluate(node, parameter.default)
        target = Place(node.name, self.scope.bind(node.name.value))
        if not self.scope.qualname:
            return
        procedure = Lowering(self.scope.inner(node.name.value)).function(node)
        self.scope.nested.append(procedure)
        value: Expr = Closure(node, procedure)
        for decorator in node.decorators:
            value = self.decorated(decorator.decorator, value)
        yield Assign(node, (target,), value)

    def decorated(self, decorator: cst.BaseExpression, value: Expr) -> Expr:
        found = place(decorator, self.scope)
        func: Expr = found if found is not None else Opaque(decorator, ())
        return Call(decorator, func, (Argument(value),))

    def stmt_ClassDef(self, node: cst.ClassDef) -> Iterator[Stmt]:
        """The body runs here; what it binds are attributes of the class."""
        for base in (*node.bases, *node.keywords):
            yield Evaluate(base, self.expr(base.value))
        for decorator in node.decorators:
            yield Evaluate(decorator, self.expr(decorator.decorator))
        name = self.scope.bind(node.name.value)
        renamed = self.scope.renaming()
        for attribute in assigned_names(node.body):
            self.scope.rename(attribute, f"{name}.{attribute}")
        for statement in node.body.body:
            if isinstance(statement, cst.FunctionDef):
                self.method(statement)
            else:
                yield from self.statement(statement)
        self.scope.restore(renamed)

    def method(self, node: cst.FunctionDef) -> None:
        """A method of a class inside a function: analysed as a function of its own."""
        if self.scope.qualname:
            self.scope.nested.append(Lowering(self.scope.inner(node.name.value)).function(node))

    def stmt_Match(self, node: cst.Match) -> Iterator[Stmt]:
        subject = self.expr(node.subject)
        yield Match(node, subject, tuple(self.case(case, subject) for case in node.cases))

    def case(self, node: cst.MatchCase, subject: Expr) -> Case:
        captures = tuple(self.scope.bind(name) for name in captured(node.pattern))
        whole = tuple(self.scope.spelling(name) for name in bound_to_whole(node.pattern))
        test = None if irrefutable(node.pattern) else self.pattern_test(node.pattern, subject)
        return Case(node, test, captures, whole, self.optional(node.guard), self.suite(node.body))

    def pattern_test(self, pattern: cst.MatchPattern, subject: Expr) -> Expr:
        """The pattern as a comparison of the subject where it is one; else as something unknown."""
        if isinstance(pattern, cst.MatchAs) and pattern.pattern is not None:
            return self.pattern_test(pattern.pattern, subject)
        if isinstance(pattern, cst.MatchSingleton):
            return Compare(pattern, "is", subject, self.expr(pattern.value))
        if isinstance(pattern, cst.MatchValue):
            value = self.expr(pattern.value)
            return Compare(pattern, "==", subject, value) if isinstance(value, Const) else Opaque(pattern, (value,))
        return Opaque(pattern, ())
