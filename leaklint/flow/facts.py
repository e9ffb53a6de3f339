"""What can be read off a program without interpreting it: which places occur where. Found once, shared by all runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any, NamedTuple

import libcst as cst

from leaklint.flow.program import (
    Argument,
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
PART = re.compile(r"\b(Expr|Stmt|Block|Argument|Handler|Item|Case|Place)\b")
"""The types that stand in the annotation of a field with parts in it."""


@cache
def _part_names(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if PART.search(f.type))  # type: ignore[arg-type]  # a string


def parts(node: Node) -> list[Node]:
    """The direct parts of a program node; the body of a closure is no part."""
    found: list[Node] = []
    kind: Any = type(node)
    for name in _part_names(kind):
        value = getattr(node, name)
        if isinstance(value, tuple):
            found += value
        elif value is not None:
            found.append(value)
    return found


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it, depth first, without recursion; bodies of closures are left out."""
    pending = [node]
    while pending:
        found = pending.pop()
        yield found
        pending += parts(found)


def order(procedure: Procedure) -> dict[cst.CSTNode, int]:
    """The number of each of libcst's nodes in the order of evaluation."""
    found: dict[cst.CSTNode, int] = {}
    for statement in procedure.body:
        for part in reversed(list(walk(statement))):
            if isinstance(part, (Expr, Stmt)):
                found.setdefault(part.node, len(found))
    return found


@lru_cache(maxsize=4096)
def paths(node: Node) -> frozenset[str]:
    """Every place mentioned in the node, each with all its prefixes; what closures in it see counts too."""
    return _mentioned(walk(node))


def _mentioned(parts: Iterable[Node]) -> frozenset[str]:
    found: set[str] = set()
    for part in parts:
        if isinstance(part, Place):
            path = part.path
            while path:
                found.add(path)
                path = path.rpartition(".")[0]
        elif isinstance(part, Closure):
            found |= free_names(part.procedure)
    return frozenset(found)


@lru_cache(maxsize=1024)
def free_names(procedure: Procedure) -> frozenset[str]:
    """The names that a nested function takes from around it."""
    found: set[str] = set(procedure.outer)
    for statement in procedure.body:
        found |= {path.partition(".")[0] for path in paths(statement)}
    for inner in procedure.nested:
        found |= free_names(inner)
    return frozenset(found - procedure.locals)


class Level(NamedTuple):
    """What a statement evaluates itself, and the statements directly in it."""

    own: tuple[Node, ...]
    inner: tuple[Stmt, ...]

    @property
    def paths(self) -> frozenset[str]:
        return _mentioned(self.own)


def level(statement: Stmt) -> Level:
    """The statement taken apart, without recursion."""
    own: list[Node] = []
    inner: list[Stmt] = []
    pending = parts(statement)
    while pending:
        found = pending.pop()
        if isinstance(found, Stmt):
            inner.append(found)
        else:
            own.append(found)
            pending += parts(found)
    return Level(tuple(own), tuple(inner))


@lru_cache(maxsize=256)
def statements(procedure: Procedure) -> tuple[Stmt, ...]:
    """Every statement of the function itself."""
    return tuple(part for statement in procedure.body for part in walk(statement) if isinstance(part, Stmt))


@lru_cache(maxsize=256)
def all_statements(procedure: Procedure) -> tuple[Stmt, ...]:
    """Every statement of the function and of those nested in it."""
    return (*statements(procedure), *(inner for nested in procedure.nested for inner in all_statements(nested)))
