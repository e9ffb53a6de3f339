"""Files that are named are judged as a part of their project: what is found does not depend on which were named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from leaklint import cli

FILES = {
    "pyproject.toml": "",
    "app/__init__.py": "",
    "app/db.py": """\
import psycopg2


class Store:
    def __init__(self, dsn):
        self.conn = psycopg2.connect(dsn)

    def take_it(self):
        return psycopg2.connect("x")
""",
    "app/use.py": """\
def use(store):
    conn = store.take_it()
    conn.cursor().execute("x")
""",
    "app/main.py": """\
from app.db import Store


def run(dsn):
    store = Store(dsn)
    store.conn.close()
""",
    "app/plain.py": "x = 1\n",
}

Found = Callable[..., set[tuple[str, str]]]


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Found:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)

    def check(*paths: str) -> set[tuple[str, str]]:
        cli.run(["check", "--extend-select=LKN301", "--output-format=json", *paths])
        return {(one["filename"], one["code"]) for one in json.loads(capfd.readouterr().out)}

    return check


@pytest.mark.parametrize("cache", [(), ("--no-cache",)])
def test_what_is_found_does_not_depend_on_which_files_are_named(found: Found, cache: tuple[str, ...]):
    everything = found(*cache)
    assert everything == {("app/use.py", "LKN101")}
    for name in FILES:
        if name.endswith(".py"):
            assert found(name, *cache) == {one for one in everything if one[0] == name}
    assert found("app/use.py", "app/db.py", *cache) == everything


def test_counts_are_those_of_the_named_files(found: Found, capfd: pytest.CaptureFixture[str]):
    found()
    cli.run(["check", "app/use.py"])
    assert "1 file, 1 acquisition followed on" in capfd.readouterr().out
    cli.run(["check", "app/plain.py"])
    assert "1 file, no acquisition was recognised" in capfd.readouterr().out


def test_without_the_mark_of_a_project_a_file_stands_for_itself(found: Found):
    Path("pyproject.toml").unlink()
    assert found("app/use.py") == set()
