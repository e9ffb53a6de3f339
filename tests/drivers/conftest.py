"""Servers for the session, each started by the first test that needs it, and skipped in words where it cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import pytest
from servers import SERVERS
from servers.accounts import Account
from servers.presence import absent, import_or_skip

from drivers.bench import Bench
from drivers.benches import benches


@pytest.fixture(scope="session")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Account]]:
    """A fresh account at the server of that name."""
    with ExitStack() as stack:
        running = {}

        def account(name: str) -> Account:
            if name not in running:
                try:
                    running[name] = stack.enter_context(SERVERS[name].server(tmp_path_factory.mktemp(name)))
                except FileNotFoundError as missing:
                    absent(f"{missing} is not installed: {SERVERS[name].INSTALL}")
            return running[name].account()

        yield account


@pytest.fixture
def bench(accounts: Callable[[str], Account]) -> Callable[[str], Bench]:
    """A fresh bench for the acquisition at that place."""

    def fresh(place: str) -> Bench:
        acquisition, kind = benches()[place]
        import_or_skip(*kind.modules)
        if missing := kind.missing():
            absent(missing)
        return kind(acquisition, accounts(kind.server), partial(fresh, place))

    return fresh
