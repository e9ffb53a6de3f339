"""One look at the files of a project: as long as all looks as it did, what was told then is told again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from leaklint.cache.place import digest, program, project_key
from leaklint.cache.stamps import Stamp, names_in, stamp
from leaklint.cache.store import Entry, Store
from leaklint.counted import Counted
from leaklint.discover import File

if TYPE_CHECKING:
    from leaklint.cache.gist import Gist

UNREAD = b""

Stamps = dict[str, Stamp | None]
Folders = dict[str, tuple[list[str], list[str]]]


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """What was looked at, and what was told of it by which run.

    `stamps` are encoded: to be compared, they need not be decoded. `young`: files whose stamp tells nothing yet, and
    those that could not be read, for which no digest stands.
    `gist`, encoded too: what tells whether anybody takes notice of a change; nothing where any change is followed.
    `beyond`: files that were not given, but looked into; `folders`: the names that were looked for in each, those
    that were found and those that were not.
    """

    key: bytes
    run: int
    stamps: bytes
    digests: tuple[bytes, ...]
    young: tuple[str, ...]
    beyond: dict[str, Stamp]
    folders: Folders
    counted: Counted
    gist: bytes = b""

    def all_digests(self) -> dict[str, bytes]:
        return dict(zip(self.all_stamps(), self.digests, strict=True))

    def changed(self) -> int:
        """How many files are not there any more, or are others by now."""
        known = self.all_digests()
        return sum(stamp(path) != was and read_digest(path) != known[path] for path, was in self.all_stamps().items())

    def all_stamps(self) -> Stamps:
        return STAMPS.decode(self.stamps)

    def surroundings_are_same(self) -> bool:
        """Whether the folders and the files that were looked into besides those given are as they were."""
        return all(stamp(path) == was for path, was in self.beyond.items()) and all(
            (names := names_in(folder)).issuperset(there) and names.isdisjoint(missing)
            for folder, (there, missing) in self.folders.items()
        )


STAMPS = msgspec.msgpack.Decoder(Stamps)
SEEN = msgspec.msgpack.Decoder(Seen)


class Sight:
    """The files as they look now, beside what was seen of them before."""

    def __init__(
        self, cache: Path | None, settings: bytes, files: Sequence[File], asked: Sequence[File], *, fixes: bool
    ) -> None:
        self.now = time.time_ns()
        self.store = Store(cache, program()) if cache is not None and can_be_named(files) else None
        self.project = project_key(settings, fixes=fixes)
        self.stamps: Stamps = {}
        self.names = self.key = self.project
        self.seen: Seen | None = None
        if self.store is not None:
            self.stamps = {str(f.path): stamp(str(f.path)) if f.source is None else None for f in files}
            self.names = digest(self.project, "\0".join(sorted(self.stamps)).encode())
            self.key = digest(self.names, "\0".join(str(file.path) for file in asked).encode())
            self.seen = decoded(self.store.sight(self.key, self.project))

    def told(self, digests_of: Callable[[Iterable[str]], Mapping[str, bytes]]) -> Counted | None:
        """What was told when all looked as it does now; `digests_of` tells what stands for what is in some files."""
        seen = self.seen
        if seen is None or not self.is_same_question or seen.stamps != self.encoded:
            return None
        if seen.young and not self.are_same(seen, digests_of(seen.young)):
            return None
        if not seen.surroundings_are_same():
            return None
        if seen.young and self.young().isdisjoint(seen.young) and self.store is not None and UNREAD not in seen.digests:
            entry = Entry(self.key, msgspec.msgpack.encode(msgspec.structs.replace(seen, young=())))
            self.store.keep(self.project, sight=entry)
        return seen.counted

    def are_same(self, seen: Seen, digests: Mapping[str, bytes]) -> bool:
        """Whether these files that look the same are the same."""
        return all(digests.get(path, UNREAD) == self.known[path] for path in seen.young)

    def young(self) -> set[str]:
        return {path for path, one in self.stamps.items() if one is not None and one.is_young(self.now)}

    def known_digests(self) -> dict[str, bytes]:
        """What stands for the content of the files that are as they were when it was looked at."""
        if self.seen is None:
            return {}
        young = set(self.seen.young)
        return {
            path: self.known[path]
            for path, now in self.stamps.items()
            if now is not None and now == self.was.get(path) and path not in young
        }

    @cached_property
    def encoded(self) -> bytes:
        """How the files look."""
        return msgspec.msgpack.encode(self.stamps)

    @cached_property
    def was(self) -> Stamps:
        """How the files looked before."""
        return self.seen.all_stamps() if self.seen is not None else {}

    @cached_property
    def known(self) -> dict[str, bytes]:
        """What stood for what was in them."""
        return dict(zip(self.was, self.seen.digests, strict=True)) if self.seen is not None else {}

    @property
    def is_same_question(self) -> bool:
        """Whether it was these files, in this order, that something was told of before."""
        return self.seen is not None and self.seen.key == self.key

    def entry(
        self,
        run: int,
        digests: Mapping[str, bytes],
        beyond: Iterable[str],
        folders: Folders,
        counted: Counted,
        gist: Gist | None,
    ) -> Entry | None:
        """What is to be kept of this; nothing where some file was not to be seen, or changed meanwhile."""
        others = {path: one for path in beyond if (one := stamp(path)) is not None and not one.is_young(self.now)}
        if None in self.stamps.values() or others.keys() != set(beyond):
            return None
        seen = Seen(
            key=self.key,
            run=run,
            stamps=self.encoded,
            digests=tuple(digests.get(path, UNREAD) for path in self.stamps),
            young=tuple(self.young() | (self.stamps.keys() - digests.keys())),
            beyond=others,
            folders=folders,
            counted=counted,
            gist=msgspec.msgpack.encode(gist) if gist is not None else b"",
        )
        return Entry(self.key, msgspec.msgpack.encode(seen))


def can_be_named(files: Iterable[File]) -> bool:
    """Whether their paths can be written down: they may be any bytes."""
    try:
        return bool("".join(str(file.path) for file in files).encode())
    except UnicodeEncodeError:
        return False


def latest(cache: Path, settings: bytes, *, fixes: bool) -> Seen | None:
    """What was seen last here with these settings, whatever files it was."""
    key = project_key(settings, fixes=fixes)
    return decoded(Store(cache, program()).sight(key, key))


def read_digest(path: str) -> bytes:
    try:
        return digest(Path(path).read_bytes())
    except OSError:
        return UNREAD


def decoded(data: bytes | None) -> Seen | None:
    try:
        return None if data is None else SEEN.decode(data)
    except msgspec.DecodeError:
        return None
