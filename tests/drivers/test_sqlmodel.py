"""SQLModel's sessions are SQLAlchemy's under other names: every claim of theirs holds for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from servers.presence import import_or_skip

from drivers.bench import Bench
from drivers.benches import place_of
from drivers.checks import CHECKS
from leaklint.drivers.claims import Claim, all_claims
from leaklint.drivers.sqlalchemy import SQLALCHEMY
from leaklint.drivers.sqlmodel import SQLMODEL

pytestmark = [pytest.mark.databases, pytest.mark.filterwarnings("ignore")]

CLAIMS = [
    pytest.param(alias, claim, id=f"{alias}-{claim}")
    for claim in all_claims([SQLALCHEMY])
    for alias, target in SQLMODEL.aliases.items()
    if target in claim.acquisition.calls and "acquired" not in claim.kind
]


@pytest.mark.parametrize(("alias", "claim"), CLAIMS)
def test_a_session_of_sqlmodel_does_what_one_of_sqlalchemy_does(
    alias: str, claim: Claim, bench: Callable[[str], Bench]
) -> None:
    import_or_skip("sqlmodel")
    fresh = bench(place_of(claim))
    fresh.way, fresh.modules = alias, (*fresh.modules, alias.rpartition(".")[0])

    async def run() -> None:
        try:
            await CHECKS[claim.kind](fresh, claim.subject)
        finally:
            await fresh.stop()

    asyncio.run(run())
