"""What outlives its connection: not rewritten, or only when asked to, and the reason that is told is true."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drivers.bench import Bench
from drivers.rewrites import refusal
from leaklint import cli

pytestmark = [pytest.mark.databases, pytest.mark.filterwarnings("ignore")]

CURSOR = """
def work(arguments: dict):
    conn = {call}(**arguments)
    cursor = conn.cursor()
    cursor.execute("SELECT n FROM numbers")
    return cursor
"""
CLOSED = """
import contextlib


def work(arguments: dict):
    with contextlib.closing({call}(**arguments)) as conn:
        cursor = conn.cursor()
        cursor.execute("SELECT n FROM numbers")
        return cursor
"""
OBJECT = """
import sqlalchemy.orm


class Number(sqlalchemy.orm.declarative_base()):
    __tablename__ = "numbers"
    n = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)


def work(arguments: dict):
    session = sqlalchemy.orm.Session(**arguments)
    number = session.merge(Number(n=1))
    session.flush()
    session.expire(number)
    return number
"""


@pytest.mark.parametrize("place", ["sqlite30", "psycopg20", "pyodbc0"])
def test_a_cursor_that_is_returned_needs_its_connection(
    place: str, bench: Callable[[str], Bench], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = f"import {bench(place).modules[0]}\n{CURSOR.format(call=bench(place).way)}"
    (tmp_path / "work.py").write_text(text)
    assert cli.run(["check", "--isolated", "--fix", "--unsafe-fixes", str(tmp_path)]) == 1
    assert refusal(tmp_path / "work.py", capfd) == "`cursor` is returned and still needs the connection"
    assert run(bench(place), text).fetchall() == []
    with pytest.raises(Exception, match=r"(?i)closed"):
        run(bench(place), f"import {bench(place).modules[0]}\n{CLOSED.format(call=bench(place).way)}").fetchall()


def test_an_object_of_a_session_may_need_it(
    bench: Callable[[str], Bench], tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("work.py").write_text(OBJECT)
    assert cli.run(["check", "--isolated", "--fix", "work.py"]) == 1
    assert Path("work.py").read_text() == OBJECT
    capfd.readouterr()
    assert cli.run(["check", "--isolated", "--output-format", "json", "work.py"]) == 1
    (finding,) = json.loads(capfd.readouterr().out)
    assert finding["fix"]["applicability"] == "unsafe"
    assert "`number` is returned and may still need the session" in finding["fix"]["message"]
    assert cli.run(["check", "--isolated", "--fix", "--unsafe-fixes", "work.py"]) == 0

    gc.disable()  # the collector would end the forgotten session, and with it what its object can do
    try:
        assert asyncio.run(number_of(bench("sqlalchemy6"), OBJECT)) == 1
        with pytest.raises(Exception, match="not bound to a Session"):
            asyncio.run(number_of(bench("sqlalchemy6"), Path("work.py").read_text()))
    finally:
        gc.enable()


def run(bench: Bench, text: str) -> Any:
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    return namespace["work"](bench.arguments())


async def number_of(bench: Bench, text: str) -> int:
    try:
        return run(bench, text).n
    finally:
        await bench.stop()
