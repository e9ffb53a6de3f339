"""What is read off one function's own program: how often places are mentioned, and what they are given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from leaklint.flow.facts import statements, walk
from leaklint.flow.program import (
    Assign,
    Call,
    Const,
    Delete,
    Display,
    Expr,
    For,
    Place,
    Procedure,
    Starred,
    Subscript,
    While,
    With,
    Yield,
)
from leaklint.ownership.evidence import awaited_calls


class Facts(NamedTuple):
    """What is read off a procedure once: awaited calls, how often places are mentioned, what local places are given."""

    awaited: frozenset[Call]
    mentions: Counter[str]
    sources: dict[str, list[Expr]]


@lru_cache(maxsize=1024)
def facts_of(procedure: Procedure) -> Facts:
    return Facts(awaited_calls(procedure), Counter(mentioned(procedure)), local_sources(procedure))


def local_sources(procedure: Procedure) -> dict[str, list[Expr]]:
    """The expressions whose value each local place is given."""
    found: dict[str, list[Expr]] = {}
    for statement in statements(procedure):
        if isinstance(statement, Assign):
            for target in statement.targets:
                for place, value in _unpacked(target, statement.value):
                    found.setdefault(place.path, []).append(value)
        elif isinstance(statement, With):
            for item in statement.items:
                if isinstance(item.target, Place):
                    found.setdefault(item.target.path, []).append(_entered(item.value))
    return found


def _unpacked(target: Expr, value: Expr) -> Iterator[tuple[Place, Expr]]:
    """The places that an assignment fills, each with the part of the value that it is given."""
    if isinstance(target, Place):
        yield target, value
    elif isinstance(target, Display) and not any(isinstance(one, Starred) for one in target.elements):
        whole = value.elements if isinstance(value, Display) and len(value.elements) == len(target.elements) else ()
        for position, one in enumerate(target.elements):
            part = whole[position] if whole else Subscript(one.node, value, Const(one.node, position))
            yield from _unpacked(one, part)


def _entered(value: Expr) -> Expr:
    """What `with closing(x) as y` binds: `x`."""
    if isinstance(value, Call) and value.method in {"closing", "aclosing", "nullcontext"} and value.args:
        return value.args[0].value
    return value


def mentioned(procedure: Procedure) -> Iterator[str]:
    """Every place mentioned, as often as it is, with its prefixes; in nested functions too."""
    for statement in procedure.body:
        forgotten = {t for s in walk(statement) if isinstance(s, Delete) for t in s.targets}
        for part in walk(statement):
            if isinstance(part, Place) and part not in forgotten:
                path = part.path
                while path:
                    yield path
                    path = path.rpartition(".")[0]
    for inner in procedure.nested:
        yield from mentioned(inner)


def yields_once(procedure: Procedure) -> bool:
    """One `yield`, outside of loops: what dependencies look like."""
    looped = [part for s in statements(procedure) if isinstance(s, (For, While)) for part in walk(s)]
    every = [part for s in procedure.body for part in walk(s) if isinstance(part, Yield)]
    return len(every) == 1 and not any(part is every[0] for part in looped) and not every[0].delegates


def decorator_name(decorator: Expr) -> str:
    func = decorator.func if isinstance(decorator, Call) else decorator
    return func.path.rpartition(".")[2] if isinstance(func, Place) else ""
