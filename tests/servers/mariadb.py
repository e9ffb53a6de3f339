"""A MariaDB server, with one user and database for each test."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from temporary import free_port, own_folder, program, running, unprivileged

from servers.accounts import Account

INSTALL = "apt-get install -y mariadb-server"
NUMBERS = itertools.count(1)


class MariadbAccount(Account):
    def __init__(self, port: int, watch, name: str) -> None:
        self.port, self.watch = port, watch
        self.user = self.password = self.database = name

    def sessions(self) -> int:
        return self._ask("SELECT count(*) FROM information_schema.processlist WHERE user = %s", (self.user,))

    def rows(self) -> int:
        return self._ask(f"SELECT count(*) FROM {self.database}.numbers")

    def _ask(self, query: str, values: tuple[str, ...] = ()) -> int:
        with self.watch.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchone()[0]


class Mariadb:
    """Hands out accounts."""

    def __init__(self, port: int, watch) -> None:
        self.port, self.watch = port, watch

    def account(self) -> MariadbAccount:
        name = f"bench{next(NUMBERS)}"
        with self.watch.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
            cursor.execute(f"CREATE TABLE {name}.numbers (n integer) ENGINE=InnoDB")
            cursor.execute(f"GRANT ALL ON {name}.* TO {name}@'127.0.0.1' IDENTIFIED BY '{name}'")
        return MariadbAccount(self.port, self.watch, name)


@contextmanager
def server(_: Path) -> Iterator[Mariadb]:
    import pymysql

    port = free_port()
    with own_folder() as folder:
        data, socket = f"--datadir={folder / 'data'}", f"--socket={folder / 'socket'}"
        install = [program("mariadb-install-db"), "--no-defaults", data, "--auth-root-authentication-method=normal"]
        subprocess.run([*install, "--skip-test-db"], check=True, stdout=subprocess.DEVNULL, **unprivileged())
        address = [f"--port={port}", "--bind-address=127.0.0.1", "--skip-name-resolve", socket]
        command = [program("mariadbd"), "--no-defaults", data, *address, "--innodb-flush-log-at-trx-commit=0"]
        ping = [program("mariadb-admin"), "--no-defaults", socket, "-uroot", "--silent", "ping"]
        with (
            running(command, ping, folder),
            closing(pymysql.connect(unix_socket=str(folder / "socket"), user="root", autocommit=True)) as watch,
        ):
            yield Mariadb(port, watch)
