"""A PostgreSQL server, with one role and schema for each test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from temporary import postgres

from servers.accounts import Account

INSTALL = "apt-get install -y postgresql"
NUMBERS = itertools.count(1)


class PostgresAccount(Account):
    def __init__(self, port: int, watch, name: str) -> None:
        self.port, self.watch = port, watch
        self.user = self.password = name
        self.database = "postgres"

    def sessions(self) -> int:
        return self._ask("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", (self.user,))

    def rows(self) -> int:
        return self._ask(f"SELECT count(*) FROM {self.user}.numbers")

    def _ask(self, query: str, values: tuple[str, ...] = ()) -> int:
        with self.watch.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchone()[0]


class Postgres:
    """Hands out accounts."""

    def __init__(self, port: int, watch) -> None:
        self.port, self.watch = port, watch

    def account(self) -> PostgresAccount:
        name = f"bench{next(NUMBERS)}"
        with self.watch.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {name} LOGIN; CREATE SCHEMA AUTHORIZATION {name};")
            cursor.execute(f"CREATE TABLE {name}.numbers (n integer); ALTER TABLE {name}.numbers OWNER TO {name}")
        return PostgresAccount(self.port, self.watch, name)


@contextmanager
def server(_: Path) -> Iterator[Postgres]:
    import psycopg2

    with postgres() as port, closing(psycopg2.connect(host="127.0.0.1", port=port, user="postgres")) as watch:
        watch.autocommit = True
        yield Postgres(port, watch)
