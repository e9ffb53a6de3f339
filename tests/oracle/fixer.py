"""Every fix offered for a generated program is executed: what it is for stays closed, all else goes on alike."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from leaklint.check import check
from leaklint.discover import File
from leaklint.finding import Finding
from leaklint.fixes.apply import applied
from tests.oracle.compare import SETTINGS, disagreements, findings_of
from tests.oracle.execute import following, functions, judge, run
from tests.oracle.instrument import compiled
from tests.oracle.world import MOST_TURNS, World

MOST_RUNS = 300


class Calm(NamedTuple):
    """A run in which nothing fails: what is called in which order, and how it ends."""

    events: tuple[str, ...]
    ending: str


@dataclass(frozen=True)
class Repair:
    """A fix that was offered, the program it makes, and what is wrong with that."""

    finding: Finding
    source: str
    wrong: str


def repairs(source: str) -> Iterator[Repair]:
    """Each fix offered for the program, applied alone and executed."""
    file = File(path=Path("program.py"), display="program.py", settings=SETTINGS, source=source.encode())
    findings = check([file], fixes=True).findings
    before = calm_runs(source)
    for finding in findings:
        if finding.fix is not None:
            fixed = applied(source.encode(), [finding]).decode()
            yield Repair(finding, fixed, wrong(before, fixed, len(findings)))


def wrong(before: dict[tuple[str, tuple[int, ...]], Calm], fixed: str, findings: int) -> str:
    """What the fixed program does that it must not; "" where it does not."""
    left = findings_of(fixed)
    if len(left) >= findings:
        return "nothing is gone"
    for failure in disagreements(judge(ast.parse(fixed)), left):
        if failure.kind == "missed":
            return f"it still {failure.words.partition(';')[0]}"
    after = calm_runs(fixed)
    for key, one in before.items():
        other = after.get(key)
        if other != one:
            return f"{key[0]}() did {one}, now {other}"
    return ""


def calm_runs(source: str) -> dict[tuple[str, tuple[int, ...]], Calm]:
    """Every run in which nothing fails, by function and by the choices of its conditions; misuse of names apart."""
    tree = ast.parse(source)
    code = compiled(tree)
    found: dict[tuple[str, tuple[int, ...]], Calm] = {}
    for entry in functions(tree):
        prefix: list[int] = []
        for _ in range(MOST_RUNS):
            world = World(prefix, [], MOST_TURNS, calm=True)
            run(world, code, entry)
            if not (world.misfit or world.misused or world.cut or world.too_long):
                found[entry.name, tuple(world.taken)] = Calm(tuple(world.events), world.ending)
            prefix = following(world)
            if not prefix:
                break
    return found
