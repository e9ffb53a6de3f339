"""Indexes by the content of a file and the name it goes by: kept from earlier runs, or made by several processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from leaklint.cache.place import digest
from leaklint.cache.store import Entry, Store
from leaklint.ownership.index import Module
from leaklint.ownership.indexer import index
from leaklint.parallel import shared_out

WORTH_SHARING = 1_000_000
"""Bytes of text from which on processes are started to index them."""

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
    """Makes an index once; `new` are those that the store does not have."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._made: dict[bytes, bytes] = {}
        self.new: list[Entry] = []

    def __call__(self, text: bytes, name: str, package: bool) -> Module:
        """Raises what `index` raises."""
        key = Wanted(text, name, package).key
        data = self._made.pop(key, None) or (self._store.index(key) if self._store is not None else None)
        if data is not None:
            return DECODER.decode(data)
        found = index(text, name, package)
        if self._store is not None:
            self.new.append(Entry(key, msgspec.msgpack.encode(found)))
        return found

    def ahead(self, wanted: Sequence[Wanted], jobs: int) -> None:
        """Make these in several processes, where there is enough to do; one that cannot be made is left for later."""
        store = self._store
        missing = [one for one in wanted if store is None or store.index(one.key) is None]
        if jobs < 2 or sum(len(one.text) for one in missing) < WORTH_SHARING:
            return

        def work(number: int) -> bytes:
            try:
                return msgspec.msgpack.encode(index(*missing[number]))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return b""

        for one, data in zip(missing, shared_out(work, len(missing), jobs, bytes), strict=True):
            if data:
                self._made[one.key] = data
                if store is not None:
                    self.new.append(Entry(one.key, data))
