"""Bytes under keys, in one file that several runs may share; a file that is broken or somebody else's is made anew."""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from leaklint.cache.place import digest

PATIENCE = 10
"""Seconds that a run waits for another one to finish writing."""

MOST_RUNS = 64
MOST_INDEXES = 100_000
SEAL = 16

TABLES = {
    "program": "made_by BLOB",
    "runs": "key BLOB PRIMARY KEY, project BLOB, data BLOB",
    "sights": "key BLOB PRIMARY KEY, project BLOB, data BLOB",
    "indexes": "key BLOB PRIMARY KEY, data BLOB",
}


class Broken(Exception):
    """The file is none of ours, or was made by another version of the program."""


class Entry(NamedTuple):
    """A key with its bytes."""

    key: bytes
    data: bytes


class Store:
    """What is kept for one project. Nothing here raises for the state of the file: a cache that fails is empty."""

    def __init__(self, path: Path, program: bytes) -> None:
        self._path = path
        self._program = program
        self._reading: tuple[int, sqlite3.Connection] | None = None

    def run(self, key: bytes, project: bytes) -> bytes | None:
        """The run of that key, else the latest one of the project."""
        return self._latest("runs", key, project)

    def sight(self, key: bytes, project: bytes) -> bytes | None:
        """What was seen under that key, else what was seen last of the project."""
        return self._latest("sights", key, project)

    def index(self, key: bytes) -> bytes | None:
        return next(self._read("SELECT data FROM indexes WHERE key = ?", (key,)), None)

    def keep(
        self, project: bytes, *, run: Entry | None = None, sight: Entry | None = None, indexes: Iterable[Entry] = ()
    ) -> None:
        """Put these in; what is there of other runs stays."""
        for attempt in range(2):
            try:
                with self._writer() as connection:
                    for table, one in (("runs", run), ("sights", sight)):
                        if one is not None:
                            values = (one.key, project, sealed(one.data))
                            connection.execute(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", values)
                    connection.executemany(
                        "INSERT OR REPLACE INTO indexes VALUES (?, ?)", ((one.key, sealed(one.data)) for one in indexes)
                    )
                    for table, most in (("runs", MOST_RUNS), ("sights", MOST_RUNS), ("indexes", MOST_INDEXES)):
                        connection.execute(
                            f"DELETE FROM {table} WHERE rowid <= (SELECT max(rowid) FROM {table}) - ?", (most,)
                        )
                return
            except (sqlite3.OperationalError, OSError):
                return  # locked for too long, no space, not to be written to: the next run starts without
            except (sqlite3.DatabaseError, Broken):
                if attempt == 0:
                    self._discard()

    def _latest(self, table: str, key: bytes, project: bytes) -> bytes | None:
        query = f"SELECT data FROM {table} WHERE key = ? OR project = ? ORDER BY key = ? DESC, rowid DESC LIMIT 1"
        return next(self._read(query, (key, project, key)), None)

    def _read(self, query: str, values: tuple[bytes, ...]) -> Iterator[bytes]:
        if not self._path.exists():
            return
        try:
            with self._reader() as connection:
                found = connection.execute(query, values).fetchall()
        except (sqlite3.Error, OSError, Broken):
            return
        for (data,) in found:
            if isinstance(data, bytes) and digest(data[SEAL:]) == data[:SEAL]:
                yield data[SEAL:]

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """A connection that stays open, for to open one takes longer than to read: one of its own for each process."""
        if self._reading is None or self._reading[0] != os.getpid():
            self._reading = os.getpid(), self._connected()
            weakref.finalize(self, self._reading[1].close)
        connection = self._reading[1]
        try:
            connection.execute("BEGIN")
            self._check(connection)
            yield connection
        finally:
            connection.rollback()

    @contextmanager
    def _writer(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own: the file may have been deleted since it was read."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connected()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            if not tables_of(connection):
                for name, columns in TABLES.items():
                    connection.execute(f"CREATE TABLE {name} ({columns})")
                connection.execute("INSERT INTO program VALUES (?)", (self._program,))
            self._check(connection)
            yield connection
            connection.execute("COMMIT")

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)

    def _check(self, connection: sqlite3.Connection) -> None:
        if tables_of(connection) != TABLES.keys():
            raise Broken
        if connection.execute("SELECT made_by FROM program").fetchall() != [(self._program,)]:
            raise Broken

    def _discard(self) -> None:
        if self._reading is not None:
            self._reading[1].close()
            self._reading = None
        for suffix in ("", "-journal"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)


def tables_of(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def sealed(data: bytes) -> bytes:
    """The data behind its digest, so that a damaged file is told from a whole one."""
    return digest(data) + data
