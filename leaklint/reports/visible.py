"""Foreign text made safe and countable for a terminal: columns, tabs, wide letters, control characters."""

from __future__ import annotations

import unicodedata

TAB = 4
HARMLESS = frozenset(map(chr, range(0x20, 0x7F)))


def glyph(char: str, column: int = 0) -> tuple[str, int]:
    """What to print for a character at a display column, and how many columns that takes."""
    if char in HARMLESS:
        return char, 1
    if char == "\t":
        width = TAB - column % TAB
        return " " * width, width
    category = unicodedata.category(char)
    if category in ("Cc", "Cf", "Cs", "Zl", "Zp") or char in "\ufffe\uffff":  # escapes, reversed writing and the like
        shown = escaped(char)
        return shown, len(shown)
    if category in ("Mn", "Me"):
        return char, 0
    return char, 2 if unicodedata.east_asian_width(char) in "WF" else 1


def escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def clean(text: str) -> str:
    """A message or a name on one line, with nothing in it that a terminal would obey."""
    return "".join(" " if char == "\t" else glyph(char)[0] for char in text)


def width(text: str) -> int:
    return sum(glyph(char)[1] for char in text)


def laid_out(text: str) -> tuple[str, list[int]]:
    """A source line as printed, and the display column at which each of its characters begins, and the end."""
    shown, columns, column = [], [], 0
    for char in text:
        columns.append(column)
        printed, size = glyph(char, column)
        shown.append(printed)
        column += size
    return "".join(shown), [*columns, column]
