"""A Redis server, with one user for each test; a row is an increment of a number of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from temporary import free_port, own_folder, program, running

from servers.accounts import Account

INSTALL = "apt-get install -y redis-server"
NUMBERS = itertools.count(1)


class RedisAccount(Account):
    def __init__(self, port: int, watch, name: str) -> None:
        self.port, self.watch = port, watch
        self.user = self.password = name
        watch.execute_command("ACL", "SETUSER", name, "on", f">{name}", "~*", "&*", "+@all")

    def sessions(self) -> int:
        return sum(client["user"] == self.user for client in self.watch.client_list())

    def rows(self) -> int:
        return int(self.watch.get(self.user) or 0)


class Redis:
    """Hands out accounts."""

    def __init__(self, port: int, watch) -> None:
        self.port, self.watch = port, watch

    def account(self) -> RedisAccount:
        return RedisAccount(self.port, self.watch, f"bench{next(NUMBERS)}")


@contextmanager
def server(_: Path) -> Iterator[Redis]:
    import redis

    port = free_port()
    address = ["--bind", "127.0.0.1", "--port", str(port)]
    with own_folder() as folder:
        command = [program("redis-server"), *address, "--save", "", "--dir", str(folder)]
        ping = [program("redis-cli"), "-e", "-p", str(port), "ping"]
        with running(command, ping, folder), closing(redis.Redis(port=port, decode_responses=True)) as watch:
            yield Redis(port, watch)
