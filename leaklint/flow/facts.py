"""What can be read off a program without interpreting it: which places occur where. Found once, shared by all runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any

from leaklint.flow.program import (
    Argument,
    Call,
    Case,
    Closure,
    Expr,
    Handler,
    Item,
    Place,
    Procedure,
    Stmt,
)

Node = Expr | Stmt | Argument | Handler | Item | Case
PARTS = (Expr, Stmt, Argument, Handler, Item, Case)


@cache
def _part_names(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.name not in {"node", "procedure"})


def parts(node: Node) -> Iterator[Node]:
    """The direct parts of a program node; the body of a closure is no part."""
    kind: Any = type(node)
    for name in _part_names(kind):
        value = getattr(node, name)
        if isinstance(value, PARTS):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, PARTS))


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it, depth first, without recursion; bodies of closures are left out."""
    pending = [node]
    while pending:
        found = pending.pop()
        yield found
        pending.extend(parts(found))


@lru_cache(maxsize=4096)
def paths(node: Node) -> frozenset[str]:
    """Every place mentioned in the node, each with all its prefixes; what closures in it see counts too."""
    found: set[str] = set()
    for part in walk(node):
        if isinstance(part, Place):
            path = part.path
            while path:
                found.add(path)
                path = path.rpartition(".")[0]
        elif isinstance(part, Closure):
            found |= free_names(part.procedure)
    return frozenset(found)


@lru_cache(maxsize=4096)
def calls(node: Node) -> frozenset[Call]:
    """Every call in the node."""
    return frozenset(part for part in walk(node) if isinstance(part, Call))


@lru_cache(maxsize=1024)
def free_names(procedure: Procedure) -> frozenset[str]:
    """The names that a nested function takes from around it."""
    found: set[str] = set(procedure.outer)
    for statement in procedure.body:
        found |= {path.partition(".")[0] for path in paths(statement)}
    for inner in procedure.nested:
        found |= free_names(inner)
    return frozenset(found - procedure.locals)


def statements(procedure: Procedure) -> Iterator[Stmt]:
    """Every statement of the function itself."""
    for statement in procedure.body:
        yield from (part for part in walk(statement) if isinstance(part, Stmt))
