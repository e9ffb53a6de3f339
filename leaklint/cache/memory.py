"""One project's store in the hands of one run: the past that is taken from it, and what is put into it at the end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from leaklint.cache.gist import Gist
from leaklint.cache.past import Past
from leaklint.cache.place import digest
from leaklint.cache.sight import UNREAD, Folders, Sight
from leaklint.cache.stamps import stamp
from leaklint.cache.store import Entry
from leaklint.counted import Counted
from leaklint.intake import Texts

if TYPE_CHECKING:
    from leaklint.cache.indexes import Indexes
    from leaklint.cache.truth import Truth
    from leaklint.ownership.grounds import Fact

T = TypeVar("T")


def decoded(data: bytes | None, kind: type[T]) -> T | None:
    try:
        return msgspec.msgpack.decode(data, type=kind) if data else None
    except msgspec.DecodeError:
        return None


class Memory:
    """What is known of the files that are looked at, by that name, and what they are now."""

    def __init__(self, sight: Sight, indexes: Indexes | None = None) -> None:
        self._sight = sight
        self._store = sight.store
        self._indexes = indexes
        self.digests = sight.known_digests()
        self._same = frozenset(self.digests)

    @property
    def sizes(self) -> dict[str, int]:
        """Those of the files that look as they did."""
        return {path: now.size for path, now in self._sight.stamps.items() if now is not None and path in self._same}

    def look_into(self, texts: Texts) -> None:
        """Take note of what is in files that may have changed."""
        for path in texts.sources:
            if str(path) not in self.digests:
                self.digests[str(path)] = digest(texts.sources[path]) if self.remembers else UNREAD

    @property
    def remembers(self) -> bool:
        """Whether anything is kept for the next run."""
        return self._store is not None

    @cached_property
    def indexes(self) -> Indexes:
        from leaklint.cache.indexes import Indexes

        return self._indexes or Indexes(self._store)

    # What was seen last.

    @cached_property
    def gist(self) -> Gist | None:
        """That of the run that told what was seen last."""
        return decoded(self._sight.seen.gist, Gist) if self._sight.seen is not None else None

    @cached_property
    def looks_alike(self) -> bool:
        """Whether there are the same files as then, and all that was looked into besides is as it was."""
        seen = self._sight.seen
        return seen is not None and self.digests.keys() == self._sight.was.keys() and seen.surroundings_are_same()

    @cached_property
    def altered(self) -> dict[str, int]:
        """The files that are not what they were then, with the size that they had."""
        known = self._sight.known
        sizes = {path: was.size for path, was in self._sight.was.items() if was is not None}
        return {path: sizes.get(path, 0) for path, now in self.digests.items() if now != known.get(path)}

    def counted(self, asked: Collection[str]) -> Counted | None:
        """What was known then of the files that are asked for; all files look alike."""
        if self._sight.seen is not None and self._sight.is_same_question:
            return self._sight.seen.counted
        rows = {row.path for row in self.past.rows}
        return self.past.counted(asked) if self.stands_around and rows.issuperset(asked) else None

    # The run that found it.

    @cached_property
    def past(self) -> Past:
        """The last run, with what has changed since and nobody took notice of."""
        sight, seen = self._sight, self._sight.seen
        past = decoded(self._store.run(sight.names, sight.project), Past) if self._store is not None else None
        if past is None or seen is None or self.gist is None or seen.run != past.made:
            return past or Past()
        return past.with_rows(self.gist.rows)

    @cached_property
    def stands_around(self) -> bool:
        """Whether it is the past that was seen last, and all is around that was around then."""
        return self.looks_alike and self._sight.seen is not None and self._sight.seen.run == self.past.made

    @cached_property
    def changed(self) -> dict[Path, int]:
        """The files that are not what they were, with the size that they had, 0 for those that are new."""
        same = {row.path for row in self.past.rows if self.digests.get(row.path) == row.digest}
        stamps = self._sight.was
        return {
            Path(path): was.size if (was := stamps.get(path)) is not None else 0
            for path in self.digests
            if path not in same
        }

    def truth(self) -> Truth:
        """What facts are by now, going by the past where no file that changed has a say in it."""
        from leaklint.cache.truth import Truth

        changed = set(map(str, self.changed))
        was = dict(self.past.valued())

        def stands(fact: Fact, value: bytes) -> bool:
            if fact.kind == "outside":
                releasing = value.decode()
                return releasing in self.digests and releasing not in changed
            return self.stands_around and fact.name not in changed

        standing = {fact: value for fact, value in was.items() if stands(fact, value)}
        return Truth(self.digests, standing, was, self.changed)

    # What is kept.

    def keep(
        self, past: Past, looked_for: Mapping[Path, Mapping[str, bool]], counted: Counted, gist: Gist | None
    ) -> None:
        """Keep a run; it `looked_for` names in folders, and found them or not."""
        if self._store is None or self._moved(past):
            return
        seen = self._sight.seen
        before = seen.folders if seen is not None and self.stands_around else {}
        run = Entry(self._sight.names, msgspec.msgpack.encode(past))
        beyond = [fact.name for fact in past.facts if fact.kind == "file" and fact.name not in self.digests]
        folders = joined(before, {str(folder): names for folder, names in looked_for.items()})
        sight = self._sight.entry(past.made, self.digests, beyond, folders, counted, gist)
        self._store.keep(self._sight.project, run=run, sight=sight, indexes=self.indexes.new)

    def _moved(self, past: Past) -> bool:
        """Whether a file that was taken to be what it was, and read in the course of the run, looks different by now.

        What is in it by then must not be remembered as what it was before.
        """
        read = {fact.name for fact in past.facts if fact.kind == "file"} & self._same
        return any(stamp(path) != self._sight.stamps[path] for path in read)

    def keep_sight(self, counted: Counted, gist: Gist | None) -> None:
        """Keep how all looks by now; but for what the gist says, the run is the one before."""
        seen = self._sight.seen
        if self._store is not None and seen is not None:
            sight = self._sight.entry(seen.run, self.digests, seen.beyond, seen.folders, counted, gist)
            self._store.keep(self._sight.project, sight=sight)


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
