"""Changes of which nobody takes notice: in files that acquire nothing, before and after, and on which nothing rests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import msgspec

from leaklint import selection, suppression
from leaklint.cache.gist import Gist
from leaklint.cache.past import Row
from leaklint.counted import Counted
from leaklint.discover import File
from leaklint.intake import problem
from leaklint.search import NOTHING, Search, Start


class Change(NamedTuple):
    """A file, what is in it now, and the size that it had before."""

    file: File
    text: bytes
    digest: bytes
    before: int

    @property
    def path(self) -> str:
        return str(self.file.path)


def settled(gist: Gist, changes: Sequence[Change], paths: Iterable[str]) -> Gist | None:
    """The gist with the changes, or `None` where they may have a say in what is found elsewhere.

    All other files, of these `paths`, and what lies around them, are as they were.
    """
    left = gist.left + sum(len(change.text) - change.before for change in changes)
    ordered = sorted(paths)
    if not gist.least <= left <= gist.most or not all(gist.is_leaf(change.path, ordered) for change in changes):
        return None
    if mentions_any(gist, [change.text for change in changes]):
        return None
    return gist.with_rows({change.path: row_of(change, asked=gist.asked) for change in changes}, left)


def mentions_any(gist: Gist, texts: Sequence[bytes]) -> bool:
    """Whether one of these texts may acquire something, or release a field of somebody's."""
    start, search = Start(gist.methods), Search(gist.names, factories=gist.names)
    return any(
        {start.look(text), search.look(text)} != {NOTHING}
        or any(all(word in text for word in words) for words in gist.releases)
        for text in texts
    )


def row_of(change: Change, *, asked: bool) -> Row:
    """A row for a file in which nothing is acquired; `asked`: it is parsed, to tell of syntax errors."""
    found = problem(change.file, change.text) if asked else []
    addressed = suppression.addressed(change.text, selection.rule_names)
    return Row(change.path, change.digest, counted=Counted(found) if found else None, addressed=addressed)


def recounted(counted: Counted, files: Collection[File], rows: Iterable[Row]) -> Counted:
    """The same with what is known by now of some files in which nothing is acquired."""
    names, paths = {file.display for file in files}, {str(file.path) for file in files}
    found = msgspec.structs.replace(
        counted,
        findings=[finding for finding in counted.findings if finding.filename not in names],
        addressed=[path for path in counted.addressed if path not in paths],
    )
    for row in rows:
        if row.path in paths:
            found.take(row.told())
    return found
