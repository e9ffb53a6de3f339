"""An alias acquires what it is said to stand for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pkgutil import resolve_name

import pytest

from drivers.bench import Bench
from drivers.benches import benches
from leaklint.drivers import DRIVERS

pytestmark = [pytest.mark.databases, pytest.mark.filterwarnings("ignore")]

NOT_RUN = {
    "psycopg2._connect",  # private, and takes a DSN only
    "mysql.connector.connection_cext.CMySQLConnection",  # the C extension of today does not load on Debian 12
}
ALIASES = [
    pytest.param(place, alias, id=alias)
    for driver in DRIVERS
    for alias, target in driver.aliases.items()
    for place, (acquisition, _) in benches().items()
    if target in acquisition.calls and not acquisition.only_with and alias not in NOT_RUN
]


@pytest.mark.parametrize(("place", "alias"), ALIASES)
def test_an_alias_acquires_the_same(place: str, alias: str, bench: Callable[[str], Bench]) -> None:
    fresh = bench(place)

    async def run() -> None:
        try:
            made = resolve_name(alias)(**fresh.arguments())
            resource = await made if fresh.acquisition.awaiting != "no" else made
            await fresh.use(resource)
            assert fresh.taken() == 1
            await fresh.release(resource)
        finally:
            await fresh.stop()

    asyncio.run(run())
