"""`--diff-base`: what a change touches is reported, and what was there before is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

OLD = Path("src/old.py")


@pytest.fixture(autouse=True)
def _repository(git) -> None:
    del git


@pytest.fixture
def told(run):
    """The codes reported of what changed since a revision."""

    def codes(*arguments: str) -> list[str]:
        ended = run("--diff-base", *(arguments or ("HEAD",)), "-q", "--output-format", "json")
        assert ended.code in (0, 1), ended.err
        return [one["code"] for one in json.loads(ended.out)]

    return codes


def test_an_old_leak_is_not_reported(run, told):
    assert told() == []
    ended = run("--diff-base", "HEAD")
    assert ended.out.startswith("No new leaks found.")
    assert "Not shown: 1 that no change touches." in ended.out
    OLD.write_text("import os\n\n" + OLD.read_text() + "\n\nx = 1\n")
    assert told() == []


def test_a_new_return_between_an_old_acquisition_and_an_old_release_is(told):
    OLD.write_text(
        OLD.read_text().replace("    conn.close()\n", "    if not rows:\n        return None\n    conn.close()\n")
    )
    assert told() == ["LKN103"]


def test_so_is_a_release_that_was_taken_away_or_replaced(told):
    text = OLD.read_text()
    OLD.write_text(text.replace("    conn.close()\n", ""))
    assert told() == ["LKN101"]
    OLD.write_text(text.replace("    conn.close()\n", "    print(rows)\n"))
    assert told() == ["LKN101"]


def test_a_line_taken_away_elsewhere_touches_nothing(told, git):
    other = "\n\ndef other(conn):\n    conn.execute('SELECT 1')\n    conn.commit()\n"
    OLD.write_text(OLD.read_text() + other)
    git("commit", "-qam", "other")
    OLD.write_text(OLD.read_text().replace("    conn.commit()\n", ""))
    assert told() == []


def test_all_of_a_new_file_is_new_and_a_renamed_one_is_not(told, git):
    Path("src/new.py").write_text(OLD.read_text())
    assert told() == ["LKN102"]
    git("add", "-A")
    assert told() == ["LKN102"]
    Path("src/new.py").unlink()
    git("mv", "src/old.py", "src/renamed name é.py")
    assert told() == []


def test_it_counts_from_where_the_branch_began(told, git):
    git("checkout", "-qb", "topic")
    git("checkout", "-q", "main")
    OLD.write_text(OLD.read_text().replace("rows = conn", "found = conn").replace("return rows", "return found"))
    git("commit", "-qam", "on main")
    git("checkout", "-q", "topic")
    assert told("main") == []
    assert told("main~0", "src") == []


def test_it_works_below_the_top_of_the_repository_and_with_fixes(told, run, monkeypatch):
    OLD.write_text(
        OLD.read_text() + "\n\ndef also(path):\n    c = sqlite3.connect(path)\n    c.execute('x')\n    c.close()\n"
    )
    monkeypatch.chdir("src")
    assert told() == ["LKN102"]
    assert run("--fix", "--diff-base", "HEAD").code == 0
    fixed = Path("old.py").read_text()
    assert "    conn.close()\n" in fixed
    assert "    c.close()\n" not in fixed


HELPER = """\
def finish(conn):
    conn.close()
"""
BETWEEN = "import helper\n\n\ndef finish(conn):\n    helper.finish(conn)\n"
CALLER = """\
import sqlite3

from helper import finish


def count(path):
    conn = sqlite3.connect(path)
    try:
        return conn.execute("SELECT 1").fetchall()
    finally:
        finish(conn)


def old(path):
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    finish(conn)
"""


@pytest.fixture
def helped(git) -> None:
    """An old caller and its helper, committed; one function of the caller has leaked for long."""
    Path("src/helper.py").write_text(HELPER)
    Path("src/caller.py").write_text(CALLER.replace("helper", "between"))
    Path("src/between.py").write_text(BETWEEN)
    git("add", "-A")
    git("commit", "-qm", "helped")


def functions(run, *arguments: str) -> list[tuple[str, str]]:
    ended = run("--diff-base", "HEAD", "-q", "--output-format", "json", *arguments)
    return [(one["function"], one["code"]) for one in json.loads(ended.out)]


@pytest.mark.usefixtures("helped")
def test_a_helper_of_another_file_that_no_longer_releases_makes_its_callers_new(run):
    assert functions(run) == []
    Path("src/helper.py").write_text(HELPER + "\n\ndef more():\n    pass\n")
    assert functions(run) == []
    Path("src/helper.py").write_text(HELPER.replace("conn.close()", "conn.commit()"))
    assert functions(run) == [("count", "LKN101"), ("old", "LKN101")]
    assert functions(run, "src/caller.py") == [("count", "LKN101"), ("old", "LKN101")]
    assert functions(run, "src/between.py") == []


@pytest.mark.usefixtures("helped")
def test_a_helper_of_another_file_that_now_gives_a_connection_makes_its_callers_new(run, git):
    Path("src/opening.py").write_text("def dial(path):\n    return open(path)\n")
    reading = "def read(path):\n    conn = dial(path)\n    conn.execute('x')\n    conn.commit()\n"
    Path("src/dialing.py").write_text(f"from opening import dial\n\n\n{reading}")
    git("add", "-A")
    git("commit", "-qm", "opening")
    Path("src/opening.py").write_text("import sqlite3\n\n\ndef dial(path):\n    return sqlite3.connect(path)\n")
    assert functions(run) == [("read", "LKN101")]


@pytest.mark.usefixtures("helped")
def test_files_that_moved_or_went_with_their_helper_are_compared_too(run, git):
    git("mv", "src/caller.py", "src/calling.py")
    assert functions(run) == []
    Path("src/helper.py").unlink()
    Path("src/between.py").write_text(BETWEEN.replace("helper", "helping"))
    Path("src/helping.py").write_text("def finish(conn):\n    conn.commit()\n")
    assert functions(run) == [("count", "LKN101"), ("old", "LKN101")]


def test_what_git_cannot_tell_is_a_refusal(run, monkeypatch, tmp_path):
    ended = run("--diff-base", "no-such")
    assert (ended.code, ended.err) == (2, "error: --diff-base no-such: fatal: Needed a single revision\n")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.py").write_text("x = 1\n")
    monkeypatch.chdir(outside)
    assert "not a git repository" in run("--diff-base", "HEAD").err
