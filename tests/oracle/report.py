"""A campaign: many programs, counted, and every disagreement made small and ready to become a fixture."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from tests.oracle.compare import Failure, Judged, examine
from tests.oracle.features import ON
from tests.oracle.generate import HEADER, program
from tests.oracle.shrink import shrink


@dataclass
class Campaign:
    """What a range of programs has shown."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str, Failure]] = field(default_factory=list)
    seconds: float = 0.0

    def note(self, seed: int, judged: Judged) -> None:
        verdict = judged.verdict
        self.counts["programs"] += 1
        self.counts["runs"] += verdict.runs
        self.counts["leak"] += bool(verdict.certain)
        self.counts["exhausted"] += verdict.exhausted
        self.counts["sound"] += verdict.exhausted and verdict.sound
        self.counts["silent"] += not judged.findings
        for failure in judged.failures:
            self.counts[failure.kind] += 1
            self.failures.append((seed, judged.source, failure))

    def add(self, other: Campaign) -> None:
        self.counts += other.counts
        self.failures += other.failures

    @property
    def wrong(self) -> list[tuple[int, str, Failure]]:
        """The disagreements that count: what is only said too quietly does not."""
        return [found for found in self.failures if found[2].kind != "whispered"]


def explore(seeds: Iterable[int]) -> Campaign:
    """Examine the programs of these numbers."""
    campaign = Campaign()
    for seed in seeds:
        campaign.note(seed, examine(program(seed, ON)))
    return campaign


def explore_all(first: int, programs: int, jobs: int) -> Campaign:
    """The same on several processes."""
    started = time.monotonic()
    whole = Campaign()
    slices = [range(first + start, min(first + start + 250, first + programs)) for start in range(0, programs, 250)]
    with ProcessPoolExecutor(jobs) as executor:
        for campaign in executor.map(explore, slices):
            whole.add(campaign)
    whole.seconds = time.monotonic() - started
    return whole


def smallest(source: str, kind: str) -> str:
    """The failing program without its header, made small."""
    small = shrink(source, lambda candidate: any(f.kind == kind for f in examine(candidate).failures))
    known = {line.replace('"', "'") for line in HEADER.splitlines()}
    return "\n".join(line for line in small.splitlines() if line not in known and line != HEADER).strip()


def described(campaign: Campaign, most: int) -> Iterator[str]:
    """Each disagreement once, as a program to be looked at."""
    seen: set[str] = set()
    for seed, source, failure in campaign.wrong[: 4 * most]:
        if len(seen) >= most:
            return
        small = smallest(source, failure.kind)
        if small in seen:
            continue
        seen.add(small)
        line = source.splitlines()[failure.position[0] - 1].strip()
        yield f"# seed {seed}, {failure.kind} at `{line}`: {failure.words}\n{small}\n"
