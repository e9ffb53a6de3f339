"""An account of its own for each test, so that its connections and its rows can be counted from outside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class Account(ABC):
    """Who a test is at its server. It has a table `numbers` with one column `n`."""

    host = "127.0.0.1"
    port = 0
    user = ""
    password = ""
    database = ""

    @abstractmethod
    def sessions(self) -> int:
        """How many connections the server has from this account."""

    @abstractmethod
    def rows(self) -> int:
        """How many rows are there for everybody to see."""

    def options(self, **names: str) -> dict[str, Any]:
        """Where to connect and as whom, as keyword arguments; `names` are those that a library calls otherwise."""
        values = {"host": self.host, "port": self.port, "user": self.user, "password": self.password}
        return {names.get(key, key): value for key, value in {**values, "database": self.database}.items()}

    def url(self, scheme: str) -> str:
        return f"{scheme}://{self.user}:{self.password}@{self.host}:{self.port}/{self.database}"
