"""Indexes are written as they are made, so that a large project is never in memory twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from leaklint.cache.indexes import DECODER, PIECE, Indexes, Wanted
from leaklint.cache.place import program
from leaklint.cache.store import Store
from leaklint.ownership.index import Module
from leaklint.parallel import Team

COUNT = PIECE * 2 + 5
WANTED = [
    Wanted(f"def f{number}(conn: Connection): return g()\n".encode(), f"m{number}", False) for number in range(COUNT)
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache.sqlite", program())


class Pair(Team):
    """The first of two, the second of which makes the same as somebody who works alone."""

    def __init__(self) -> None:
        super().__init__(0, 2)
        self.most = 0

    def told(self, mine, _):
        self.most = max(self.most, len(mine))
        return [mine]


def made(indexes: Indexes) -> list[Module]:
    return [indexes(*one) for one in WANTED]


def test_what_is_written_is_not_kept(store: Store):
    indexes = Indexes(store)
    found = made(indexes)
    assert len(indexes.new) == COUNT % PIECE
    kept = [store.index(one.key) for one in WANTED[: COUNT - COUNT % PIECE]]
    assert [DECODER.decode(data) for data in kept if data is not None] == found[: len(kept)]


def test_a_team_sends_few_at_a_time_and_keeps_none_that_are_written(store: Store):
    indexes, team = Indexes(store), Pair()
    indexes.ahead(WANTED, team)
    assert team.most <= PIECE
    assert len(indexes.new) < PIECE
    assert made(indexes) == made(Indexes())


def test_sources_and_parameters_that_are_alike_are_the_same():
    first, second = made(Indexes())[:2]
    (one,), (other,) = first.functions["f0"].params, second.functions["f1"].params
    assert one is other
    assert one.annotation is other.annotation
    assert first.functions["f0"].calls[0] is second.functions["f1"].calls[0]
