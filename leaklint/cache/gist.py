"""What of a run tells whether anybody takes notice of a change: little, so that not all that was found need be read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from leaklint.cache.past import Past, Row
from leaklint.ownership.grounds import Outside


class Gist(msgspec.Struct, frozen=True, array_like=True):
    """What there is to know of a run, and the `rows` of files that have changed since and of which nobody took notice.

    `leaves`: of each file, ordered by path, whether nothing is acquired in it and nothing that was found rests on it.
    `names`: all by which something is acquired; `methods`: those of libraries that are too common to be looked for
    anywhere else; `releases`: words that are all mentioned where a field of somebody's is released.
    `left`: the bytes of files that use no such name; between `least` and `most` of them are treated alike, and `asked`
    are they where they are parsed, to tell of syntax errors.
    """

    leaves: bytes
    names: tuple[str, ...]
    methods: dict[str, tuple[str, ...]]
    releases: tuple[tuple[bytes, ...], ...]
    left: int
    least: int
    most: int
    asked: bool
    rows: tuple[Row, ...] = ()

    def is_leaf(self, path: str, paths: Sequence[str]) -> bool:
        """`paths`: those of all files, in order."""
        place = bisect_left(paths, path)
        return paths[place : place + 1] == [path] and self.leaves[place] > 0

    def with_rows(self, new: dict[str, Row], left: int) -> Gist:
        rows = {row.path: row for row in self.rows} | new
        return msgspec.structs.replace(self, rows=tuple(rows.values()), left=left)


def gist_of(past: Past, paths: Iterable[str], methods: Mapping[str, Collection[str]], least: int, most: int) -> Gist:
    """That of a run just made."""
    leaves = leaves_of(past)
    return Gist(
        leaves=bytes(path in leaves for path in sorted(paths)),
        names=past.names,
        methods={library: tuple(names) for library, names in methods.items()},
        releases=tuple(Outside.read(fact.name).words for fact in past.facts if fact.kind == "outside"),
        left=past.left,
        least=least,
        most=most,
        asked=past.asked,
    )


def leaves_of(past: Past) -> set[str]:
    """The files in which nothing is acquired and on which nothing rests that was found."""
    asked_for = 0
    for row in past.rows:
        asked_for |= int.from_bytes(row.facts, "little")
    resting = {value.decode(errors="replace") for fact, value in past.valued() if fact.kind == "outside"}
    resting |= {fact.name for number, fact in enumerate(past.facts) if fact.kind == "file" and asked_for >> number & 1}
    return {row.path for row in past.rows if not row.matters and not row.words and row.path not in resting}
