"""Indexes by the content of a file and the name it goes by: kept from earlier runs, or made by several processes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

import msgspec

from leaklint.cache.place import digest
from leaklint.cache.store import Entry, Store
from leaklint.ownership.index import Module
from leaklint.ownership.indexer import index
from leaklint.parallel import Team

DECODER = msgspec.msgpack.Decoder(Module)

PIECE = 128
"""Indexes that are sent, or written, at a time."""


class Wanted(NamedTuple):
    """A text to be indexed as the module, or the package, of that name."""

    text: bytes
    name: str
    package: bool

    @property
    def key(self) -> bytes:
        return digest(self.text, self.name.encode(), b"package" if self.package else b"module")


class Indexes:
    """Makes an index once; `new` are those that the store does not have yet.

    `keeps`: hold on to them, for more runs of this process to come.
    """

    def __init__(self, store: Store | None = None, *, keeps: bool = False) -> None:
        self._store = store
        self._keeps = keeps
        self._made: dict[bytes, Module] = {}
        self._kept: dict[bytes, bytes] = {}
        self.new: list[Entry] = []

    def __call__(self, text: bytes, name: str, package: bool) -> Module:
        """Raises what `index` raises."""
        key = Wanted(text, name, package).key
        made = self._made.pop(key, None)
        if made is not None:
            return made
        data = self._kept.get(key) or (self._store.index(key) if self._store is not None else None)
        if data is not None:
            return DECODER.decode(data)
        found = index(text, name, package)
        if self._keeps or self._store is not None:
            self._keep(key, msgspec.msgpack.encode(found))
        return found

    def ahead(self, wanted: Sequence[Wanted], team: Team) -> None:
        """Make these, each by one of the team; one that cannot be made is left for later."""
        if team.size == 1:
            return
        store = self._store
        missing = [one for one in wanted if store is None or store.index(one.key) is None]
        mine: dict[int, Module] = {}
        for number in team.share(range(len(missing))):
            with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
                mine[number] = index(*missing[number])
        for start in range(0, len(missing), PIECE):
            piece = range(start, min(start + PIECE, len(missing)))
            sent = {number: msgspec.msgpack.encode(mine[number]) for number in piece if number in mine}
            for told in team.told(sent, dict[int, bytes]):
                for number, data in told.items():
                    key = missing[number].key
                    self._made[key] = mine[number] if number in sent else DECODER.decode(data)
                    self._keep(key, data, new=number in sent)

    def _keep(self, key: bytes, data: bytes, *, new: bool = True) -> None:
        """For more runs of this process, and once for those of others."""
        if self._keeps:
            self._kept[key] = data
        if self._store is not None and new:
            self.new.append(Entry(key, data))
        if self._store is not None and len(self.new) >= PIECE:
            self._store.keep(b"", indexes=self.new)
            self.new.clear()
