"""The replayed incidents: the pool runs dry, the leaks are named, and the mended copy holds ten times as long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from replay import Replay, incidents, replay
from servers import postgres
from servers.presence import absent, import_or_skip
from temporary import postgres as temporary_postgres

README = Path(__file__).parents[2] / "examples" / "incidents" / "README.md"
EXHAUSTED = {
    "1-pool-fills-up": "psycopg2.pool.PoolError: connection pool exhausted",
    "2-five-hundred-connections": "psycopg2.pool.PoolError: connection pool exhausted",
    "3-orders-over-the-limit": "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 0 reached",
    "4-nobody-can-log-in": "psycopg2.pool.PoolError: connection pool exhausted",
    "4b-the-published-repair": "psycopg2.pool.PoolError: connection pool exhausted",
    "5-the-loop": "psycopg2.pool.PoolError: connection pool exhausted",
}
LEAKS = {
    "1-pool-fills-up": {
        ("app.py", "db.connect()", "LKN101"),
        ("connector.py", "self._conn = Connector._pool.getconn()", "LKN104"),
    },
    "2-five-hundred-connections": {("orders.py", "conn = pool.get_connection()", "LKN101")},
    "3-orders-over-the-limit": {("app.py", "session = Session(engine)", "LKN102")},
    "4-nobody-can-log-in": {
        ("logins.py", "conn = db._conn()", "LKN102"),
        ("service.py", "conn = self._conn()", "LKN102"),
        ("service.py", "conn = self._conn()", "LKN103"),
    },
    "4b-the-published-repair": {
        ("service.py", "conn = self.pool.getconn()", "LKN203"),
        ("service.py", "conn = self._conn()", "LKN103"),
    },
    "5-the-loop": {("load.py", "conn = pool.getconn()", "LKN104")},
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    import_or_skip("psycopg2", "sqlmodel", "fastapi", "httpx")
    try:
        with temporary_postgres() as port:
            yield port
    except FileNotFoundError as missing:
        absent(f"{missing} is not installed: {postgres.INSTALL}")


@pytest.mark.databases
@pytest.mark.parametrize("folder", incidents(), ids=lambda folder: folder.name)
def test_the_pool_runs_dry_and_holds_once_the_leak_is_mended(folder: Path, port: int) -> None:
    told = replay(folder, port)
    assert told.before.error.startswith(EXHAUSTED[folder.name])
    assert told.before.in_use == 5
    assert {located(folder, line) for line in told.findings} == LEAKS[folder.name]
    assert told.left == []
    assert told.after == (10 * (told.before.survived + 1), "", 0)
    assert row(folder, told) in README.read_text(encoding="utf-8")


def located(folder: Path, line: str) -> tuple[str, str, str]:
    """The file, the source and the code of a finding."""
    name, number, _, code = re.match(r"(.+?):(\d+):(\d+): (\w+)", line).groups()
    return name, (folder / name).read_text(encoding="utf-8").splitlines()[int(number) - 1].strip(), code


def row(folder: Path, told: Replay) -> str:
    """The line of the table in the README."""
    mended = "`leaklint --fix`" if told.by_fix else f"by hand: [right]({folder.name}/right)"
    name = f"[{folder.name}]({folder.name})"
    return f"| {name} | {told.before.survived} | {mended} | {told.after.survived} | {told.after.in_use} |"
