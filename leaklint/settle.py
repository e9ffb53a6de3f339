"""Changes of which nobody takes notice: in files that acquire nothing, before and after, and on which nothing rests."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from leaklint import selection, suppression
from leaklint.cache.past import Past, Row
from leaklint.counted import Counted
from leaklint.discover import File
from leaklint.glance import FEW, MOST_UNASKED, catalog_of
from leaklint.intake import problem
from leaklint.ownership.grounds import Outside
from leaklint.search import Search, Start


def settled(
    past: Past,
    changed: Mapping[Path, bytes],
    sizes: Mapping[Path, int],
    files: Sequence[File],
    digests: Mapping[str, bytes],
) -> Past | None:
    """The past with these files as they are now, or `None` where they may have a say in what is found elsewhere.

    All other files, and what lies around them, are as they were. `sizes` are those before.
    """
    if not changed:
        return past
    left = past.left + sum(len(text) - sizes[path] for path, text in changed.items())
    if past.reached or left <= FEW or (left <= MOST_UNASKED) != past.asked:
        return None
    given = {file.path: file for file in files if file.path in changed}
    old = {row.path: row for row in past.rows if Path(row.path) in changed}
    if len(old) < len(changed) or any(row.matters or row.words for row in old.values()):
        return None
    if is_asked_for(past, set(old)) or mentions_any(past, changed, given[next(iter(changed))]):
        return None
    new = {str(path): row_of(past, given[path], text, digests[str(path)]) for path, text in changed.items()}
    rows = tuple(new.get(row.path, row) for row in past.rows)
    return msgspec.structs.replace(past, rows=rows, left=left, made=time.time_ns())


def is_asked_for(past: Past, paths: set[str]) -> bool:
    """Whether something that was found rests on one of these files."""
    facts = 0
    for number, (fact, value) in enumerate(zip(past.facts, past.values, strict=True)):
        if fact.kind == "file" and fact.name in paths:
            facts |= 1 << number
        elif fact.kind == "outside" and value.decode(errors="replace") in paths:
            return True
    return facts > 0 and any(row.rests_on(facts) for row in past.rows)


def mentions_any(past: Past, texts: Mapping[Path, bytes], file: File) -> bool:
    """Whether one of these texts may acquire something, or release a field of somebody's."""
    start, search = Start(catalog_of(file.settings)), Search(past.names)
    questions = [Outside.read(fact.name).words for fact in past.facts if fact.kind == "outside"]
    return any(
        start.finds(text) or search.finds(text) or any(all(word in text for word in words) for words in questions)
        for text in texts.values()
    )


def row_of(past: Past, file: File, text: bytes, digest: bytes) -> Row:
    """A row for a file in which nothing is acquired."""
    found = problem(file, text) if past.asked else []
    addressed = suppression.addressed(text, selection.rule_names)
    return Row(str(file.path), digest, counted=Counted(found) if found else None, addressed=addressed)
