"""leaklint inside real flake8: same findings, same places, same comments, and never the end of a run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from leaklint import __version__

pytest.importorskip("flake8")

ROOT = Path(__file__).parent.parent
LEAK = """\
import sqlite3


def count(path):
    name = "naïve 🙂"; conn = sqlite3.connect(path)
    conn.execute(name)
    conn.close()
"""
FOUND = "LKN102 connection `conn` is not released if `conn.execute(name)` raises (leaves at line 6)"
START = """\
import multiprocessing
import sys

from flake8.main.cli import main

if __name__ == "__main__":
    multiprocessing.set_start_method("{method}")
    sys.exit(main(sys.argv[1:]))
"""

Flake8 = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.py").write_text(LEAK, encoding="utf-8")
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Where flake8 finds the plugin, whether leaklint is installed or only lies here."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    entries = "".join(f"{name} = {value}\n" for name, value in declared["flake8.extension"].items())
    site = tmp_path / "site/leaklint_db-0.dist-info"
    site.mkdir(parents=True)
    (site / "METADATA").write_text(f"Metadata-Version: 2.1\nName: leaklint-db\nVersion: {__version__}\n")
    (site / "entry_points.txt").write_text(f"[flake8.extension]\n{entries}")
    return {
        **os.environ,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PYTHONPATH": f"{site.parent}{os.pathsep}{ROOT}",
        "PYTHONUTF8": "1",
    }


@pytest.fixture
def flake8(project: Path, environment: dict[str, str]) -> Flake8:
    """Runs flake8 in the project, our codes only."""

    def run(*arguments: str, stdin: str | None = None, select: str = "LKN") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-X", "importtime", "-m", "flake8", f"--select={select}", *arguments]
        return subprocess.run(
            command, cwd=project, env=environment, input=stdin, capture_output=True, encoding="utf-8", check=False
        )

    return run


def command_line(project: Path) -> set[tuple[str, int, int, str]]:
    command = [sys.executable, "-m", "leaklint", "check", "--output-format", "json", "."]
    cache = str(project.parent / "cache")
    environment = {**os.environ, "XDG_CACHE_HOME": cache, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=project, env=environment, capture_output=True, check=False)
    return {(one["filename"], one["line"], one["column"], one["code"]) for one in json.loads(ran.stdout)}


def places(output: str) -> set[tuple[str, int, int, str]]:
    rows = [line.split(":", 3) for line in output.splitlines()]
    return {(name.removeprefix("./"), int(line), int(column), text.split()[0]) for name, line, column, text in rows}


def test_a_leak_is_reported_where_the_command_line_reports_it(project: Path, flake8: Flake8):
    ran = flake8()
    assert ran.stdout == f"./app.py:5:30: {FOUND}\n"
    assert ran.returncode == 1
    assert places(ran.stdout) == command_line(project)


def test_the_examples_have_the_same_findings_in_both(project: Path, flake8: Flake8):
    (project / "app.py").unlink()
    for path in (ROOT / "examples").glob("*.py"):
        (project / path.name).write_bytes(path.read_bytes())
    found = places(flake8("--jobs=2").stdout)
    assert found == command_line(project)
    assert len(found) > 5


def test_a_file_without_candidates_costs_no_libcst(project: Path, flake8: Flake8):
    (project / "app.py").write_text("def add(a, b):\n    return a + b\n")
    ran = flake8()
    assert (ran.stdout, ran.returncode) == ("", 0)
    assert "leaklint.ownership.catalog" in ran.stderr
    assert "libcst" not in ran.stderr
    assert "libcst" in flake8("-", stdin=LEAK).stderr


def test_the_plugin_shows_its_version_and_its_options(flake8: Flake8):
    assert f"leaklint-db: {__version__}" in flake8("--version").stdout.replace("\n", " ")
    helped = flake8("--help").stdout
    assert all(f"--leaklint-{name}" in helped for name in ("raises", "min-confidence", "config"))
    assert "What may raise: what does in practice" in helped


def test_a_finding_has_the_column_of_the_command_line_though_flake8_counts_from_0(flake8: Flake8):
    import ast

    from leaklint.flake8_plugin import LeakChecker

    ((line, column, text, _),) = LeakChecker(ast.parse(LEAK), "app.py", LEAK.splitlines(keepends=True)).run()
    assert f"./app.py:{line}:{column + 1}: {text}\n" == flake8().stdout


def test_standard_input(flake8: Flake8):
    assert flake8("-", "--stdin-display-name=app.py", stdin=LEAK).stdout == f"app.py:5:30: {FOUND}\n"
    assert flake8("-", stdin=LEAK).stdout == f"stdin:5:30: {FOUND}\n"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8-sig"])
def test_columns_count_characters_in_every_encoding(project: Path, flake8: Flake8, encoding: str):
    cookie = "" if encoding == "utf-8-sig" else f"# coding: {encoding}\n"
    text = cookie + LEAK.replace(" 🙂", "")
    (project / "app.py").write_bytes(text.encode(encoding))
    ran = flake8()
    assert places(ran.stdout) == command_line(project)
    assert places(ran.stdout) == {("app.py", 6 if cookie else 5, 28, "LKN102")}


def test_comments_and_per_file_ignores_are_heeded(project: Path, flake8: Flake8):
    silenced = LEAK.replace("connect(path)\n", "connect(path)  # noqa: LKN102 - it is a script\n")
    (project / "app.py").write_text(silenced, encoding="utf-8")
    assert flake8().stdout == ""
    (project / "app.py").write_text(LEAK, encoding="utf-8")
    assert flake8("--per-file-ignores=app.py:LKN").stdout == ""


def test_select_takes_single_codes(flake8: Flake8):
    assert flake8(select="LKN101").stdout == ""
    assert FOUND in flake8(select="LKN102").stdout


def test_settings_of_leaklint_hold(project: Path, flake8: Flake8):
    (project / "pyproject.toml").write_text('[tool.leaklint]\nignore = ["LKN102"]\n')
    assert flake8().stdout == ""
    (project / "pyproject.toml").write_text('[tool.leaklint]\nextend-exclude = ["app.py"]\n')
    assert flake8().stdout == ""


def test_the_baseline_of_the_settings_holds(project: Path, flake8: Flake8):
    (project / "pyproject.toml").write_text('[tool.leaklint]\nbaseline = "known.json"\n')
    assert "LKN902 this file was not checked for leaks: BaselineError" in flake8().stdout
    command = [sys.executable, "-m", "leaklint", "baseline", "create"]
    subprocess.run(command, cwd=project, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    assert flake8().stdout == ""
    (project / "new.py").write_text(LEAK, encoding="utf-8")
    assert flake8().stdout == f"./new.py:5:30: {FOUND}\n"


WRAPPER = "import sqlite3\n\n\ndef borrow(path):\n    return sqlite3.connect(path)\n"
BORROWER = "from wrapper import borrow\n\n\ndef use(path):\n    conn = borrow(path)\n    print(conn)\n"


def test_what_the_command_line_has_found_across_files_is_told(project: Path, flake8: Flake8):
    (project / "wrapper.py").write_text(WRAPPER)
    (project / "app.py").write_text(BORROWER)
    assert flake8().stdout == ""
    everything = command_line(project)
    assert everything == {("app.py", 5, 12, "LKN101")}
    ran = flake8("--jobs=2")
    assert places(ran.stdout) == everything
    assert "libcst" not in flake8("--jobs=1").stderr
    (project / "app.py").write_text(f"import os\n{BORROWER}")
    assert places(flake8().stdout) == {("app.py", 6, 12, "LKN101")}
    (project / "wrapper.py").write_text("def borrow(path):\n    return path\n")
    assert flake8().stdout == ""
    assert flake8("-", "--stdin-display-name=app.py", stdin=LEAK).stdout == f"app.py:5:30: {FOUND}\n"


def test_a_wrong_setting_is_a_finding(project: Path, flake8: Flake8):
    (project / "pyproject.toml").write_text('[tool.leaklint]\nignroe = ["LKN102"]\n')
    assert "app.py:1:1: LKN902 this file was not checked for leaks: ConfigError: pyproject.toml:2" in flake8().stdout


FIELD = """\
    import sqlite3


    class Cache:
        def __init__(self, path):
            self.conn = sqlite3.connect(path)
"""


def test_a_rule_that_is_off_by_default_is_switched_on_by_either(project: Path, flake8: Flake8):
    (project / "app.py").write_text(dedent(FIELD))
    default = "F"  # not ours: what flake8 selects by default is enough for ours
    assert flake8(f"--extend-select={default}", select="LKN101").stdout == ""
    assert "LKN301" in flake8("--extend-select=LKN301", select="F").stdout
    assert "LKN301" in flake8(select="LKN3").stdout
    (project / "pyproject.toml").write_text('[tool.leaklint]\nextend-select = ["LKN301"]\n')
    assert "LKN301" in flake8("--ignore=E501", select="F,LKN").stdout


def test_options_are_read_from_flake8s_configuration(project: Path, flake8: Flake8):
    (project / "app.py").write_text(
        "import sqlite3\n\n\ndef f(p):\n    c = sqlite3.connect(p)\n    print(p)\n    c.close()\n"
    )
    assert flake8().stdout == ""
    (project / ".flake8").write_text("[flake8]\nleaklint-raises = all\n")
    assert "LKN102" in flake8().stdout
    (project / ".flake8").write_text("[flake8]\nleaklint_config = other/leaklint.toml\n")
    (project / "other").mkdir()
    (project / "other/leaklint.toml").write_text('raises = "all"\n')
    assert "LKN102" in flake8().stdout


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_workers_know_the_options_however_they_start(project: Path, environment: dict[str, str], method: str):
    for number in range(6):
        (project / f"app{number}.py").write_text(LEAK, encoding="utf-8")
    (project / "start.py").write_text(START.format(method=method))
    command = [sys.executable, "start.py", "--jobs=2", "--select=LKN", "--leaklint-raises=all"]
    ran = subprocess.run(command, cwd=project, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert ran.stdout.count("LKN102") == 7, ran.stderr


def test_nothing_ends_the_run(monkeypatch: pytest.MonkeyPatch):
    import ast

    import leaklint.check
    from leaklint.flake8_plugin import LeakChecker

    def broken(*_: object, **__: object) -> None:
        raise RecursionError("too\ndeep")

    monkeypatch.setattr(leaklint.check, "check", broken)
    rows = list(LeakChecker(ast.parse(LEAK), "app.py", LEAK.splitlines(keepends=True)).run())
    assert [row[:3] for row in rows] == [(1, 0, "LKN902 this file was not checked for leaks: RecursionError: too deep")]


def test_code_that_is_nested_too_deeply_is_told(monkeypatch: pytest.MonkeyPatch):
    import ast

    from leaklint import flake8_plugin

    monkeypatch.setattr(flake8_plugin, "DEEPEST", 5)
    rows = list(flake8_plugin.LeakChecker(ast.parse(LEAK), "app.py", [LEAK]).run())
    assert [row[2] for row in rows] == ["LKN902 this file was not checked for leaks: its code is nested too deeply"]
