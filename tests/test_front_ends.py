"""One project, five front ends: they name the same findings. And the hooks, run by pre-commit in a real repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("pre_commit")
yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parent.parent
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}

FILES = {
    "pyproject.toml": """\
[tool.leaklint]
extend-select = ["LKN301"]
extend-exclude = ["generated/"]
per-file-ignores = { "tests/" = ["LKN105"] }
baseline = "known.json"
""",
    "known.json": """\
{"version": 1, "findings": [
{"file": "app/old.py", "code": "LKN105", "function": "known", "acquisition": "sqlite3.connect(path)"}
]}
""",
    "app/__init__.py": "",
    "app/db.py": """\
import psycopg2.pool

pool = psycopg2.pool.ThreadedConnectionPool(1, 9, "dbname=é")


def checkout():
    return pool.getconn()


def hand_in(conn):
    pool.putconn(conn)
""",
    "app/users.py": """\
from app.db import checkout, hand_in


def login(name):
    text = "naïve 🙂"; conn = checkout()
    cur = conn.cursor()
    cur.execute(text, (name,))
    hand_in(conn)


def lookup(name):
    conn = checkout()
    try:
        return conn.cursor().fetchone()
    finally:
        hand_in(conn)


def silenced():
    conn = checkout()  # noqa: LKN101 - it lives as long as the process
    conn.cursor()
""",
    "app/cache.py": """\
import sqlite3


class Cache:
    def __init__(self, path):
        self.conn = sqlite3.connect(path)
""",
    "app/old.py": """\
import sqlite3


def known(path):
    return sqlite3.connect(path).execute("SELECT 1").fetchone()


def new(path):
    return sqlite3.connect(path).execute("SELECT 1").fetchone()
""",
    "generated/models.py": "import sqlite3\n\n\ndef f(p):\n    sqlite3.connect(p).execute('x')\n",
    "tests/test_it.py": """\
import sqlite3


def test_it():
    assert sqlite3.connect("x").execute("SELECT 1")
    conn = sqlite3.connect("y")
    conn.execute("SELECT 1")
""",
}
EXPECTED = frozenset(
    {
        ("app/cache.py", 6, 21, "LKN301"),
        ("app/old.py", 9, 12, "LKN105"),
        ("app/users.py", 5, 30, "LKN102"),
        ("tests/test_it.py", 6, 12, "LKN101"),
    }
)

Place = tuple[str, int, int, str]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def run(project: Path, tmp_path: Path) -> Run:
    """A command in the project, which is a repository; flake8 finds the plugin whether it is installed or not."""
    site = tmp_path / "site/leaklint_db-0.dist-info"
    site.mkdir(parents=True)
    (site / "METADATA").write_text("Metadata-Version: 2.1\nName: leaklint-db\nVersion: 0\n")
    (site / "entry_points.txt").write_text("[flake8.extension]\nLKN = leaklint.flake8_plugin:LeakChecker\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "LEAKLINT_"))}
    environment |= {
        "PYTHONPATH": f"{site.parent}{os.pathsep}{ROOT}",
        "PYTHONUTF8": "1",
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    (tmp_path / "gitconfig").write_text("[user]\nname = n\nemail = e@example.com\n[init]\ndefaultBranch = main\n")

    def call(*command: str, **changes: str) -> subprocess.CompletedProcess[str]:
        ran = {**environment, **changes}
        return subprocess.run(command, cwd=project, env=ran, capture_output=True, encoding="utf-8", check=False)

    call("git", "init", "-q")
    return call


def hook(name: str, entry: str, **more: object) -> dict[str, object]:
    return {"id": name, "name": name, "language": "system", "entry": entry, "verbose": True, **more}


def configure(project: Path, *hooks: dict[str, object]) -> None:
    text = yaml.safe_dump({"repos": [{"repo": "local", "hooks": list(hooks)}]})
    (project / ".pre-commit-config.yaml").write_text(text)


def shipped(name: str, *more: str) -> dict[str, object]:
    """A hook of ours as it is shipped, but for the Python that it runs in."""
    told = HOOKS[name]
    entry = told["entry"].replace("leaklint", f"{sys.executable} -m leaklint", 1)
    return hook(name, " ".join([entry, *more]), types_or=told["types_or"], require_serial=told["require_serial"])


def places(output: str) -> set[Place]:
    """What lines of the form `file:line:column: CODE …` name."""
    rows = [line.split(":", 3) for line in output.splitlines() if ": LKN" in line]
    return {(name.removeprefix("./"), int(line), int(column), text.split()[0]) for name, line, column, text in rows}


def test_all_front_ends_name_the_same_findings(project: Path, run: Run):
    concise = ("--output-format", "concise")
    flake8 = (sys.executable, "-m", "flake8", "--select=LKN")
    configure(project, hook("flake8", " ".join(flake8), types=["python"]), shipped("leaklint", *concise))
    run("git", "add", "-A")

    def committed(name: str, *files: str) -> set[Place]:
        chosen = ("--files", *files) if files else ("--all-files",)
        return places(run(sys.executable, "-m", "pre_commit", "run", name, *chosen).stdout)

    program = "import sys; from leaklint.cli import main; sys.argv[0] = 'leaklint'; main()"
    found = {
        "leaklint": places(run(sys.executable, "-c", program, *concise).stdout),
        "python -m leaklint": places(run(sys.executable, "-m", "leaklint", *concise).stdout),
        "flake8": places(run(*flake8).stdout),
        "flake8, several jobs": places(run(*flake8, "--jobs=2").stdout),
        "flake8 through pre-commit": committed("flake8"),
        "the hook": committed("leaklint"),
    }
    assert found == dict.fromkeys(found, EXPECTED)
    assert committed("leaklint", "app/users.py", "generated/models.py") == {
        one for one in EXPECTED if one[0] == "app/users.py"
    }


def test_columns_are_those_that_editors_show(run: Run):
    """flake8 counts from 0 inside and adds 1 for all plugins: what it prints is what the command line prints."""
    rows = json.loads(run(sys.executable, "-m", "leaklint", "--output-format", "json", "app/users.py").stdout)
    line = FILES["app/users.py"].split("\n")[rows[0]["line"] - 1]
    assert line[rows[0]["column"] - 1 : rows[0]["end_column"] - 1] == "checkout()"


def test_a_leak_blocks_the_commit_until_the_fixing_hook_has_been(project: Path, run: Run):
    for name in FILES:
        (project / name).unlink()
    leaky = "import sqlite3\n\n\ndef f(p):\n    conn = sqlite3.connect(p)\n    conn.execute('x')\n    conn.close()\n"
    (project / "app.py").write_text(leaky)
    configure(project, shipped("leaklint"))
    assert run(sys.executable, "-m", "pre_commit", "install").returncode == 0
    run("git", "add", "-A")
    blocked = run("git", "commit", "-qm", "a leak")
    assert blocked.returncode == 1
    assert "[LKN102]" in blocked.stderr + blocked.stdout

    configure(project, shipped("leaklint-fix"), shipped("leaklint"))
    run("git", "add", "-A")
    assert run("git", "commit", "-qm", "fixed on the way").returncode == 1  # pre-commit: files were modified
    assert "with contextlib.closing(sqlite3.connect(p)) as conn:" in (project / "app.py").read_text()
    run("git", "add", "-A")
    passed = run("git", "commit", "-qm", "no leak")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert run("git", "log", "--format=%s").stdout == "no leak\n"


@pytest.mark.skipif("LEAKLINT_PACKAGE_INDEX" not in os.environ, reason="installs packages: LEAKLINT_PACKAGE_INDEX=1")
def test_the_shipped_hook_installs_and_runs(run: Run, tmp_path: Path):
    clone = str(tmp_path / "clone")
    run("git", "add", "-A")
    run("git", "clone", "-q", str(ROOT), clone)
    tried = run(sys.executable, "-m", "pre_commit", "try-repo", clone, "leaklint", "--all-files", PYTHONPATH="")
    assert tried.returncode == 1, tried.stdout + tried.stderr
    assert "Found 4 leaks in 4 files." in tried.stdout
