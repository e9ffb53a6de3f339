"""What each of a team has found, put together: facts numbered alike, and what was looked into, for the next run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import msgspec

from leaklint.cache.indexes import Indexes
from leaklint.cache.past import Past, Row
from leaklint.cache.store import Entry
from leaklint.ownership.grounds import Fact
from leaklint.ownership.project import Project
from leaklint.parallel import Team


class Part(msgspec.Struct):
    """What one found; `looked_for`: names in folders, that were there or not."""

    rows: list[Row]
    notes: list[str]
    looked_for: dict[str, dict[str, bool]] = {}
    indexes: list[Entry] = []


def put_together(
    rows: list[Row], project: Project, indexes: Indexes, past: Past, team: Team, *, remembers: bool
) -> tuple[list[Row], list[str]]:
    """All rows and notes, for the first of the team."""
    part = Part(rows, list(project.notes))
    if team.size == 1:
        return part.rows, part.notes
    if remembers:
        part.rows = numbered_alike(rows, project.grounds.numbers, len(past.facts), team)
        part.looked_for = {str(folder): names for folder, names in project.modules.looked_for.items()}
        part.indexes = indexes.new
    for other in team.reported(part, Part):
        part.rows += other.rows
        part.notes += other.notes
        indexes.new += other.indexes
        for folder, names in other.looked_for.items():
            project.modules.looked_for.setdefault(Path(folder), {}).update(names)
    return part.rows, part.notes


def numbered_alike(rows: Sequence[Row], numbers: dict[Fact, int], shared: int, team: Team) -> list[Row]:
    """Make the numbers of facts those that all in the team give them, in the rows too."""
    own = list(numbers)
    everybodys = dict.fromkeys(chain(own[:shared], *team.told(own[shared:], list[Fact])))
    numbers.clear()
    numbers.update((fact, number) for number, fact in enumerate(everybodys))
    places = [numbers[fact] for fact in own]
    return [msgspec.structs.replace(row, facts=renumbered(row.facts, places)) for row in rows]


def renumbered(facts: bytes, places: Sequence[int]) -> bytes:
    """The same set of facts, each with the number at its place."""
    found = bytearray(max(places, default=0) // 8 + 1)
    for index, byte in enumerate(facts):
        for bit in range(8) if byte else ():
            if byte >> bit & 1:
                place = places[index * 8 + bit]
                found[place >> 3] |= 1 << (place & 7)
    return bytes(found).rstrip(b"\0")
