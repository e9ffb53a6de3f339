"""Functions in which the obvious rewrite is wrong: each is fixed rightly, or refused for the reason it states.

The first comment of a function says what has to come out: `safe`, `unsafe` or `refuse`, and words of the reason. What a
fix looks like stands in `<name>.fixed.py`; `LEAKLINT_REGENERATE=1` writes that anew, to be read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from leaklint.check import check
from leaklint.config import Settings
from leaklint.discover import File
from leaklint.finding import Finding
from leaklint.fixes.apply import repair

HAZARDS = sorted(p for p in Path(__file__).with_name("hazards").glob("*.py") if not p.name.endswith(".fixed.py"))
SAYS = re.compile(r"^\s*(?:async )?def (\w+).*\n\s*# (safe|unsafe|refuse): (.*)$", re.MULTILINE)
REGENERATE = os.environ.get("LEAKLINT_REGENERATE") == "1"


class Wanted(NamedTuple):
    """What a function asks for."""

    function: str
    outcome: str
    words: str


def wanted(path: Path) -> list[Wanted]:
    return [Wanted(*match.groups()) for match in SAYS.finditer(path.read_text("utf-8"))]


def findings(path: Path, texts: Mapping[str, bytes] | None = None) -> Sequence[Finding]:
    source = (texts or {}).get(path.name)
    return check([File(path=path, display=path.name, settings=Settings(), source=source)], fixes=True).findings


def got(found: Sequence[Finding], one: Wanted) -> str:
    here = [f for f in found if f.function.rpartition(".")[2] == one.function or f.function.endswith(one.function)]
    if one.function == "__init__":
        here = [f for f in found if f.function.endswith("__init__")]
    if not here:
        return "nothing is found"
    if here[0].fix is None:
        return f"refuse: {here[0].fix_refused}"
    return f"{here[0].fix.applicability}: {here[0].fix.message}"


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in HAZARDS])
def test_each_hazard_is_fixed_rightly_or_refused(path: Path) -> None:
    found = findings(path)
    problems = []
    for one in wanted(path):
        told = got(found, one)
        words = one.words if one.outcome != "safe" else ""
        if not told.startswith(f"{one.outcome}:") or words not in told:
            problems.append(f"{one.function}: wanted {one.outcome}: {one.words}\n    got {told}")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in HAZARDS])
def test_the_fixes_are_those_that_were_read(path: Path) -> None:
    repairs = repair({path.name: path.read_bytes()}, lambda texts: findings(path, texts), unsafe=True)
    fixed = path.with_suffix(".fixed.py")
    if REGENERATE:
        fixed.write_bytes(repairs.texts[path.name])
    assert repairs.texts[path.name] == fixed.read_bytes()


def test_there_are_enough_of_them_and_each_says_why() -> None:
    every = [one for path in HAZARDS for one in wanted(path)]
    assert len(every) >= 40
    assert all(one.words for one in every)
