"""The page of the drivers' claims: for each library what is said of it, and what that rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from leaklint.drivers import DRIVERS
from leaklint.drivers.claims import Claim, all_claims
from leaklint.drivers.spec import Acquisition, Driver

WORDS = {"ran": "ran", "source": "read in source", "documentation": "documentation", "convention": "name alone"}
HEAD = """# What the drivers claim

A claim that *ran* is a test: it runs the library against a real server, and counts the connections there. The others
were read, in the source or the documentation of the version that is named, or rest on names alone.

"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(overview()) + "".join(line for driver in DRIVERS for line in section(driver))


def overview() -> Iterator[str]:
    yield "| driver | versions | " + " | ".join(WORDS.values()) + " |\n"
    yield "|---|---|" + "---|" * len(WORDS) + "\n"
    for driver in DRIVERS:
        if driver.acquisitions:
            counted = Counter(claim.evidence for claim in all_claims([driver]))
            numbers = " | ".join(str(counted[word] or "") for word in WORDS)
            yield f"| {driver.title} | {driver.acquisitions[0].source} | {numbers} |\n"


def section(driver: Driver) -> Iterator[str]:
    for acquisition, claims in groupby(all_claims([driver]), key=lambda claim: claim.acquisition):
        yield f"\n## {driver.title}: {heading(acquisition)}\n\n| claim | known by |\n|---|---|\n"
        yield from map(row, claims)


def heading(of: Acquisition) -> str:
    kind = of.type.rpartition(".")[2]
    return f"{of.noun}, `{kind}`" if kind else f"{of.noun}, `{of.methods[0]}()`"


def row(claim: Claim) -> str:
    basis = WORDS[claim.evidence]
    if claim.source != claim.acquisition.source:
        basis += f": {claim.source}"
    if claim.versions:
        basis += f", for {claim.versions}"
    return f"| {shown(claim)} | {basis} |\n"


def shown(claim: Claim) -> str:
    named = claim.kind.endswith(("by", "with", ":", "is a"))
    return f"{claim.kind} `{claim.subject}`" if named and " " not in claim.subject else str(claim)
