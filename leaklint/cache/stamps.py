"""How a file looks from outside: where nothing of that has changed, what is in it has not changed either."""

from __future__ import annotations

import os
from typing import NamedTuple

YOUNG = 2_000_000_000
"""Nanoseconds: what is written so shortly after another writing may look the same, as far as clocks of disks tell."""


class Stamp(NamedTuple):
    """A file's size, when it was written, when anything about it changed, which no program can set back, and which
    file it is, for another one may be moved into its place."""

    size: int
    written: int
    changed: int
    number: int

    def is_young(self, now: int) -> bool:
        """Whether it may yet be written without looking any different, if it is `now` that it looks like this."""
        return max(self.written, self.changed) > now - YOUNG


def stamp(path: str) -> Stamp | None:
    """How it looks, `None` where it is not to be seen."""
    try:
        seen = os.stat(path)  # noqa: PTH116 - a `Path` costs more than the question
    except OSError:
        return None
    return Stamp(seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino)


def names_in(folder: str) -> frozenset[str]:
    """The names in a folder; none, where it cannot be read."""
    try:
        return frozenset(os.listdir(folder))  # noqa: PTH208 - names will do
    except OSError:
        return frozenset()
