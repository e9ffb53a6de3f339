"""What a name may hold while a function is interpreted for one acquisition site.

Values are immutable and compare by content, so that states do. Local containers are boxes: the value names the box, and
what lies in it is kept in the state under the box's own place, so that aliases of a list see the same list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from leaklint.flow.program import Call, Constant, Procedure

Age: TypeAlias = Literal["new", "old"]
Ages: TypeAlias = frozenset[Age]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Anything."""


@dataclass(frozen=True, slots=True)
class Known:
    """This very constant; `kind` keeps `1` and `True` apart."""

    value: Constant
    kind: str


@dataclass(frozen=True, slots=True)
class Truthy:
    """Something true, which need not be an object of interest."""


@dataclass(frozen=True, slots=True)
class Falsy:
    """Something false, perhaps None."""


@dataclass(frozen=True, slots=True)
class Some:
    """Some object, not None: what another acquisition yields."""


@dataclass(frozen=True, slots=True)
class Differs:
    """Anything but these constants."""

    values: frozenset[Known]


@dataclass(frozen=True, slots=True)
class Handle:
    """The resource of the site: the newest one, or the summary of all earlier ones (loops)."""

    age: Age
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """An acquisition that happens when this is awaited or entered; `nested`: awaiting it once yields such a thing."""

    nested: bool = False


@dataclass(frozen=True, slots=True)
class Releasing:
    """A release that happens when this is awaited."""

    ages: Ages


@dataclass(frozen=True, slots=True)
class Derived:
    """A cursor, result or transaction of the resource: owes nothing, leads back to it."""

    age: Age


@dataclass(frozen=True, slots=True)
class Bound:
    """A method of something tracked, not called yet: `conn.close`."""

    base: Value
    name: str


@dataclass(frozen=True, slots=True)
class Releaser:
    """Something that releases when called: `partial(pool.putconn, conn)`."""

    ages: Ages


@dataclass(frozen=True, slots=True)
class Taken:
    """The result of an unknown callee that was given the resource: it may hold it."""

    ages: Ages


@dataclass(frozen=True, slots=True)
class Tuple:
    """A tuple with something tracked in it."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A local container, object or stack; what it holds is in the state, under `name`."""

    name: str
    stack: bool = False


@dataclass(frozen=True, slots=True)
class Object:
    """An object of the project that was given the resource: what it holds is in the state, under `name`."""

    name: str
    field: str
    releases: tuple[str, ...]
    awaited: tuple[str, ...]
    entered: bool
    made: Call


@dataclass(frozen=True, slots=True)
class Inside:
    """What a box holds."""

    ages: Ages


@dataclass(frozen=True, slots=True)
class Function:
    """A nested function or lambda; it sees the variables around it."""

    procedure: Procedure


@dataclass(frozen=True, slots=True)
class Manager:
    """A context manager around something: `closing(x)`, `nullcontext(x)`, `suppress(…)`, a project's own.

    `lends` releases whichever way the block is left, `ends` only where it is not left by an exception.
    """

    kind: Literal["closing", "null", "suppress", "lends", "ends"]
    inner: Value = Unknown()
    types: tuple[str, ...] = ()


Value: TypeAlias = (
    Unknown
    | Known
    | Truthy
    | Falsy
    | Some
    | Differs
    | Handle
    | Pending
    | Releasing
    | Derived
    | Bound
    | Releaser
    | Taken
    | Tuple
    | Box
    | Object
    | Inside
    | Function
    | Manager
)

UNKNOWN = Unknown()
TRUTHY = Truthy()
FALSY = Falsy()
SOME = Some()
NONE = Known(None, "NoneType")
TRUE = Known(True, "bool")
FALSE = Known(False, "bool")
NEW = Handle("new")


def known(value: Constant) -> Known:
    return Known(value, type(value).__name__)


def truth(value: Value) -> bool | None:
    """Whether the value is true, where that is known."""
    match value:
        case Known(constant):
            return bool(constant)
        case Falsy():
            return False
        case Unknown() | Differs() | Taken() | Box() | Inside() | Derived():
            return None
        case _:
            return True


def is_none(value: Value) -> bool | None:
    """Whether the value is None, where that is known."""
    match value:
        case Known(constant):
            return constant is None
        case Differs(values):
            return False if NONE in values else None
        case Unknown() | Falsy() | Taken():
            return None
        case _:
            return False


def ages(value: Value) -> Iterator[Age]:
    """The handles that the value is or directly contains; what lies in boxes and closures is the state's to tell."""
    match value:
        case Handle(age):
            yield age
        case Releasing(found) | Inside(found) | Releaser(found):
            yield from found
        case Bound(base) | Manager(_, base):
            yield from ages(base)
        case Tuple(items):
            for item in items:
                yield from ages(item)
        case _:
            return
