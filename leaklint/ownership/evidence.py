"""Signs that a value is a connection: what is called on it, and to whom it is given back."""

from __future__ import annotations

from collections.abc import Iterator

from leaklint.drivers.spec import Acquisition
from leaklint.flow.facts import statements, walk
from leaklint.flow.program import Assign, Attribute, Await, Bind, Call, Display, Expr, Place, Procedure, With
from leaklint.ownership.catalog import USES


def used_as_connection(procedure: Procedure, call: Call, resource: Acquisition | None = None) -> bool:
    """Whether what the call yields is used as a connection, or given back by its counterpart, in this function."""
    counterparts = set(resource.pool_releases) if resource is not None else set()
    names = set(bound_names(procedure, call))
    for other in every_call(procedure):
        if isinstance(other.func, Place):
            base, _, method = other.func.path.rpartition(".")
            if base in names and method in USES:
                return True
        if isinstance(other.func, Attribute) and other.method in USES and any(p is call for p in walk(other.func.base)):
            return True
        if other.method in counterparts and any(
            isinstance(a.value, Place) and a.value.path in names for a in other.args
        ):
            return True
    return False


def every_call(procedure: Procedure) -> Iterator[Call]:
    yield from procedure.calls
    for inner in procedure.nested:
        yield from every_call(inner)


def bound_names(procedure: Procedure, call: Call) -> Iterator[str]:
    """The places that the result of a call is bound to."""
    for statement in statements(procedure):
        if isinstance(statement, Assign) and yields(statement.value, call):
            for target in statement.targets:
                yield from _names(matching(target, statement.value, call))
        elif isinstance(statement, With):
            for item in statement.items:
                if item.target is not None and any(part is call for part in walk(item.value)):
                    yield from _names(item.target)
        for part in walk(statement) if not isinstance(statement, (Assign, With)) else ():
            if isinstance(part, Bind) and yields(part.value, call):
                yield from _names(part.target)


def matching(target: Expr, value: Expr, call: Call) -> Expr:
    """The part of a tuple target that the call's value goes to."""
    if isinstance(target, Display) and isinstance(value, Display) and len(target.elements) == len(value.elements):
        for element, part in zip(target.elements, value.elements, strict=True):
            if any(inner is call for inner in walk(part)):
                return element
    return target


def yields(value: Expr, call: Call) -> bool:
    """Whether the value of an expression may be what the call yields."""
    return any(part is call for part in walk(value)) and not (
        isinstance(value, Call) and value is not call and isinstance(value.func, Attribute)
    )


def _names(target: Expr) -> Iterator[str]:
    if isinstance(target, Place):
        yield target.path
    elif isinstance(target, Display):
        for element in target.elements:
            yield from _names(element)


def awaited_calls(procedure: Procedure) -> frozenset[Call]:
    """The calls whose result is awaited, also through `wait_for` and the like, or entered by `async with`."""
    found: set[Call] = set()
    for statement in procedure.body:
        for part in walk(statement):
            if isinstance(part, Await):
                found |= {inner for inner in walk(part.value) if isinstance(inner, Call)}
            elif isinstance(part, With) and part.asynchronous:
                found |= {item.value for item in part.items if isinstance(item.value, Call)}
    return frozenset(found)
