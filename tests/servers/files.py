"""Database files of sqlite and DuckDB: a connection is an open file of this process."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from servers.accounts import Account


class FileAccount(Account):
    """One database file; `library` makes its table and counts its rows."""

    def __init__(self, path: Path, library: str) -> None:
        self.library = library
        self.database = str(path)
        with closing(self._connect()) as connection:
            connection.execute("CREATE TABLE numbers (n integer)")
            connection.commit()

    def sessions(self) -> int:
        return sum(self._target(descriptor) == self.database for descriptor in Path("/proc/self/fd").iterdir())

    def rows(self) -> int:
        with closing(self._connect()) as connection:
            return connection.execute("SELECT count(*) FROM numbers").fetchone()[0]

    def _connect(self):
        return importlib.import_module(self.library).connect(self.database)

    @staticmethod
    def _target(descriptor: Path) -> str:
        with suppress(FileNotFoundError):  # the one that lists the folder is gone by now
            return str(descriptor.readlink())
        return ""


class Files:
    """Hands out databases in one folder; there is no server."""

    INSTALL = "nothing to install"

    def __init__(self, library: str) -> None:
        self.library = library
        self.numbers = itertools.count(1)
        self.folder = Path()

    @contextmanager
    def server(self, folder: Path) -> Iterator[Files]:
        self.folder = folder
        yield self

    def account(self) -> FileAccount:
        return FileAccount(self.folder / f"numbers{next(self.numbers)}.db", self.library)
