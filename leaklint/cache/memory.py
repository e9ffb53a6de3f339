"""One project's store in the hands of one run: the past that is taken from it, and what is put into it at the end."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from leaklint.cache.indexes import Indexes
from leaklint.cache.past import Past
from leaklint.cache.place import digest
from leaklint.cache.sight import UNREAD, Folders, Sight
from leaklint.cache.store import Entry
from leaklint.cache.truth import Truth
from leaklint.counted import Counted
from leaklint.intake import Texts
from leaklint.ownership.grounds import Fact

PAST = msgspec.msgpack.Decoder(Past)


def decoded(data: bytes | None) -> Past:
    try:
        return Past() if data is None else PAST.decode(data)
    except msgspec.DecodeError:
        return Past()


class Memory:
    """What is known of the files that are looked at, by that name, and what they are now."""

    def __init__(self, sight: Sight, indexes: Indexes | None = None) -> None:
        self._sight = sight
        self._store = sight.store
        self.indexes = indexes or Indexes(self._store)
        self.past = decoded(self._store.run(sight.names, sight.project)) if self._store is not None else Past()
        self.digests = sight.known_digests()

    def look_into(self, texts: Texts) -> None:
        """Take note of what is in files that may have changed."""
        for path, text in texts.sources.items():
            if str(path) not in self.digests:
                self.digests[str(path)] = digest(text) if self.remembers else UNREAD

    @property
    def remembers(self) -> bool:
        """Whether anything is kept for the next run."""
        return self._store is not None

    @cached_property
    def stands_around(self) -> bool:
        """Whether there are the same files as in the past, and all that was looked into besides is as it was."""
        seen = self._sight.seen
        return (
            seen is not None
            and seen.run == self.past.made
            and self.digests.keys() == seen.all_stamps().keys()
            and seen.surroundings_are_same()
        )

    @cached_property
    def changed(self) -> dict[Path, int]:
        """The files that are not what they were, with the size that they had, 0 for those that are new."""
        same = {row.path for row in self.past.rows if self.digests.get(row.path) == row.digest}
        stamps = self._sight.seen.all_stamps() if self._sight.seen is not None else {}
        return {
            Path(path): was.size if (was := stamps.get(path)) is not None else 0
            for path in self.digests
            if path not in same
        }

    def truth(self) -> Truth:
        """What facts are by now, going by the past where no file that changed has a say in it."""
        changed = set(map(str, self.changed))
        was = dict(zip(self.past.facts, self.past.values, strict=True))

        def stands(fact: Fact, value: bytes) -> bool:
            if fact.kind == "outside":
                releasing = value.decode()
                return releasing in self.digests and releasing not in changed
            return self.stands_around and fact.name not in changed

        standing = {fact: value for fact, value in was.items() if stands(fact, value)}
        return Truth(self.digests, standing, was, self.changed)

    def keep(self, past: Past, looked_for: Mapping[Path, Mapping[str, bool]], counted: Counted) -> None:
        """Keep a run; it `looked_for` names in folders, and found them or not."""
        if self._store is None:
            return
        sight = self._sight
        before = sight.seen.folders if sight.seen is not None and self.stands_around else {}
        run = Entry(sight.names, msgspec.msgpack.encode(past)) if past is not self.past else None
        beyond = [fact.name for fact in past.facts if fact.kind == "file" and fact.name not in self.digests]
        folders = joined(before, {str(folder): names for folder, names in looked_for.items()})
        seen = sight.entry(past.made, self.digests, beyond, folders, counted)
        self._store.keep(sight.project, run=run, sight=seen, indexes=self.indexes.new)


def joined(before: Folders, looked_for: Mapping[str, Mapping[str, bool]]) -> Folders:
    """The names that were looked for in each folder by earlier runs and by this one, there or missing."""
    found: Folders = {}
    for folder in before.keys() | looked_for.keys():
        there, missing = map(set, before.get(folder, ((), ())))
        names = looked_for.get(folder, {})
        there.update(name for name in names if names[name])
        missing.update(name for name in names if not names[name])
        found[folder] = (list(there), list(missing))
    return found
