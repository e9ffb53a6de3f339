"""The names that patterns, class bodies and declarations bind."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

SUITES = (
    cst.BaseSuite,
    cst.BaseCompoundStatement,
    cst.SimpleStatementLine,
    cst.Else,
    cst.Finally,
    cst.ExceptHandler,
    cst.ExceptStarHandler,
    cst.MatchCase,
)
"""Nodes that statements of the same function can stand in."""


def captured(pattern: cst.CSTNode) -> Iterator[str]:
    """The names that a pattern binds."""
    name = getattr(pattern, "name", None)
    if isinstance(pattern, (cst.MatchAs, cst.MatchStar)) and isinstance(name, cst.Name):
        yield name.value
    rest = getattr(pattern, "rest", None)
    if isinstance(rest, cst.Name):
        yield rest.value
    for child in pattern.children:
        yield from captured(child)


def bound_to_whole(pattern: cst.MatchPattern) -> Iterator[str]:
    """The names that a pattern binds to the subject itself."""
    if isinstance(pattern, cst.MatchAs):
        if pattern.name is not None:
            yield pattern.name.value
        if pattern.pattern is not None:
            yield from bound_to_whole(pattern.pattern)


def irrefutable(pattern: cst.MatchPattern) -> bool:
    return isinstance(pattern, cst.MatchAs) and (pattern.pattern is None or irrefutable(pattern.pattern))


def assigned_names(body: cst.BaseSuite) -> Iterator[str]:
    """The plain names assigned directly in a class body."""
    for line in body.body:
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            targets = small.targets if isinstance(small, cst.Assign) else ()
            for target in targets:
                if isinstance(target.target, cst.Name):
                    yield target.target.value
            if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
                yield small.target.value


def outer_names(node: cst.CSTNode) -> Iterator[str]:
    """The names declared `global` or `nonlocal` in a function's own body, wherever the statement stands."""
    for child in node.children:
        if isinstance(child, (cst.Global, cst.Nonlocal)):
            yield from (item.name.value for item in child.names)
        elif isinstance(child, SUITES) and not isinstance(child, (cst.FunctionDef, cst.ClassDef)):
            yield from outer_names(child)
