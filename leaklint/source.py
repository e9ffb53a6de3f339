"""Bytes → program: a function's own lines, parsed by libcst and lowered, and positions for what is reported of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from leaklint.finding import Span
from leaklint.flow.lower import Notes, lower_function, lower_module
from leaklint.flow.program import Procedure
from leaklint.ownership.index import Function

LINE = re.compile(r"\r\n|\r|\n")


class Unit(NamedTuple):
    """A function (or a module's top level) as a program; `offset` is added to the lines that libcst counts."""

    procedure: Procedure
    tree: cst.Module
    offset: int
    notes: Notes

    def spans(self, nodes: Sequence[cst.CSTNode]) -> list[Span]:
        """Where the nodes stand in the file: lines and columns from 1, columns in characters."""
        positions = positions_in(self.tree)
        found: list[Span] = []
        for node in nodes:
            place = positions[node]
            start, end = place.start, place.end
            found.append(Span(start.line + self.offset, start.column + 1, end.line + self.offset, end.column + 1))
        return found


@lru_cache(maxsize=4)
def positions_in(tree: cst.Module) -> Mapping[cst.CSTNode, CodeRange]:
    """The position of every node of a tree."""
    return MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)


def function_unit(text: str, function: Function, aliases: Mapping[str, str] | None = None) -> Unit:
    """The function with this text; raises `libcst.ParserSyntaxError`. `aliases`: see `lower_function`.

    An indented function is parsed below an artificial `if True:`, so that its own lines stay as they are.
    """
    indented = bool(text[:1].isspace())
    tree = cst.parse_module(f"if True:\n{text}" if indented else text)
    notes: Notes = []
    procedure = lower_function(_definition(tree, indented), function.qualname, function.class_name, notes, aliases)
    return Unit(procedure, tree, function.line - (2 if indented else 1), notes)


def _definition(tree: cst.Module, indented: bool) -> cst.FunctionDef:
    body: Sequence[cst.CSTNode] = tree.body
    if indented:
        outer = tree.body[0]
        assert isinstance(outer, cst.If)
        body = outer.body.body
    return next(node for node in body if isinstance(node, cst.FunctionDef))


def module_unit(text: str) -> Unit:
    """A module's top level; raises `libcst.ParserSyntaxError`."""
    tree = cst.parse_module(text)
    notes: Notes = []
    return Unit(lower_module(tree, notes), tree, 0, notes)
