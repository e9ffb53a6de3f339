"""One project's store in the hands of one run: the past that is taken from it, and what is put into it at the end."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from leaklint.cache import place
from leaklint.cache.indexes import Indexes
from leaklint.cache.past import Past
from leaklint.cache.place import digest
from leaklint.cache.store import Entry, Store
from leaklint.cache.truth import value
from leaklint.discover import File
from leaklint.intake import Texts
from leaklint.ownership.grounds import Fact
from leaklint.ownership.modules import Modules

PAST = msgspec.msgpack.Decoder(Past)


def project_key(settings: bytes, *, fixes: bool) -> bytes:
    """What is checked here with these settings; where fixes were asked for, more was found."""
    return digest(os.fsencode(Path.cwd()), settings + (b" fixes" if fixes else b""))


def latest(file: Path, settings: bytes, *, fixes: bool) -> Past:
    """The last run here with these settings, whatever files it looked at."""
    key = project_key(settings, fixes=fixes)
    return decoded(Store(file, place.program()).run(key, key))


def decoded(data: bytes | None) -> Past:
    try:
        return Past() if data is None else PAST.decode(data)
    except msgspec.DecodeError:
        return Past()


class Memory:
    """What is known of files that are checked with the same settings, by that name."""

    def __init__(
        self, file: Path | None, files: Sequence[File], texts: Texts, settings: bytes, *, fixes: bool = False
    ) -> None:
        names = b"\0".join(sorted(os.fsencode(one.path) for one in files))
        self._project = project_key(settings, fixes=fixes)
        self._key = digest(self._project, names)
        self._texts = texts
        self._store = Store(file, place.program()) if file is not None else None
        self.indexes = Indexes(self._store)
        self.past = decoded(self._store.run(self._key, self._project)) if self._store is not None else Past()

    def is_current(self) -> bool:
        """Whether nothing has changed since, neither the files themselves nor what was looked for around them."""
        digests = {str(path): digest(text) for path, text in self._texts.sources.items()}
        if self._texts.findings or digests != {row.path: row.digest for row in self.past.rows}:
            return False
        modules = Modules(self.past.libraries)
        modules.give(self._texts.sources)
        was = dict(zip(self.past.facts, self.past.values, strict=True))

        def now(fact: Fact) -> bytes:
            """What is told by the files themselves is as it was, for they are."""
            if fact.kind == "outside" or was[fact].decode(errors="replace") in digests:
                return was[fact]
            return value(fact, modules, digests, lambda _: False)

        return not self.past.changed(now)

    def keep(self, past: Past) -> None:
        if self._store is not None:
            self._store.keep(self._project, Entry(self._key, msgspec.msgpack.encode(past)), self.indexes.new)
