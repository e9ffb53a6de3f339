"""What was executed against what leaklint says."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from leaklint.check import check
from leaklint.config import Settings
from leaklint.discover import File
from leaklint.finding import Finding
from tests.oracle.execute import Verdict, judge
from tests.oracle.world import Position

Kind = Literal["missed", "whispered", "false"]
NOT_JUDGED = frozenset({"LKN301", "LKN901", "LKN902"})
SETTINGS = Settings()


@dataclass(frozen=True)
class Failure:
    """One disagreement, at an acquisition."""

    kind: Kind
    position: Position
    words: str


@dataclass(frozen=True)
class Judged:
    """A program, what its runs have shown, and where leaklint disagrees."""

    source: str
    verdict: Verdict
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]


def findings_of(source: str) -> tuple[Finding, ...]:
    file = File(path=Path("program.py"), display="program.py", settings=SETTINGS, source=source.encode())
    return check([file]).findings


def examine(source: str) -> Judged:
    """Execute the program and check it."""
    tree = ast.parse(source)
    verdict = judge(tree)
    findings = findings_of(source)
    failures = tuple(disagreements(verdict, findings))
    if any(failure.kind == "false" for failure in failures):
        verdict = judge(tree, turns=4, most=20_000)
        failures = tuple(disagreements(verdict, findings))
    return Judged(source, verdict, findings, failures)


def disagreements(verdict: Verdict, findings: tuple[Finding, ...]) -> list[Failure]:
    spoken = {(f.line, f.column): f for f in findings if f.code not in NOT_JUDGED}
    failures: list[Failure] = []
    for sites, exits in sorted(verdict.certain.items()):
        said = [spoken[site] for site in sites if site in spoken]
        how = ", ".join(sorted(exits))
        if not said:
            failures.append(Failure("missed", sites[-1], f"leaks on {how}; nothing is said"))
        elif all(f.confidence == "low" for f in said) and verdict.lent.isdisjoint(sites):
            failures.append(
                Failure("whispered", sites[-1], f"leaks on {how}; {said[0].code} is said with low confidence")
            )
    if verdict.exhausted and verdict.sound:
        failures += [
            Failure("false", site, f"{f.code} ({f.confidence}) is said: {f.message}; no run leaks")
            for site, f in sorted(spoken.items())
            if f.confidence != "low"
            and site not in verdict.possible
            and not (site[0] in verdict.inner and site not in verdict.acquired)
        ]
    return failures
