"""Texts that are put aside: they stay as they were, whatever becomes of the files, and nothing is found otherwise."""

from __future__ import annotations

import errno
import os
from functools import partial
from pathlib import Path

import pytest

from leaklint import reading
from leaklint.check import check
from leaklint.config import Settings
from leaklint.discover import File
from leaklint.intake import read
from leaklint.reading import Sources
from leaklint.shelf import ROOM, Shelf

TEXTS = {
    "pool": "import psycopg2\n\n\ndef lease():\n    return psycopg2.connect('dbname=shop')\n",
    "user": "from pool import lease\n\n\ndef count():\n    conn = lease()\n    return conn.cursor().fetchall()\n",
    "idle": "def total(rows):\n    return sum(rows)\n",
    "broken": "def total(rows:\n",
}

needs_pread = pytest.mark.skipif(not hasattr(os, "pread"), reason="everything stays in memory here")


@pytest.fixture
def files(tmp_path: Path) -> list[File]:
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.py").write_text(text)
    return [File(tmp_path / f"{name}.py", f"{name}.py", Settings()) for name in TEXTS]


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "Shelf", partial(Shelf, 0))


@needs_pread
def test_what_has_no_room_is_put_aside_and_comes_back_as_it_was():
    shelf = Shelf(10)
    kept = [shelf.keep(text) for text in (b"12345678", b"abc", b"90", b"", b"d" * 100_000)]
    assert [one.data is None for one in kept] == [False, True, False, False, True]
    assert [one.read() for one in kept] == [b"12345678", b"abc", b"90", b"", b"d" * 100_000]
    assert [one.size for one in kept] == [8, 3, 2, 0, 100_000]


@needs_pread
def test_what_is_put_aside_lasts_as_long_as_somebody_may_ask_for_it():
    kept = Shelf(0).keep(b"text")
    again = [Shelf(0).keep(b"other") for _ in range(3)]
    assert kept.read() == b"text"
    assert [one.read() for one in again] == [b"other"] * 3


def test_where_there_is_no_space_left_all_stays_in_memory(monkeypatch: pytest.MonkeyPatch):
    tried: list[object] = []

    def full(*given: object) -> int:
        tried.append(given)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full, raising=False)
    shelf = Shelf(0)
    assert [shelf.keep(text).read() for text in (b"one", b"two")] == [b"one", b"two"]
    assert len(tried) <= 1


@pytest.mark.usefixtures("no_room")
def test_a_text_stays_as_it_was_when_the_file_changes_or_is_gone(files: list[File]):
    texts = read(files, Sources(files))
    files[0].path.write_text("changed")
    files[1].path.unlink()
    assert {path.stem: text.decode() for path, text in texts.sources.items()} == TEXTS


def test_no_more_than_the_room_stays_in_memory(files: list[File]):
    sources = Sources(files)
    for file in files:
        file.path.write_bytes(b"#" * (ROOM // 2))
    kept = [sources.kept(file) for file in files]
    assert [one.data is None for one in kept] == [False, False, *[hasattr(os, "pread")] * 2]


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_is_found_when_nothing_stays_in_memory(
    files: list[File], jobs: int, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
):
    monkeypatch.setattr("leaklint.analysis.WORTH_SHARING", 0)
    monkeypatch.setattr("leaklint.glance.FEW", 0)
    before = check(files, jobs=jobs, fixes=True)
    assert [one.code for one in before.findings] == ["LKN902", "LKN101"]
    request.getfixturevalue("no_room")
    assert check(files, jobs=jobs, fixes=True) == before
