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


class Wanted(NamedTuple):
    """A text to be indexed as the module, or the package, of that name."""

    text: bytes
    name: str
    package: bool

    @property
    def key(self) -> bytes:
        return digest(self.text, self.name.encode(), b"package" if self.package else b"module")


class Indexes:
    """Makes an index once; `new` are those that the store does not have.

    `keeps`: hold on to them, for more runs of this process to come.
    """

    def __init__(self, store: Store | None = None, *, keeps: bool = False) -> None:
        self._store = store
        self._keeps = keeps
        self._made: dict[bytes, bytes] = {}
        self.new: list[Entry] = []

    def __call__(self, text: bytes, name: str, package: bool) -> Module:
        """Raises what `index` raises."""
        key = Wanted(text, name, package).key
        made = self._made.get(key) if self._keeps else self._made.pop(key, None)
        data = made or (self._store.index(key) if self._store is not None else None)
        if data is not None:
            return DECODER.decode(data)
        found = index(text, name, package)
        if self._keeps:
            self._made[key] = msgspec.msgpack.encode(found)
        if self._store is not None:
            self.new.append(Entry(key, msgspec.msgpack.encode(found)))
        return found

    def ahead(self, wanted: Sequence[Wanted], team: Team) -> None:
        """Make these, each by one of the team; one that cannot be made is left for later."""
        if team.size == 1:
            return
        store = self._store
        missing = [one for one in wanted if store is None or store.index(one.key) is None]
        mine: dict[int, bytes] = {}
        for number in team.share(range(len(missing))):
            with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
                mine[number] = msgspec.msgpack.encode(index(*missing[number]))
        for made in team.told(mine, dict[int, bytes]):
            self._made |= {missing[number].key: data for number, data in made.items()}
        if store is not None:
            self.new += [Entry(missing[number].key, data) for number, data in mine.items()]
