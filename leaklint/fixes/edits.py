"""Changes to a text by character offsets: kept apart, put in, and told as lines and columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from leaklint.finding import Edit
from leaklint.fixes.text import Text


class Change(NamedTuple):
    """Replace the characters from `start` up to `end` by `content`."""

    start: int
    end: int
    content: str


class Overlap(ValueError):
    """Two changes want the same characters."""


def ordered(changes: Iterable[Change]) -> list[Change]:
    """From first to last, the same change only once, what goes in at one place as it was given; raises `Overlap`."""
    found = sorted(dict.fromkeys(changes), key=lambda change: (change.start, change.end))
    for before, after in pairwise(found):
        if after.start < before.end:
            raise Overlap(f"{before} and {after}")
    return found


def apply(source: str, changes: Iterable[Change]) -> str:
    """The text with every change made; raises `Overlap`."""
    parts: list[str] = []
    done = 0
    for change in ordered(changes):
        parts += (source[done : change.start], change.content)
        done = change.end
    parts.append(source[done:])
    return "".join(parts)


def as_edits(text: Text, changes: Iterable[Change]) -> tuple[Edit, ...]:
    """The changes in the words of a finding."""
    found = []
    for change in ordered(changes):
        line, column = text.place(change.start)
        end_line, end_column = text.place(change.end)
        found.append(Edit(line, column, end_line, end_column, change.content))
    return tuple(found)


def as_changes(text: Text, edits: Sequence[Edit]) -> list[Change]:
    """The way back from a finding's edits."""
    return [Change(text.at(e.line, e.column), text.at(e.end_line, e.end_column), e.content) for e in edits]
