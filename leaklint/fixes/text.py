"""A file's text as rewrites see it: offsets, indentation, comments, and the lines that must not be shifted."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from bisect import bisect_right
from functools import cached_property

NEWLINE = re.compile(r"\r\n|\r|\n")
STRINGS = frozenset({tokenize.STRING, *(getattr(tokenize, name, -1) for name in ("FSTRING_MIDDLE", "TSTRING_MIDDLE"))})


class Text:
    """The decoded text of a Python file, whose lines end as Python's own parser has it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.starts = [0, *(match.end() for match in NEWLINE.finditer(source))]
        found = NEWLINE.search(source)
        self.newline = found[0] if found else "\n"

    def line(self, number: int) -> str:
        """A line without its end."""
        return self.source[self.starts[number - 1] : self.end_of(number)]

    def end_of(self, number: int) -> int:
        """The offset at which a line's text ends, before the characters that end the line."""
        after = self.starts[number] if number < len(self.starts) else len(self.source)
        stretch = self.source[self.starts[number - 1] : after]
        return self.starts[number - 1] + len(stretch.rstrip("\r\n"))

    def after(self, number: int) -> int:
        """The offset of the next line."""
        return self.starts[number] if number < len(self.starts) else len(self.source)

    @property
    def lines(self) -> int:
        return len(self.starts)

    def at(self, line: int, column: int) -> int:
        """The offset of a place in characters, both counted from 1."""
        return self.starts[line - 1] + column - 1

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both counted from 1, of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def start(self, node: ast.AST) -> int:
        """Where a node begins; `ast` counts columns in bytes."""
        return self._offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]  # a node with a place

    def end(self, node: ast.AST) -> int:
        return self._offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]  # a node with a place

    def _offset(self, line: int, column: int) -> int:
        begin = self.starts[line - 1]
        if self.source.isascii():
            return begin + column
        return begin + len(self.line(line).encode()[:column].decode(errors="ignore"))

    def of(self, node: ast.AST) -> str:
        """The text of a node."""
        return self.source[self.start(node) : self.end(node)]

    def indentation(self, line: int) -> str:
        text = self.line(line)
        return text[: len(text) - len(text.lstrip(" \t\f"))]

    def is_blank(self, line: int) -> bool:
        return not self.line(line).strip()

    @cached_property
    def _tokens(self) -> list[tokenize.TokenInfo]:
        source = io.StringIO(NEWLINE.sub("\n", self.source))
        return list(tokenize.generate_tokens(source.readline))

    @cached_property
    def comments(self) -> dict[int, tuple[int, str]]:
        """Line → column (from 0) and text of the comment on it."""
        return {t.start[0]: (t.start[1], t.string) for t in self._tokens if t.type == tokenize.COMMENT}

    @cached_property
    def fixed(self) -> frozenset[int]:
        """The lines that begin inside a string: shifting them would change it."""
        return frozenset(
            line for t in self._tokens if t.type in STRINGS for line in range(t.start[0] + 1, t.end[0] + 1)
        )
