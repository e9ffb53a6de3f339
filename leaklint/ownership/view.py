"""What paths and expressions mean inside one function: by its parameters, its variables and the functions around it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst

from leaklint.flow.program import (
    Attribute,
    Await,
    BoolOp,
    Call,
    Conditional,
    Const,
    Expr,
    Place,
    Procedure,
    Subscript,
)
from leaklint.ownership.index import Function, Module
from leaklint.ownership.local import facts_of
from leaklint.ownership.resolve import UNKNOWN, Target
from leaklint.ownership.sources import annotated

if TYPE_CHECKING:
    from leaklint.ownership.project import Project


class View:
    """One procedure in its module; `outer` is the view of the function around a nested one."""

    def __init__(
        self,
        project: Project,
        module: Module,
        procedure: Procedure,
        function: Function | None,
        outer: View | None = None,
    ) -> None:
        self.project = project
        self.module = module
        self.procedure = procedure
        self.function = function
        self.outer = outer
        self.awaited, self.mentions, self.sources = facts_of(procedure)
        self._types: dict[str, Target] = {}
        self._values: dict[Expr, Target] = {}

    def is_given(self, place: str) -> bool:
        """Whether the place is a parameter or assigned, in this function or, for a variable, in one around it."""
        own = place in self.sources or place in self.procedure.names
        return own or (self.outer is not None and "." not in place and self.outer.is_given(place))

    def target(self, path: str) -> Target:
        """What a dotted path means in this function."""
        found = self._types.get(path)
        if found is None:
            self._types[path] = UNKNOWN
            found = self._target(path)
            self._types[path] = found
        return found

    def _target(self, path: str) -> Target:
        base, _, name = path.rpartition(".")
        if base:
            return self.project.names.member(self.target(base), name)
        if name in self.procedure.locals:
            return self._local(name)
        if self.outer is not None:
            return self.outer.target(name)
        return self.project.names.path(self.module, name)

    def _local(self, name: str) -> Target:
        names = self.project.names
        if self.procedure.class_name and self.procedure.names[:1] == (name,):
            decorators = {d.path for d in self.procedure.decorators if isinstance(d, Place)}
            if "staticmethod" not in decorators:
                kind = "class" if "classmethod" in decorators else "instance"
                return Target(kind, self.procedure.class_name, self.module)  # type: ignore[arg-type]  # one of the kinds
        for param in self.function.params if self.function else ():
            if param.name == name and param.annotation is not None:
                return names.first(names.sources(self.module, (param.annotation,)))
        for parameter in self.procedure.parameters if self.function is None else ():
            if parameter.name == name and parameter.annotation is not None:
                return self._annotation(parameter.annotation)
        found = names.first(self.of(expr) for expr in self.sources.get(name, ()))
        if found.kind == "unknown" and name in self.module.imports:
            return names.imported(self.module, name)
        return found

    def _annotation(self, node: cst.BaseExpression | ast.expr) -> Target:
        try:
            tree = node
            if isinstance(tree, cst.BaseExpression):
                tree = ast.parse(cst.Module([]).code_for_node(tree), mode="eval").body
            found = annotated(tree)
        except (SyntaxError, ValueError):
            return UNKNOWN
        names = self.project.names
        return names.first(names.sources(self.module, (found,))) if found is not None else UNKNOWN

    def of(self, expr: Expr) -> Target:
        """What an expression's value is."""
        found = self._values.get(expr)
        if found is None:
            self._values[expr] = UNKNOWN
            found = self._values[expr] = self._evaluated(expr)
        return found

    def _evaluated(self, expr: Expr) -> Target:
        match expr:
            case Await(value=value):
                return self.of(value)
            case Place(path=path):
                return self.target(path)
            case Call(func=Place(path="super")) if self.procedure.class_name:
                return Target("super", self.procedure.class_name, self.module)
            case Call(func=Place(path=path), args=args):
                given = [self.target(a.value.path).name for a in args if isinstance(a.value, Place)]
                return self._called(self.target(path), given)
            case Attribute(base=base, name=name):
                return self.project.names.member(self.of(base), name)
            case Call(func=func):
                return self._called(self.of(func), [])
            case Subscript(base=Call(func=func) | Await(value=Call(func=func)), index=Const(value=int(position))):
                return self.project.names.item(self.of(func), position)
            case BoolOp(left=left, right=right):
                return self.project.names.first(iter((self.of(left), self.of(right))))
            case Conditional(body=body, orelse=orelse):
                return self.project.names.first(iter((self.of(body), self.of(orelse))))
            case _:
                return UNKNOWN

    def _called(self, target: Target, given: list[str]) -> Target:
        if target.kind in {"library", "member"}:
            made = self.project.catalog.made(target.name, given)
            return Target("instance", made) if made else UNKNOWN
        return self.project.names.called(target, (), self.module)
