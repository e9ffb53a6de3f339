"""The program that is interpreted: a function's statements and expressions, reduced to what matters for ownership.

Operands stand in the order in which Python evaluates them. Names, attributes of names and attributes of those are one
thing, a `Place`. Every node remembers the libcst node it came from, for positions and fixes.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal, TypeAlias

import libcst as cst

# isort: off
# fmt: off
from leaklint.flow.operands import (
    Argument as Argument, Attribute as Attribute, Await as Await, Bind as Bind, BoolOp as BoolOp, Call as Call,
    Closure as Closure, Compare as Compare, Comprehension as Comprehension, Conditional as Conditional, Const as Const,
    Constant as Constant, Display as Display, Expr as Expr, Not as Not, Opaque as Opaque, Place as Place,
    Starred as Starred, Subscript as Subscript, Yield as Yield,
)
# fmt: on
# isort: on


@dataclass(frozen=True, slots=True, eq=False)
class Stmt:
    """A statement; `node` is where it stands."""

    node: cst.CSTNode


Block: TypeAlias = tuple[Stmt, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluate(Stmt):
    """An expression whose value is dropped."""

    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Append(Stmt):
    """Put the value into the box: what a comprehension does on each turn."""

    box: Place
    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Assign(Stmt):
    """`targets[0] = targets[1] = value`; no value for a bare annotation."""

    targets: tuple[Expr, ...]
    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Augment(Stmt):
    """`target += value`."""

    target: Expr
    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Delete(Stmt):
    """`del targets`."""

    targets: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Return(Stmt):
    """`return value`."""

    value: Expr | None


@dataclass(frozen=True, slots=True, eq=False)
class Raise(Stmt):
    """`raise value from cause`; no value re-raises."""

    value: Expr | None
    cause: Expr | None


@dataclass(frozen=True, slots=True, eq=False)
class Assert(Stmt):
    """`assert test, message`."""

    test: Expr
    message: Expr | None


@dataclass(frozen=True, slots=True, eq=False)
class Import(Stmt):
    """Any import; `names` are bound by it."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Jump(Stmt):
    """`break` or `continue`."""

    kind: Literal["break", "continue"]


@dataclass(frozen=True, slots=True, eq=False)
class If(Stmt):
    """`if` with its `else`; `elif` is an `If` inside `orelse`."""

    test: Expr
    body: Block
    orelse: Block


@dataclass(frozen=True, slots=True, eq=False)
class While(Stmt):
    """`while` with its `else`."""

    test: Expr
    body: Block
    orelse: Block


@dataclass(frozen=True, slots=True, eq=False)
class For(Stmt):
    """`for` or `async for` with its `else`."""

    target: Expr
    iterable: Expr
    body: Block
    orelse: Block
    asynchronous: bool


@dataclass(frozen=True, slots=True, eq=False)
class Handler:
    """One `except` clause; no `types` catches everything."""

    node: cst.CSTNode
    types: tuple[str, ...] | None
    name: str | None
    body: Block


@dataclass(frozen=True, slots=True, eq=False)
class Try(Stmt):
    """`try` in all its forms; `star` for `except*`."""

    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block
    final: Block
    star: bool


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One item of a `with`."""

    node: cst.CSTNode
    value: Expr
    target: Expr | None


@dataclass(frozen=True, slots=True, eq=False)
class With(Stmt):
    """`with` or `async with`."""

    items: tuple[Item, ...]
    body: Block
    asynchronous: bool


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One `case`: the values it compares with, the names it binds, whether it always matches."""

    node: cst.CSTNode
    test: Expr | None
    captures: tuple[str, ...]
    whole: tuple[str, ...]
    guard: Expr | None
    body: Block


@dataclass(frozen=True, slots=True, eq=False)
class Match(Stmt):
    """`match subject`."""

    subject: Expr
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A parameter with its annotation and default; `star` is `""`, `"*"` or `"**"`."""

    name: str
    annotation: cst.BaseExpression | ast.expr | None = None
    default: Expr | None = None
    star: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Procedure:
    """A function, method, lambda, class body or module body, ready to be interpreted."""

    name: str
    qualname: str
    node: cst.CSTNode
    kind: Literal["function", "lambda", "module"]
    parameters: tuple[Parameter, ...]
    body: Block
    asynchronous: bool = False
    generator: bool = False
    decorators: tuple[Expr, ...] = ()
    locals: frozenset[str] = frozenset()
    outer: frozenset[str] = frozenset()
    nested: tuple[Procedure, ...] = ()
    class_name: str = ""
    calls: tuple[Call, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(p.name for p in self.parameters)
