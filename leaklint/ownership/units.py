"""A project's functions and top levels as programs, each parsed and lowered when first asked for."""

from __future__ import annotations

import tokenize
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import libcst as cst

from leaklint.ownership import easier
from leaklint.ownership.index import Function, Module
from leaklint.ownership.resolve import Target
from leaklint.reading import decode, split_lines
from leaklint.source import Unit, function_unit, module_unit

if TYPE_CHECKING:
    from leaklint.ownership.project import Project

DEEPEST = 400
"""Deeper nesting than this is left alone: libcst needs a multiple of the time for it, and then the stack."""

UNREADABLE = (cst.ParserSyntaxError, SyntaxError, tokenize.TokenError, UnicodeError, LookupError, RecursionError)
"""What libcst raises for a text that it cannot make a tree of."""

Key = tuple[str, str]


class Units:
    """Lines and programs by file; what cannot be read is noted and None."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.parsed: dict[tuple[str, str], tuple[Unit, int]] = {}
        self._lines = lru_cache(maxsize=16)(self._read)  # what is asked for together lies in few files
        self._units: dict[Key, Unit | None] = {}

    def lines(self, module: Module) -> list[str]:
        path = self.project.modules.path_of(module)
        self.project.grounds.ask("file", str(path))
        return self._lines(path)

    def _read(self, path: Path) -> list[str]:
        text = self.project.modules.texts.get(path)
        return split_lines(decode(text if text is not None else path.read_bytes()))

    def unit(self, module: Module, function: Function) -> Unit | None:
        """The function as a program, or None where libcst cannot parse it."""
        key = (str(self.project.modules.path_of(module)), function.key)
        self.project.grounds.ask("file", key[0])
        if key not in self._units:
            try:
                unit = self._units[key] = self._parsed(self.lines(module), function, self.aliases(module, function))
                places = unit.spans([node for node, _ in unit.notes]) if unit.notes else []
                self.project.notes += [
                    f"{key[0]}:{p.line}: {text}" for p, (_, text) in zip(places, unit.notes, strict=True)
                ]
            except (*UNREADABLE, StopIteration, AssertionError) as error:
                self._units[key] = None
                self.project.notes.append(f"{key[0]}:{function.line}: {function.qualname} could not be read: {error}")
        return self._units[key]

    def aliases(self, module: Module, function: Function) -> dict[str, str]:
        """The properties of a method's class that hand out a field, both as the method spells them."""
        if not function.class_name or not function.params:
            return {}
        class_ = Target("class", function.class_name, module)
        receiver = function.params[0].name
        return {
            f"{receiver}.{name}": f"{receiver}.{field}" for name, field in self.project.objects.lent(class_).items()
        }

    def _parsed(self, lines: list[str], function: Function, aliases: dict[str, str]) -> Unit:
        """Each text is parsed once: a proposed rewrite leaves most functions as they are, some lines further down."""
        text = "\n".join(lines[function.line - 1 : function.end_line]) + "\n"
        key = (f"{function.class_name}:{function.qualname}:{aliases}", text)
        if key not in self.parsed:
            made = read(text, function.depth, lambda easy: function_unit(easy, function, aliases))
            self.parsed[key] = (made, function.line)
        unit, line = self.parsed[key]
        return unit._replace(offset=unit.offset + function.line - line)

    def module_unit(self, module: Module) -> Unit | None:
        """A module's top level as a program."""
        path = self.project.modules.path_of(module)
        key = (str(path), "")
        self.project.grounds.ask("file", key[0])
        if key not in self._units:
            text = self.project.modules.texts.get(path)
            try:
                whole = decode(text if text is not None else path.read_bytes())
                self._units[key] = read(whole, module.depth, module_unit)
            except UNREADABLE as error:
                self._units[key] = None
                self.project.notes.append(f"{path}: the top level could not be read: {error}")
        return self._units[key]


def read(text: str, depth: int, unit: Callable[[str], Unit]) -> Unit:
    """The text as a program, made easier where libcst would not read it; raises one of `UNREADABLE`."""
    if depth <= DEEPEST:
        try:
            return unit(text)
        except cst.ParserSyntaxError:
            pass  # as it does of thousands of strings in a row
    easy = easier.easier(text)
    if easier.depth(easy) > DEEPEST:
        raise RecursionError("it is nested too deeply")
    return unit(easy)
