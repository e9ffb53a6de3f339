"""A project with leaks of its own, and the command line run in it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from leaklint import cli

OLD = """\
import sqlite3


def count(path):
    conn = sqlite3.connect(path)
    rows = conn.execute("SELECT 1").fetchall()
    conn.close()
    return rows
"""


class Ended(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "src/old.py").write_text(OLD)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    def call(*arguments: str) -> Ended:
        code = cli.run(arguments)
        return Ended(code, *capfd.readouterr())

    return call


@pytest.fixture
def git(project: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """git in the project, which is a repository with one commit."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(project.parent / "none"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", str(project.parent / "none"))
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> str:
        identity = ("-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "commit.gpgsign=false")
        return subprocess.run(["git", *identity, *arguments], capture_output=True, text=True, check=True).stdout

    call("init", "-q", "-b", "main")
    call("add", "-A")
    call("commit", "-qm", "old")
    return call
