"""Colours: which meaning is shown in which, and a canvas on which coloured pieces are laid over one another."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from leaklint.reports.visible import glyph

STYLES: dict[str, dict[str, Any]] = {
    "": {},
    "error": {"fg": "bright_red", "bold": True},
    "warning": {"fg": "bright_yellow", "bold": True},
    "step": {"fg": "bright_blue", "bold": True},
    "gutter": {"fg": "bright_blue", "bold": True},
    "strong": {"bold": True},
    "help": {"fg": "bright_cyan", "bold": True},
    "good": {"fg": "bright_green", "bold": True},
}


def paint(text: str, style: str, colour: bool) -> str:
    if not (colour and text and style):
        return text
    from click import style as styled

    return styled(text, **STYLES[style])


class Canvas:
    """One line of output, addressed by display column; what is put later covers what was there."""

    def __init__(self) -> None:
        self._cells: list[tuple[str, str]] = []

    def put(self, column: int, text: str, style: str) -> None:
        for char in text:
            size = max(glyph(char)[1], 1)
            self._cells += [(" ", "")] * (column + size - len(self._cells))
            self._cells[column : column + size] = [(char, style), *[("", style)] * (size - 1)]
            column += size

    def render(self, colour: bool) -> str:
        runs = ((style, "".join(char for char, _ in run)) for style, run in groupby(self._cells, lambda cell: cell[1]))
        return "".join(paint(text, style, colour) for style, text in runs).rstrip()
