"""What the settings say of functions in sight is held against their bodies, as comments are."""

from __future__ import annotations

from pathlib import Path

import pytest

from leaklint.check import check
from leaklint.config import FunctionFacts, Settings
from leaklint.discover import File

TEXT = """\
import psycopg2

idle = []


class Keeper:
    def __init__(self, dsn):
        self.conn = psycopg2.connect(dsn)

    def get(self):
        return self.conn

    def give_up(self):
        conn, self.conn = self.conn, None
        return conn

    def close(self):
        self.conn.close()


def dial(dsn):
    return psycopg2.connect(dsn)


def remember(dsn):
    conn = psycopg2.connect(dsn)
    idle.append(conn)
    return conn


def look(name, conn):
    conn.cursor()


def shut(name, conn):
    conn.close()


def put(name, conn):
    idle.append(conn)
"""


@pytest.mark.parametrize(
    ("broken", "kept", "facts", "code"),
    [
        ("Keeper.get", "Keeper.give_up", FunctionFacts(returns="owned"), "LKN303"),
        ("dial", "remember", FunctionFacts(lends=True), "LKN101"),
        ("look", "shut", FunctionFacts(releases=1), "LKN101"),
        ("look", "put", FunctionFacts(keeps=(1,)), "LKN101"),
    ],
    ids=["returns", "lends", "releases", "keeps"],
)
def test_a_broken_contract_is_reported_and_a_kept_one_is_not(
    tmp_path: Path, broken: str, kept: str, facts: FunctionFacts, code: str
):
    settings = Settings(functions={f"app.{broken}": facts, f"app.{kept}": facts})
    found = check([File(tmp_path / "app.py", "app.py", settings, TEXT.encode())]).findings
    assert [(one.code, one.function) for one in found] == [(code, broken)]
