"""leaklint as a process: what it imports, how it ends, what it completes."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

import leaklint.check
from leaklint import __version__


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    root = str(Path(leaklint.check.__file__).parents[1])
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": root, **environment},
    )


def test_the_version_costs_next_to_nothing():
    probe = "import sys; from leaklint.cli import run; run(['--version']); print(*sys.modules)"
    version, modules = python("-c", probe).stdout.splitlines()
    assert version == f"leaklint {__version__}"
    heavy = {"libcst", "msgspec", "pathspec", "tomllib", "difflib", "leaklint.config", "leaklint.drivers"}
    assert not heavy & set(modules.split())


def test_a_run_that_has_nothing_to_report_imports_no_parser_and_no_reader():
    probe = (
        "import sys, types, leaklint.check as engine; from leaklint.cli import run;"
        "nothing = types.SimpleNamespace(findings=(), files=1, acquisitions=0, paths=0, notes=());"
        "engine.check = lambda files, **_: nothing;"
        "run(['src/ok.py']); print(*sys.modules)"
    )
    modules = python("-c", probe).stdout.splitlines()[-1].split()
    assert not {"pathspec", "tomllib", "difflib", "leaklint.reports.sarif"} & set(modules)


def test_python_m_is_the_same_program():
    assert python("-m", "leaklint", "--version").stdout == f"leaklint {__version__}\n"
    assert python("-m", "leaklint", "nope").returncode == 2


def test_completion_offers_commands_options_and_paths():
    def offered(words: str, position: int) -> str:
        environment = {"_LEAKLINT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(position)}
        return python("-m", "leaklint", **environment).stdout

    assert "plain,doctor" in offered("leaklint do", 1)
    assert "plain,--select" in offered("leaklint --sel", 1)
    assert "plain,--statistics" in offered("leaklint src --stat", 2)
    assert "file," in offered("leaklint sr", 1)
    assert offered("leaklint --output-format j", 2) == "plain,json\nplain,junit\n"
    assert offered("leaklint --select LKN101,LKN20", 2).startswith("plain,LKN101,LKN201\n")
    assert "plain,never-released" in offered("leaklint rule never", 2)
    assert "plain,prune" in offered("leaklint baseline pr", 2)
    assert offered("leaklint drivers psycopg_", 2) == "plain,psycopg_pool\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_help_tells_how_to_switch_completion_on(shell: str):
    assert "_LEAKLINT_COMPLETE=bash_source leaklint" in python("-m", "leaklint", "--help").stdout
    script = python("-m", "leaklint", _LEAKLINT_COMPLETE=f"{shell}_source").stdout
    assert f"_LEAKLINT_COMPLETE={shell}_complete" in script


def test_watching_checks_again_when_a_file_changes(tmp_path: Path):
    pytest.importorskip("watchfiles")
    (tmp_path / "app.py").write_text("import sqlite3\n")
    root = str(Path(leaklint.check.__file__).parents[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "leaklint", "--watch", "-q", "--output-format", "concise", "app.py"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert process.stdout
    assert process.stderr
    assert process.stderr.readline().startswith("Watching ")
    for _ in range(50):  # the watch begins a moment after it is told
        (tmp_path / "app.py").write_text("import sqlite3\n\n\ndef f(p):\n    sqlite3.connect(p).execute('x')\n")
        if select.select([process.stdout], [], [], 1)[0]:
            break
    assert process.stdout.readline().startswith("app.py:5:5: LKN105 ")
    process.kill()
    process.communicate()


def test_a_reader_who_leaves_early_changes_nothing():
    Path("src/a.py").write_text("c = LEAK\n" * 20_000)
    probe = "import sys; sys.path.insert(0, sys.argv[1]); import conftest, leaklint.check, leaklint.cli;"
    probe += "leaklint.check.check = conftest.engine; sys.exit(leaklint.cli.run(['src/a.py', '--select=ALL']))"
    rules = "import types, leaklint.rules; leaklint.rules.RULES = (types.SimpleNamespace("
    rules += "code='LKN102', name='leak-on-exception', default=True),);"
    command = [sys.executable, "-c", rules + probe, str(Path(__file__).parent)]
    root = str(Path(leaklint.check.__file__).parents[1])
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}
    )
    assert process.stdout
    assert process.stderr
    assert process.stdout.readline().startswith(b"error[LKN102]")
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 1
