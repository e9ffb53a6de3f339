"""A ClickHouse server, with one database for each test; it knows its connections by their number only."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from temporary import free_port, own_folder, program, running

from servers.accounts import Account

INSTALL = "apt-get install -y clickhouse-server curl"
NUMBERS = itertools.count(1)
CONFIGURATION = """<yandex>
    <logger><level>warning</level><console>true</console></logger>
    <listen_host>127.0.0.1</listen_host>
    <tcp_port>{port}</tcp_port>
    <http_port>{http_port}</http_port>
    <path>{folder}/data/</path>
    <tmp_path>{folder}/tmp/</tmp_path>
    <mark_cache_size>5368709120</mark_cache_size>
    <users_config>{folder}/configuration.xml</users_config>
    <default_profile>default</default_profile>
    <default_database>default</default_database>
    <profiles><default/></profiles>
    <quotas><default/></quotas>
    <users>
        <default>
            <password/>
            <networks><ip>127.0.0.1</ip></networks>
            <profile>default</profile>
            <quota>default</quota>
        </default>
    </users>
</yandex>
"""


class ClickhouseAccount(Account):
    user = "default"

    def __init__(self, port: int, watch, name: str) -> None:
        self.port, self.watch, self.database = port, watch, name
        self.others = self._connections()

    def sessions(self) -> int:
        return self._connections() - self.others

    def rows(self) -> int:
        return self._ask(f"SELECT count(*) FROM {self.database}.numbers")

    def _connections(self) -> int:
        return self._ask("SELECT value FROM system.metrics WHERE metric = 'TCPConnection'")

    def _ask(self, query: str) -> int:
        return self.watch.execute(query)[0][0]


class Clickhouse:
    """Hands out accounts."""

    def __init__(self, port: int, watch) -> None:
        self.port, self.watch = port, watch

    def account(self) -> ClickhouseAccount:
        name = f"bench{next(NUMBERS)}"
        self.watch.execute(f"CREATE DATABASE {name}")
        self.watch.execute(f"CREATE TABLE {name}.numbers (n Int32) ENGINE = Memory")
        return ClickhouseAccount(self.port, self.watch, name)


@contextmanager
def server(_: Path) -> Iterator[Clickhouse]:
    from clickhouse_driver import Client

    port, http_port = free_port(), free_port()
    with own_folder() as folder:
        configuration = folder / "configuration.xml"
        configuration.write_text(CONFIGURATION.format(port=port, http_port=http_port, folder=folder))
        command = [program("clickhouse-server"), f"--config-file={configuration}"]
        ping = [program("curl"), "-sf", f"http://127.0.0.1:{http_port}/ping"]
        with running(command, ping, folder), Client("127.0.0.1", port) as watch:
            yield Clickhouse(port, watch)
