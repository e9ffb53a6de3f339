"""A change in a file that acquires nothing, and on which nothing rests, is taken note of; any other is followed."""

from __future__ import annotations

import pytest

import leaklint.check
from benchmarks.operations import counted

LEAKING = 'import sqlite3\n\n\ndef f():\n    conn = sqlite3.connect("x")\n    print(conn)\n'
PLAIN = "def total(rows):\n    return sum(row.price for row in rows)\n"
OWNER = 'import sqlite3\n\n\nclass Owner:\n    def __init__(self):\n        self.conn = sqlite3.connect("x")\n'
USER = "from helper import shut\nimport sqlite3\n\n\ndef g():\n    conn = sqlite3.connect('x')\n    shut(conn)\n"


@pytest.fixture
def large(project, monkeypatch):
    """A project that counts as a large one: files that mention nothing of interest are not asked whom they call."""
    for module in ("glance", "growth", "settle"):
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
