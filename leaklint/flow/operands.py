"""The expressions of the program: operands stand in the order in which Python evaluates them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import libcst as cst

if TYPE_CHECKING:
    from leaklint.flow.program import Procedure, Stmt

Constant: TypeAlias = bool | int | float | str | bytes | None


@dataclass(frozen=True, slots=True, eq=False)
class Expr:
    """An expression; `node` is where it stands."""

    node: cst.CSTNode


@dataclass(frozen=True, slots=True, eq=False)
class Const(Expr):
    """A literal."""

    value: Constant


@dataclass(frozen=True, slots=True, eq=False)
class Place(Expr):
    """A name or a dotted path rooted in one: `conn`, `self.pool.conn`."""

    path: str

    @property
    def root(self) -> str:
        return self.path.partition(".")[0]


@dataclass(frozen=True, slots=True, eq=False)
class Attribute(Expr):
    """An attribute of what is not a place."""

    base: Expr
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Subscript(Expr):
    """`base[index]`."""

    base: Expr
    index: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    """One argument of a call; `star` is `""`, `"*"` or `"**"`."""

    value: Expr
    keyword: str | None = None
    star: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Call(Expr):
    """A call; what it does is asked of the resolver."""

    func: Expr
    args: tuple[Argument, ...]

    @property
    def method(self) -> str:
        """The last name of what is called, or ""."""
        if isinstance(self.func, Place):
            return self.func.path.rpartition(".")[2]
        return self.func.name if isinstance(self.func, Attribute) else ""


@dataclass(frozen=True, slots=True, eq=False)
class Await(Expr):
    """`await value`."""

    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Yield(Expr):
    """`yield value` or `yield from value`."""

    value: Expr | None
    delegates: bool


@dataclass(frozen=True, slots=True, eq=False)
class BoolOp(Expr):
    """`left and right`, `left or right`."""

    op: Literal["and", "or"]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Not(Expr):
    """`not value`."""

    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Compare(Expr):
    """One comparison: `is`, `is not`, `==`, `!=`, `in`, `not in`, or `?` for all others."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Conditional(Expr):
    """`body if test else orelse`."""

    test: Expr
    body: Expr
    orelse: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Display(Expr):
    """A tuple, list, set or dict display; keys of a dict are evaluated but hold nothing."""

    kind: Literal["tuple", "list", "set", "dict"]
    elements: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Starred(Expr):
    """`*value`, in a display or a target."""

    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Bind(Expr):
    """`(target := value)`."""

    target: Expr
    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Closure(Expr):
    """A lambda or a nested function as a value."""

    procedure: Procedure


@dataclass(frozen=True, slots=True, eq=False)
class Comprehension(Expr):
    """A loop that fills `box` with what `body` yields; dict and set comprehensions and generator expressions too."""

    loop: Stmt
    box: Place


@dataclass(frozen=True, slots=True, eq=False)
class Opaque(Expr):
    """Operators, f-strings, slices: operands are evaluated, the result holds none of them."""

    operands: tuple[Expr, ...]
