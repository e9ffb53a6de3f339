"""An earlier run: what was found in each file, what that rests on, and what of it still holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from leaklint.counted import Counted
from leaklint.ownership.grounds import Fact, Word


class Row(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a file; one that does not `matter` was left out, for it mentions nothing that acquires.

    `addressed`: some comment in it may mean a rule of ours.
    """

    path: str
    digest: bytes
    matters: bool = False
    facts: bytes = b""
    words: tuple[Word, ...] = ()
    counted: Counted | None = None
    addressed: bool = False

    def rests_on(self, facts: int) -> bool:
        return bool(int.from_bytes(self.facts, "little") & facts)

    def told(self) -> Counted:
        """What there is to say of the file."""
        found = Counted(addressed=[self.path] if self.addressed else [])
        if self.counted is not None:
            found.take(self.counted)
        return found


class Past(msgspec.Struct, frozen=True, array_like=True):
    """A run, and when it was made. `values` says of each fact, by number, what it was.

    `names`: all by which something is acquired; `left`: the bytes of files that use none.

    `reached`: files left out were asked whom they call; `asked`: they were parsed, to tell of syntax errors.
    """

    rows: tuple[Row, ...] = ()
    facts: tuple[Fact, ...] = ()
    values: tuple[bytes, ...] = ()
    reached: bool = False
    asked: bool = True
    left: int = 0
    names: tuple[str, ...] = ()
    made: int = 0
    notes: tuple[str, ...] = ()

    def counted(self, paths: Collection[str]) -> Counted:
        """The rows of these files together, file by file."""
        total = Counted(notes=list(self.notes))
        for row in sorted(self.rows, key=_path):
            if row.path in paths and (row.addressed or row.counted is not None):
                total.take(row.told())
        return total

    def with_rows(self, new: Iterable[Row]) -> Past:
        """The same with other rows for some files."""
        by_path = {row.path: row for row in new}
        return msgspec.structs.replace(self, rows=tuple(by_path.get(row.path, row) for row in self.rows))

    def valued(self) -> Iterator[tuple[Fact, bytes]]:
        """Each fact, by number, with what it was."""
        return zip(self.facts, self.values, strict=True)

    def kept(self, digests: Mapping[str, bytes], changed: int) -> list[Row]:
        """The rows that still hold for files of these contents."""
        return [row for row in self.rows if digests.get(row.path) == row.digest and not row.rests_on(changed)]


def _path(row: Row) -> str:
    return row.path


def as_bytes(facts: int) -> bytes:
    return facts.to_bytes((facts.bit_length() + 7) // 8, "little")


def words_of(rows: Iterable[Row]) -> frozenset[Word]:
    return frozenset(word for row in rows for word in row.words)
