"""The texts of a run: some megabytes in memory, all others put aside in a temporary file, where nobody changes them."""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOM = 32_000_000
"""Bytes that stay in memory. Four fifths of a project are read only to see that nothing is acquired in them."""


class Kept(NamedTuple):
    """Bytes, or where on a shelf's file they are."""

    size: int
    data: bytes | None
    shelf: Shelf | None = None
    start: int = 0

    def read(self) -> bytes:
        if self.shelf is not None:
            return self.shelf.read(self.start, self.size)
        assert self.data is not None
        return self.data


class Later(NamedTuple):
    """A file of which nothing but the size had to be known so far."""

    size: int
    path: Path

    def read(self) -> bytes:
        try:
            return self.path.read_bytes()
        except OSError:  # it is gone since it was looked at, as the next run will see
            return b""


class Shelf:
    """Puts bytes aside when there is no more room for them; processes forked from this one find them there, too."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._file: int | None = None
        self._end = 0

    def keep(self, data: bytes) -> Kept:
        size = len(data)
        if size > self._room and hasattr(os, "pread"):
            try:
                return self._aside(data)
            except OSError:  # there is no place for it, nor will there be: memory it is
                self._room = sys.maxsize
        self._room -= size
        return Kept(size, data)

    def read(self, start: int, size: int) -> bytes:
        assert self._file is not None
        return os.pread(self._file, size, start)

    def _aside(self, data: bytes) -> Kept:
        if self._file is None:
            self._file = nameless()
            weakref.finalize(self, os.close, self._file)
        start = self._end
        if os.pwrite(self._file, data, start) < len(data):
            raise OSError
        self._end += len(data)
        return Kept(len(data), None, self, start)


def nameless() -> int:
    """A new temporary file that is gone when it is closed."""
    import tempfile  # few projects are that large

    file, name = tempfile.mkstemp(prefix="leaklint-")
    Path(name).unlink()
    return file


class Shelved(Mapping[Path, bytes]):
    """Texts by file, each got from its shelf, or read, when it is asked for."""

    def __init__(self, kept: Mapping[Path, Kept | Later] | None = None) -> None:
        self._kept = dict(kept or {})

    def put(self, path: Path, kept: Kept | Later) -> None:
        self._kept[path] = kept

    def size(self, path: Path) -> int:
        return self._kept[path].size

    def with_text(self, path: Path, data: bytes) -> Shelved:
        """The same with another text in the place of one."""
        return Shelved({**self._kept, path: Kept(len(data), data)})

    def __getitem__(self, path: Path) -> bytes:
        return self._kept[path].read()

    def __iter__(self) -> Iterator[Path]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, path: object) -> bool:
        return path in self._kept
