"""What a function's text tells of its names, collected while it is lowered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, Literal, TypeVar

import libcst as cst

from leaklint.flow.program import Block, Call, Expr, Parameter, Procedure

N = TypeVar("N")


class Scope:
    """One function's names: bound, global, nonlocal, renamed for a comprehension; its calls and inner functions."""

    def __init__(
        self, name: str, qualname: str, class_name: str = "", notes: list[tuple[cst.CSTNode, str]] | None = None
    ):
        self.name = name
        self.qualname = qualname
        self.class_name = class_name
        self.notes: list[tuple[cst.CSTNode, str]] = [] if notes is None else notes
        self.bound: set[str] = set()
        self.outer: set[str] = set()
        self.calls: list[Call] = []
        self.nested: list[Procedure] = []
        self.generator = False
        self.renames: dict[str, str] = {}
        self.aliases: Mapping[str, str] = {}
        self.counter = 0

    def inner(self, name: str) -> Scope:
        """The scope of a function defined inside this one."""
        scope = Scope(name, f"{self.qualname}.{name}" if self.qualname else name, "", self.notes)
        scope.renames = dict(self.renames)
        scope.aliases = self.aliases
        return scope

    def note(self, node: cst.CSTNode, text: str) -> None:
        self.notes.append((node, text))

    def meant(self, path: str) -> str:
        """The path itself, or that of the field behind a property: `self.conn.close` as `self._conn.close`."""
        for alias, field in self.aliases.items():
            if path == alias or path.startswith(f"{alias}."):
                return field + path.removeprefix(alias)
        return path

    def spelling(self, name: str) -> str:
        """How `name` is called in the program: its own name, or the one a comprehension or class body gave it."""
        return self.renames.get(name, name)

    def bind(self, name: str) -> str:
        spelling = self.spelling(name)
        if name not in self.outer:
            self.bound.add(spelling.partition(".")[0])
        return spelling

    def fresh(self, stem: str) -> str:
        """A local name that no source can spell."""
        self.counter += 1
        name = f"<{stem} {self.qualname} {self.counter}>"
        self.bound.add(name)
        return name

    def rename(self, name: str, to: str = "") -> None:
        self.renames[name] = to or self.fresh(name)

    def renaming(self) -> dict[str, str]:
        return dict(self.renames)

    def restore(self, renames: dict[str, str]) -> None:
        self.renames = renames

    def parameters(self, parameters: Iterable[Parameter]) -> None:
        for parameter in parameters:
            self.renames.pop(parameter.name, None)
            self.bound.add(parameter.name)

    def declare_outer(self, names: Iterable[str]) -> None:
        self.outer.update(names)

    def procedure(
        self,
        node: cst.CSTNode,
        kind: Literal["function", "lambda", "module"],
        parameters: tuple[Parameter, ...],
        body: Block,
        *,
        asynchronous: bool = False,
        decorators: tuple[Expr, ...] = (),
    ) -> Procedure:
        return Procedure(
            name=self.name,
            qualname=self.qualname,
            node=node,
            kind=kind,
            parameters=parameters,
            body=body,
            asynchronous=asynchronous,
            generator=self.generator,
            decorators=decorators,
            locals=frozenset(self.bound - self.outer),
            outer=frozenset(self.outer),
            nested=tuple(self.nested),
            class_name=self.class_name,
            calls=tuple(self.calls),
        )


class Expressions(Generic[N]):
    """Makes program expressions of nodes, each kind by the method that is named after it.

    `scope` collects the names they bind, the calls and the functions they contain.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def expr(self, node: N) -> Expr:
        make: Callable[[N], Expr] = getattr(self, f"expr_{type(node).__name__}", self.other)
        return make(node)

    def optional(self, node: N | None) -> Expr | None:
        return None if node is None else self.expr(node)

    def other(self, node: N) -> Expr:
        """An expression of a kind for which there is no method."""
        raise NotImplementedError
