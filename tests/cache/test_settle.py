"""A change in a file that acquires nothing, and on which nothing rests, is taken note of; any other is followed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import leaklint.check
from benchmarks.operations import counted
from leaklint.cache import sight
from leaklint.cache.store import Store
from leaklint.check import check

LEAKING = 'import sqlite3\n\n\ndef f():\n    conn = sqlite3.connect("x")\n    print(conn)\n'
PLAIN = "def total(rows):\n    return sum(row.price for row in rows)\n"
OWNER = 'import sqlite3\n\n\nclass Owner:\n    def __init__(self):\n        self.conn = sqlite3.connect("x")\n'
USER = "from helper import shut\nimport sqlite3\n\n\ndef g():\n    conn = sqlite3.connect('x')\n    shut(conn)\n"


ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def large(project, monkeypatch):
    """A project that counts as a large one: files that mention nothing of interest are not asked whom they call."""
    for module in ("analysis", "glance", "growth"):
        monkeypatch.setattr(f"leaklint.{module}.FEW", 0)
    project.write(one=LEAKING, plain=PLAIN, owner=OWNER, user=USER, helper="def shut(conn):\n    conn.close()\n")
    project.again()
    return project


@pytest.fixture
def analysed(monkeypatch):
    """How many runs went further than a glance."""
    found = []
    inner = leaklint.check.on_big_stack
    monkeypatch.setattr(leaklint.check, "on_big_stack", lambda work: found.append(1) or inner(work))
    return found


@pytest.mark.parametrize(
    "text", [PLAIN + "\n\ndef more():\n    return 1\n", "x = 1\n", "", "import os\nprint(os.name)\n"]
)
def test_a_change_of_which_nobody_takes_notice(large, analysed, text):
    large.write(plain=text)
    with counted() as done:
        large.found()
    assert analysed == []
    assert done.parsed_by_libcst == 0
    found = large.again()
    large.write(plain=PLAIN)
    assert large.again() == found


@pytest.mark.parametrize(
    "text",
    [
        LEAKING,
        "from owner import Owner\n\n\ndef done():\n    owner = Owner()\n    owner.conn.close()\n",
        "import pool\n\n\ndef lease():\n    conn = pool.getconn()\n    conn.execute('SELECT 1')\n",
        "def shut(conn):  # leaklint: releases conn\n    pass\n",
    ],
    ids=["acquires", "releases a field", "leases", "a contract"],
)
def test_a_change_that_may_matter(large, analysed, text):
    large.write(plain=text)
    large.again()
    assert analysed
    large.write(plain=PLAIN)
    large.again()


def test_a_change_on_which_others_rest(large, analysed):
    before = large.found()
    large.write(helper="def shut(conn):\n    print(conn)\n")
    assert len(large.again()) == len(before) + 1
    assert analysed


def test_a_file_that_releases_a_field_of_another_and_stops(large):
    releasing = "from owner import Owner\n\n\ndef done():\n    owner = Owner()\n    owner.conn.close()\n"
    large.write(plain=releasing)
    assert not any("LKN301" in line for line in large.again())
    large.write(plain=PLAIN)
    assert any("LKN301" in line for line in large.again())


def test_an_error_of_syntax_in_a_plain_file_comes_and_goes(large, analysed):
    before = large.found()
    large.write(plain="x = = 1\n")
    assert [line for line in large.found() if line not in before] == [
        "plain:1 LKN902 high cannot be parsed: invalid syntax"
    ]
    assert analysed == []
    large.again()
    large.write(plain=PLAIN)
    assert large.again() == before


def test_changes_one_after_another_add_up(large, analysed):
    before = large.found()
    for number in range(3):
        large.write(plain=f"x = {number}\n", **{f"idle{number}": "x = 1\n"})
        large.again()
        large.write(**{f"idle{number}": "x = 2\n"})
        analysed.clear()
        assert large.found() == before
        assert analysed == []


@pytest.fixture
def long_ago(large, monkeypatch):
    """The same project, an hour later: how a file looks tells whether it changed."""
    now = sight.time.time_ns()
    monkeypatch.setattr(sight.time, "time_ns", lambda: now + 3_600_000_000_000)
    large.found()
    return large


def test_only_what_changed_is_opened(long_ago):
    long_ago.write(plain="x = 1\n")
    with counted() as done:
        long_ago.found()
    assert (done.opened, done.indexed) == (1, [b"x = 1\n"]), "parsed for its syntax alone"


def test_what_was_found_is_not_even_read(long_ago, monkeypatch):
    before = long_ago.found()
    monkeypatch.delattr(Store, "run")
    long_ago.write(plain="x = 1\n")
    assert long_ago.found() == before


def test_what_changed_unnoticed_is_known_to_a_later_change_that_matters(long_ago, analysed):
    long_ago.write(plain="x = = 1\n")
    long_ago.found()
    assert analysed == []
    long_ago.write(one=LEAKING + "\n")
    with counted() as done:
        found = long_ago.found()
    assert analysed
    assert b"x = = 1\n" not in done.indexed
    assert any("LKN902" in line for line in found)
    assert found == long_ago.again()


def test_another_question_is_answered_from_what_was_found(large, analysed):
    large.write(plain="x = 1\n", user=USER + "\n")
    large.found()
    analysed.clear()
    large.write(plain="x = 2\n")
    outcome = check(large.files("one", "user"), cache=large.cache, around=large.files)
    assert [Path(finding.filename).stem for finding in outcome.findings] == ["one"]
    assert analysed == []


PROBE = """
import sys
from leaklint.cli import run
run(["check", "--cache-dir", "kept", "--output-format", "concise", "src"])
print(*sorted(sys.modules))
"""
HEAVY = {
    "libcst",
    "multiprocessing",
    "leaklint.analysis",
    "leaklint.cache.indexes",
    "leaklint.glance",
    "leaklint.ownership.catalog",
    "leaklint.ownership.indexer",
}


def test_nothing_heavy_is_imported_for_a_change_of_which_nobody_takes_notice(tmp_path):
    source = tmp_path / "src"
    source.mkdir()
    (source / "one.py").write_text(LEAKING)
    (source / "long.py").write_text("#" * 1_100_000)

    def told() -> list[str]:
        command = [sys.executable, "-c", PROBE]
        environment = {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, env=environment)
        return done.stdout.splitlines()

    for text, heavy in ((PLAIN, HEAVY), (PLAIN + "\n\nx = 1\n", set())):
        (source / "plain.py").write_text(text)
        *found, imported = told()
        assert HEAVY.intersection(imported.split()) == heavy
        assert "one.py:5" in found[0]
