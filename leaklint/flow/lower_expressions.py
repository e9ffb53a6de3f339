"""libcst expressions → program expressions, operands in the order of Python's evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from leaklint.flow.literals import literal
from leaklint.flow.program import (
    Append,
    Argument,
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
    For,
    If,
    Not,
    Opaque,
    Parameter,
    Place,
    Return,
    Starred,
    Stmt,
    Subscript,
    Yield,
)
from leaklint.flow.scope import Expressions, Scope

COMPARISONS: dict[type[cst.BaseCompOp], str] = {
    cst.Is: "is",
    cst.IsNot: "is not",
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.In: "in",
    cst.NotIn: "not in",
}
SINGLETONS = {"None": None, "True": True, "False": False}


def place(node: cst.BaseExpression, scope: Scope) -> Place | None:
    """The dotted path that `node` spells, or None when it is more than names and dots."""
    attributes: list[str] = []
    base: cst.CSTNode = node
    while isinstance(base, cst.Attribute):
        attributes.append(base.attr.value)
        base = base.value
    if not isinstance(base, cst.Name) or base.value in SINGLETONS:
        return None
    root = scope.spelling(base.value)
    return Place(node, scope.meant(".".join((root, *reversed(attributes)))))


class ExpressionLowering(Expressions[cst.BaseExpression]):
    """Lowers expressions."""

    def other(self, node: cst.BaseExpression) -> Expr:
        self.scope.note(
            node, f"{type(node).__name__} is not understood; what it does with a connection is not followed"
        )
        return Opaque(node, tuple(self.expr(child) for child in node.children if isinstance(child, cst.BaseExpression)))

    def expr_Name(self, node: cst.Name) -> Expr:
        if node.value in SINGLETONS:
            return Const(node, SINGLETONS[node.value])
        return Place(node, self.scope.spelling(node.value))

    def constant(self, node: cst.BaseNumber | cst.BaseString) -> Expr:
        try:
            value = literal(node.value)  # type: ignore[union-attr]  # numbers and plain strings have a value
        except (ValueError, SyntaxError):
            return Opaque(node, ())
        return Opaque(node, ()) if isinstance(value, complex) else Const(node, value)

    expr_Integer = expr_Float = expr_Imaginary = expr_SimpleString = constant

    def expr_Ellipsis(self, node: cst.Ellipsis) -> Expr:
        return Opaque(node, ())

    def expr_ConcatenatedString(self, node: cst.ConcatenatedString) -> Expr:
        return Opaque(node, tuple(self.strings(node)))

    def strings(self, node: cst.BaseExpression) -> Iterator[Expr]:
        """The parts of an implicit concatenation, without recursion: it may be thousands long."""
        while isinstance(node, cst.ConcatenatedString):
            yield self.expr(node.left)
            node = node.right
        yield self.expr(node)

    def expr_FormattedString(self, node: cst.FormattedString) -> Expr:
        return Opaque(node, tuple(self.formatted(node.parts)))

    def expr_TemplatedString(self, node: cst.BaseExpression) -> Expr:
        return Opaque(node, tuple(self.formatted(getattr(node, "parts", ()))))

    def formatted(self, parts: Sequence[cst.CSTNode]) -> Iterator[Expr]:
        for part in parts:
            expression = getattr(part, "expression", None)
            if expression is not None:
                yield self.expr(expression)
                yield from self.formatted(getattr(part, "format_spec", None) or ())

    def expr_Attribute(self, node: cst.Attribute) -> Expr:
        return place(node, self.scope) or Attribute(node, self.expr(node.value), node.attr.value)

    def expr_Subscript(self, node: cst.Subscript) -> Expr:
        base = self.expr(node.value)
        parts = tuple(self.subscript(element.slice) for element in node.slice)
        index = parts[0] if len(parts) == 1 else Opaque(node, parts)
        return Subscript(node, base, index)

    def subscript(self, node: cst.BaseSlice) -> Expr:
        if isinstance(node, cst.Index):
            return self.expr(node.value)
        bounds = (node.lower, node.upper, node.step) if isinstance(node, cst.Slice) else ()
        return Opaque(node, tuple(self.expr(bound) for bound in bounds if bound is not None))

    def expr_Call(self, node: cst.Call) -> Expr:
        func = self.expr(node.func)
        args = tuple(
            Argument(self.expr(arg.value), arg.keyword.value if arg.keyword else None, arg.star) for arg in node.args
        )
        call = Call(node, func, args)
        self.scope.calls.append(call)
        return call

    def expr_Await(self, node: cst.Await) -> Expr:
        return Await(node, self.expr(node.expression))

    def expr_Yield(self, node: cst.Yield) -> Expr:
        self.scope.generator = True
        if isinstance(node.value, cst.From):
            return Yield(node, self.expr(node.value.item), delegates=True)
        return Yield(node, self.optional(node.value), delegates=False)

    def expr_BooleanOperation(self, node: cst.BooleanOperation) -> Expr:
        op = "and" if isinstance(node.operator, cst.And) else "or"
        return BoolOp(node, op, self.expr(node.left), self.expr(node.right))  # type: ignore[arg-type]  # "and" | "or"

    def expr_UnaryOperation(self, node: cst.UnaryOperation) -> Expr:
        value = self.expr(node.expression)
        if isinstance(node.operator, cst.Not):
            return Not(node, value)
        if isinstance(node.operator, cst.Minus) and isinstance(value, Const) and type(value.value) in (int, float):
            return Const(node, -value.value)  # type: ignore[operator]  # a number, as the line above says
        return Opaque(node, (value,))

    def expr_BinaryOperation(self, node: cst.BinaryOperation) -> Expr:
        operands: list[Expr] = []
        left: cst.BaseExpression = node
        while isinstance(left, cst.BinaryOperation):
            operands.append(self.expr(left.right))
            left = left.left
        operands.append(self.expr(left))
        return Opaque(node, tuple(reversed(operands)))

    def expr_Comparison(self, node: cst.Comparison) -> Expr:
        left = self.expr(node.left)
        if len(node.comparisons) == 1:
            (target,) = node.comparisons
            op = COMPARISONS.get(type(target.operator), "?")
            return Compare(node, op, left, self.expr(target.comparator))
        return Opaque(node, (left, *(self.expr(target.comparator) for target in node.comparisons)))

    def expr_IfExp(self, node: cst.IfExp) -> Expr:
        return Conditional(node, self.expr(node.test), self.expr(node.body), self.expr(node.orelse))

    def expr_Tuple(self, node: cst.Tuple) -> Expr:
        return Display(node, "tuple", self.elements(node.elements))

    def expr_List(self, node: cst.List) -> Expr:
        return Display(node, "list", self.variable(node.elements))

    def expr_Set(self, node: cst.Set) -> Expr:
        return Display(node, "set", self.variable(node.elements))

    def variable(self, elements: Sequence[cst.BaseElement]) -> tuple[Expr, ...]:
        """The elements whose place tells nothing, without the literals: tables of data are long."""
        return tuple(element for element in self.elements(elements) if not isinstance(element, Const))

    def elements(self, elements: Sequence[cst.BaseElement]) -> tuple[Expr, ...]:
        return tuple(
            Starred(e, self.expr(e.value)) if isinstance(e, cst.StarredElement) else self.expr(e.value)
            for e in elements
        )

    def expr_Dict(self, node: cst.Dict) -> Expr:
        elements: list[Expr] = []
        for element in node.elements:
            if isinstance(element, cst.DictElement):
                elements.append(Opaque(element.key, (self.expr(element.key),)))
                elements.append(self.expr(element.value))
            else:
                elements.append(Starred(element, self.expr(element.value)))
        return Display(node, "dict", tuple(elements))

    def expr_NamedExpr(self, node: cst.NamedExpr) -> Expr:
        value = self.expr(node.value)
        return Bind(node, self.target(node.target), value)

    def target(self, node: cst.BaseExpression) -> Expr:
        """A target of an assignment; the names in it become local."""
        if isinstance(node, cst.Name):
            return Place(node, self.scope.bind(node.value))
        if isinstance(node, (cst.Tuple, cst.List)):
            return Display(
                node,
                "tuple",
                tuple(
                    Starred(e, self.target(e.value)) if isinstance(e, cst.StarredElement) else self.target(e.value)
                    for e in node.elements
                ),
            )
        return self.expr(node)

    def expr_Lambda(self, node: cst.Lambda) -> Expr:
        parameters = self.parameters(node.params)
        inner = ExpressionLowering(self.scope.inner("<lambda>"))
        inner.scope.parameters(parameters)
        value = inner.expr(node.body)
        body: tuple[Stmt, ...] = (Return(node.body, value),)
        procedure = inner.scope.procedure(node, "lambda", parameters, body)
        self.scope.nested.append(procedure)
        return Closure(node, procedure)

    def parameters(self, params: cst.Parameters) -> tuple[Parameter, ...]:
        found: list[Parameter] = []
        for param, star in self.each_parameter(params):
            annotation = param.annotation.annotation if param.annotation else None
            found.append(Parameter(param.name.value, annotation, self.optional(param.default), star))
        return tuple(found)

    @staticmethod
    def each_parameter(params: cst.Parameters) -> Iterator[tuple[cst.Param, str]]:
        for param in (*params.posonly_params, *params.params):
            yield param, ""
        if isinstance(params.star_arg, cst.Param):
            yield params.star_arg, "*"
        for param in params.kwonly_params:
            yield param, ""
        if params.star_kwarg is not None:
            yield params.star_kwarg, "**"

    def comprehension(self, node: cst.BaseSimpleComp | cst.DictComp) -> Expr:
        renamed = self.scope.renaming()
        box = Place(node, self.scope.fresh("comprehension"))
        loop = self.generator(node.for_in, node, box)
        self.scope.restore(renamed)
        return Comprehension(node, loop, box)

    expr_ListComp = expr_SetComp = expr_GeneratorExp = expr_DictComp = comprehension

    def generator(self, part: cst.CompFor, node: cst.BaseSimpleComp | cst.DictComp, box: Place) -> Stmt:
        iterable = self.expr(part.iter)
        for name in target_names(part.target):
            self.scope.rename(name)
        target = self.target(part.target)
        tests = [self.expr(condition.test) for condition in part.ifs]
        if part.inner_for_in is not None:
            body = self.generator(part.inner_for_in, node, box)
        elif isinstance(node, cst.DictComp):
            body = Append(node.value, box, Display(node, "tuple", (self.expr(node.key), self.expr(node.value))))
        else:
            element = node.elt
            body = Append(element, box, self.expr(element))
        for test in reversed(tests):
            body = If(test.node, test, (body,), ())
        return For(part, target, iterable, (body,), (), asynchronous=part.asynchronous is not None)

    def expr_StarredElement(self, node: cst.StarredElement) -> Expr:
        return Starred(node, self.expr(node.value))


def target_names(node: cst.BaseExpression) -> Iterator[str]:
    """The plain names that a target binds."""
    if isinstance(node, cst.Name):
        yield node.value
    elif isinstance(node, (cst.Tuple, cst.List)):
        for element in node.elements:
            yield from target_names(element.value)
