"""What is checked is not trusted: nothing of it runs, speaks to a terminal, or breaks out of a format."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from sarif_schema import validated

from leaklint.reading import write_whole

ROOT = Path(__file__).resolve().parents[2]
LEAK = "import psycopg2\n\n\ndef main(dsn):\n    conn = psycopg2.connect(dsn)\n    conn.commit()\n"
MARK = "import pathlib\npathlib.Path(__file__).with_name('touched').touch()\n"
EVIL = "a\x1b[31m\x07\u202e<&>\"'%0A]]>\n::error::b.py"


def leaklint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as it is installed: the working directory is not where Python looks for modules."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-P", "-m", "leaklint", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=120,
        check=False,
    )


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    """A project in which every file tells when it is run."""
    package = tmp_path / "package"
    package.mkdir()
    names = ("__init__", "psycopg2", "click", "libcst", "conftest", "setup", "sitecustomize", "leaklint", "work")
    for name in names:
        (package / f"{name}.py").write_text(MARK + LEAK)
        (tmp_path / f"{name}.py").write_text(MARK + LEAK)
    (tmp_path / "pyproject.toml").write_text("[tool.leaklint.drivers.work]\nlibraries = ['work']\n")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [("check", "."), ("--fix", "--diff", "package"), ("doctor",), ("drivers",), ("--show-settings",)],
    ids=lambda arguments: arguments[0],
)
def test_nothing_of_the_project_is_run(trapped: Path, arguments: tuple[str, ...]) -> None:
    done = leaklint(trapped, *arguments)
    assert done.returncode in {0, 1}, done.stderr
    assert not list(trapped.rglob("touched"))


def test_the_trap_works(trapped: Path) -> None:
    subprocess.run([sys.executable, "work.py"], cwd=trapped, check=False, capture_output=True)
    assert list(trapped.rglob("touched"))


def evil(folder: Path) -> Path:
    path = folder / EVIL
    text = LEAK.replace("commit()", "commit('\x1b[2J\u202e')  # \x9b31m\x07") + "    conn.close()\n"
    path.write_text(text, encoding="utf-8")
    (folder / ("\x1b]0;c" + ".py")).write_bytes(b"def \x1b[31m(:\n")
    return path


@pytest.mark.parametrize("arguments", [(), ("-v", "--statistics"), ("--output-format", "concise"), ("--show-files",)])
def test_terminals_are_told_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    evil(tmp_path)
    done = leaklint(tmp_path, ".", *arguments)
    assert done.returncode in {0, 1}, done.stderr
    assert_harmless(done.stdout + done.stderr)


def assert_harmless(told: str) -> None:
    assert told
    assert not [c for c in told if unicodedata.category(c) in {"Cc", "Cf"} and c not in "\n\t"]


def test_a_note_is_harmless(tmp_path: Path) -> None:
    """What cannot be followed is told with the name of its file."""
    evil(tmp_path).write_text(LEAK + "    rows = (row for row in conn)\n    conn.close()\n", encoding="utf-8")
    done = leaklint(tmp_path, "-v", ".")
    assert r"b.py:7: what a stored generator" in done.stderr
    assert r"a\x1b[31m" in done.stderr
    assert_harmless(done.stderr)


@pytest.mark.parametrize("written", ['"a\\u001b[31m" = 1', 'select = ["\\u001b[2J\\u202e\\nLKN"]'])
def test_a_refusal_is_harmless(tmp_path: Path, written: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.leaklint]\n{written}\n", encoding="utf-8")
    done = leaklint(tmp_path, "check", ".")
    assert done.returncode == 2
    assert_harmless(done.stderr)


@pytest.mark.parametrize("arguments", [("drivers",), ("drivers", "\x1b[31m"), ("doctor",), ("--show-settings",)])
def test_a_configuration_is_shown_harmlessly(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    folder = tmp_path / "\x1b[2J"
    folder.mkdir()
    text = (
        '[tool.leaklint]\nexclude = ["\\u009b31m\\u202e"]\n[tool.leaklint.drivers."\\u001b[31m"]\ntitle = "\\u0007"\n'
    )
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    assert_harmless(leaklint(folder, *arguments).stdout)


def test_where_settings_come_from_is_shown_harmlessly(tmp_path: Path) -> None:
    folder = tmp_path / "\x1b[2J"
    folder.mkdir()
    (folder / "leaklint.toml").write_text("")
    told = leaklint(tmp_path, "--show-settings", str(folder)).stdout
    assert r"\x1b[2J" in told
    assert_harmless(told)


def test_a_broken_configuration_is_examined_harmlessly(tmp_path: Path) -> None:
    (tmp_path / "leaklint.toml").write_text('"a\\u001b[31m" = 1\n')
    told = leaklint(tmp_path, "doctor").stdout
    assert r"a\x1b[31m" in told
    assert_harmless(told)


def test_a_baseline_is_shown_harmlessly(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(LEAK)
    assert leaklint(tmp_path, "baseline", "create", ".").returncode == 0
    (made,) = (path for path in tmp_path.iterdir() if path.name != "a.py")
    made.write_text(made.read_text().replace("a.py", "\\u001b[31ma.py"))
    done = leaklint(tmp_path, "baseline", "show", ".")
    assert r"\x1b[31ma.py" in done.stdout, done.stderr
    assert_harmless(done.stdout)


def test_what_is_left_alone_is_named_harmlessly(tmp_path: Path) -> None:
    code = "import sqlite3\ndef main(path):\n    conn = sqlite3.connect(path)\n    conn.commit()\n    conn.close()\n"
    path = tmp_path / "a\x1b[31m.py"
    path.write_text(code)
    path.chmod(0o400)
    cells = [{"cell_type": "code", "source": code, "metadata": {}, "outputs": []}]
    (tmp_path / "b\x1b[31m.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}))
    for option, told in (("--fix", r"a\x1b[31m.py was left"), ("--add-noqa", r"b\x1b[31m.ipynb was left")):
        done = leaklint(tmp_path, option, ".")
        assert told in done.stderr
        assert_harmless(done.stdout + done.stderr)


def test_a_warning_is_harmless(tmp_path: Path) -> None:
    (tmp_path / "\x1b[31m").mkdir()
    done = leaklint(tmp_path, "\x1b[31m")
    assert r"warning: no Python files found under \x1b[31m" in done.stderr
    assert_harmless(done.stderr)


@pytest.mark.parametrize("option", ["--fix", "--add-noqa"])
def test_nothing_is_written_through_a_link(tmp_path: Path, option: str) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    (tmp_path / "outside.py").write_text(LEAK + "    conn.close()\n")
    (folder / "a.py").symlink_to(tmp_path / "outside.py")
    done = leaklint(tmp_path, option, "given")
    assert done.returncode == 2
    assert "leads out of the given paths" in done.stderr
    assert (tmp_path / "outside.py").read_text() == LEAK + "    conn.close()\n"


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_text(LEAK + "    conn.close()\n")
    (tmp_path / "link.py").symlink_to("real.py")
    assert leaklint(tmp_path, "--fix", "link.py").returncode == 0
    assert (tmp_path / "link.py").is_symlink()
    assert "closing(" in (tmp_path / "real.py").read_text()


@pytest.mark.parametrize("format_", ["json", "sarif", "gitlab", "junit", "github"])
def test_no_name_breaks_out_of_a_format(tmp_path: Path, format_: str) -> None:
    evil(tmp_path)
    told = leaklint(tmp_path, ".", "--output-format", format_).stdout
    match format_:
        case "junit":
            assert len(ET.fromstring(told).findall(".//failure")) == 2
        case "github":
            assert len([line for line in told.splitlines() if line.startswith("::")]) == 2
        case "sarif":
            assert len(validated(told)["runs"][0]["results"]) == 2
        case _:
            assert len(json.loads(told)) == 2


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fdopen", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, b"new")
    monkeypatch.undo()
    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, b"new")
    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir()] == [("a.py", b"old")]
