"""The baseline: what it recognises, what it says of itself, and that only people make it longer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leaklint.baseline import DEFAULT

NEW = "\n\ndef other(path):\n    return sqlite3.connect(path).execute('SELECT 2').fetchone()\n"
FIXED = "import contextlib\nimport sqlite3\n"


@pytest.fixture
def old() -> Path:
    return Path("src/old.py")


@pytest.fixture(autouse=True)
def created(run) -> None:
    assert run("baseline", "create").out == "Wrote .leaklint-baseline.json: 1 finding in 1 file.\n"


def test_the_file_has_a_line_for_each_finding_and_neither_lines_nor_times():
    assert Path(DEFAULT).read_text() == (
        '{\n  "version": 1,\n  "findings": [\n    {"file":"src/old.py","code":"LKN102","function":"count",'
        '"acquisition":"sqlite3.connect(path)"}\n  ]\n}\n'
    )


def test_what_is_known_is_counted_and_not_reported(run):
    ended = run("--baseline")
    assert ended.code == 0
    assert ended.out.startswith("No new leaks found. 1 file, 1 acquisition followed")
    assert "Not shown: 1 in the baseline." in ended.out
    assert run("src").code == 1


def test_a_new_finding_is_reported_beside_it(run, old: Path):
    old.write_text(old.read_text() + NEW)
    before = Path(DEFAULT).read_bytes()
    ended = run("--baseline", "src", "-q", "--output-format", "json")
    assert [one["code"] for one in json.loads(ended.out)] == ["LKN105"]
    assert Path(DEFAULT).read_bytes() == before


def test_moved_lines_and_other_white_space_stay_known(run, old: Path):
    old.write_text("import os\n\n\n" + old.read_text().replace("connect(path)", "connect(\n        path\n    )"))
    assert run("--baseline").code == 0


def test_another_rule_or_function_is_new(run, old: Path):
    text = old.read_text()
    old.write_text(text.replace("def count", "def number"))
    assert run("--baseline").code == 1
    old.write_text(text.replace("    conn.close()\n", ""))
    assert "LKN101" in run("--baseline").out


def test_a_renamed_file_stays_known_and_a_copy_is_new(run, old: Path):
    Path("src/copy.py").write_bytes(old.read_bytes())
    ended = run("--baseline", "-q", "--output-format", "concise")
    assert (ended.code, ended.out.split(":")[0]) == (1, "src/copy.py")
    old.unlink()
    assert run("--baseline", "--baseline-strict").code == 0


def test_what_is_fixed_is_told_and_fails_a_strict_run(run, old: Path):
    old.write_text("x = 1\n")
    ended = run("--baseline")
    assert ended.code == 0
    assert "Fixed, and still in the baseline: src/old.py: LKN102 in count: sqlite3.connect(path)\n" in ended.out
    assert run("--baseline", "--baseline-strict").code == 1
    assert run("--baseline", "--baseline-strict", "--exit-zero").code == 0
    assert run("baseline", "prune").out == "Wrote .leaklint-baseline.json: 0 findings in 0 files; 1 went.\n"
    assert run("--baseline", "--baseline-strict").code == 0


def test_what_was_not_looked_at_is_not_called_fixed(run, old: Path):
    Path("other.py").write_text("x = 1\n")
    assert "Fixed" not in run("--baseline", "other.py").out
    old.write_text("x = 1\n")
    assert "Fixed" not in run("--baseline", "--ignore", "LKN102").out
    assert "Fixed" in run("--baseline", "..").out


def test_prune_takes_nothing_in_and_update_does(run, old: Path):
    before = Path(DEFAULT).read_bytes()
    old.write_text(old.read_text() + NEW)
    run("baseline", "prune")
    assert Path(DEFAULT).read_bytes() == before
    assert run("baseline", "update").out.endswith("2 findings in 1 file; 1 came in, 0 went.\n")
    assert run("--baseline").code == 0
    old.write_text("x = 1\n")
    Path("src/third.py").write_text(f"import sqlite3{NEW}")
    assert run("baseline", "update", "src/third.py").out.endswith("3 findings in 2 files; 1 came in, 0 went.\n")
    assert run("baseline", "show", "src/third.py").out == (
        "src/third.py: LKN105 in other: sqlite3.connect(path)\n.leaklint-baseline.json: 1 finding in 1 file.\n"
    )


def test_an_unreadable_file_and_an_unused_comment_are_never_known(run, old: Path):
    old.write_text("x = (\n")
    run("baseline", "update")
    assert (run("--baseline").code, run("baseline", "show").out) == (1, f"{DEFAULT}: 0 findings in 0 files.\n")


def test_the_settings_may_name_the_file_for_every_front_end(run, old: Path):
    Path("known.json").write_bytes(Path(DEFAULT).read_bytes())
    Path("leaklint.toml").write_text('baseline = "known.json"')
    assert run().code == 0
    assert run("baseline", "show").out.endswith("known.json: 1 finding in 1 file.\n")
    assert run("--baseline=other.json").code == 2
    assert run("--fix").code == 0
    assert "conn.close()" in old.read_text()


def test_what_cannot_be_done_is_told(run):
    assert run("baseline", "create").err == (
        "error: .leaklint-baseline.json exists: `leaklint baseline update` renews it\n"
    )
    assert "make one by `leaklint baseline create`" in run("--baseline=none.json").err
    Path(DEFAULT).write_text('{"version": 9, "findings": []}')
    assert run("--baseline") == (
        2,
        "",
        "error: .leaklint-baseline.json has version 9, and this leaklint knows version 1\n",
    )
    Path(DEFAULT).write_text("[]")
    assert "is no baseline" in run("--baseline").err
    assert "--baseline-strict needs a baseline" in run("--baseline-strict").err
