"""Every claim of a driver whose library can be had is tried on the library itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement

from drivers.bench import Bench
from drivers.benches import place_of
from drivers.checks import CHECKS
from leaklint.drivers import DRIVERS
from leaklint.drivers.claims import Claim, all_claims

pytestmark = [pytest.mark.databases, pytest.mark.filterwarnings("ignore")]

CLAIMS = [
    pytest.param(claim, id=f"{place_of(claim)}-{claim}") for claim in all_claims(DRIVERS) if claim.evidence == "ran"
]


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_library_does_what_the_driver_says(claim: Claim, bench: Callable[[str], Bench]) -> None:
    fresh = bench(place_of(claim))

    async def run() -> None:
        try:
            await CHECKS[claim.kind](fresh, claim.subject)
        finally:
            await fresh.stop()

    if holds(claim.versions):
        asyncio.run(run())
    else:
        with pytest.raises((AssertionError, AttributeError, TypeError)):
            asyncio.run(run())


def holds(versions: str) -> bool:
    """Whether the installed library is among these versions of it."""
    if not versions:
        return True
    requirement = Requirement(versions)
    return requirement.specifier.contains(version(requirement.name))
