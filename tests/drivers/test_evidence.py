"""No claim of a driver stands there unfounded: it is run, or it says where it was read."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import version

import msgspec
import pytest

from drivers.bench import Bench
from drivers.benches import BENCHES, benches, place_of
from drivers.checks import CHECKS
from leaklint.drivers import DRIVERS
from leaklint.drivers.claims import Claim, all_claims
from leaklint.drivers.spec import Acquisition

CLAIMS = list(all_claims(DRIVERS))
CLAIMED = {
    *("calls", "methods", "receivers", "only_with", "never_with", "type", "awaiting"),
    *("releases", "closes", "pool_releases", "functions", "awaited", "same", "tells", "double_release"),
    *("entered", "entered_awaited", "pooled", "lazy", "dropped", "template"),
}
NO_CLAIM = {"distinctive", "telling", "noun", "evidence", "source", "read", "versions"}  # of names, words and proofs


def test_every_word_of_an_acquisition_is_claimed_or_is_no_claim() -> None:
    assert {field.name for field in msgspec.structs.fields(Acquisition)} == CLAIMED | NO_CLAIM


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.evidence == "ran"], ids=str)
def test_what_is_said_to_have_been_run_is_run(claim: Claim) -> None:
    assert claim.kind in CHECKS
    assert place_of(claim) in benches()


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.evidence != "ran"], ids=str)
def test_what_is_not_run_says_where_it_was_read(claim: Claim) -> None:
    assert claim.source
    assert claim.evidence in {"source", "documentation", "convention"}
    assert claim.driver.name not in BENCHES or claim.source != claim.acquisition.source


def test_what_was_read_or_holds_in_some_versions_is_a_claim() -> None:
    for driver in DRIVERS:
        for acquisition in driver.acquisitions:
            claims = {str(claim) for claim in CLAIMS if claim.acquisition is acquisition}
            assert {*dict(acquisition.read), *dict(acquisition.versions)} <= claims, driver.name


@pytest.mark.databases
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("place", [place for place in benches() if place != "sqlite30"])
def test_the_version_that_is_run_is_the_one_that_is_named(place: str, bench: Callable[[str], Bench]) -> None:
    """The source of an acquisition begins with what it was run on: the distribution and its versions.

    sqlite3 has that of Python, and is run on whichever Python runs the tests.
    """
    distribution, *versions = re.findall(r"[\w.-]+", benches()[place].acquisition.source)
    bench(place)
    assert version(distribution) in versions
