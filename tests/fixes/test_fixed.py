"""What `--fix --unsafe-fixes` makes of each fixture stands beside it, and in `refused.txt` what it refuses, and why.

`LEAKLINT_REGENERATE=1` writes both anew; they are to be read before they are committed.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from test_fixtures import FIXTURES, FOUND, Fixture, display

from leaklint.check import check
from leaklint.config import Settings
from leaklint.discover import File
from leaklint.finding import CONFIDENCES, Finding
from leaklint.fixes.apply import Repairs, repair

REFUSED = Path(__file__).with_name("refused.txt")
REGENERATE = os.environ.get("LEAKLINT_REGENERATE") == "1"


def findings(fixture: Fixture, texts: Mapping[str, bytes], *, fixes: bool) -> list[Finding]:
    """What the command line would show of the fixture, some of its files with other bytes in their place."""
    settings = Settings(raises=fixture.options.get("raises", "likely"))  # type: ignore[arg-type]  # one of the choices
    files = [
        File(path=path, display=display(path), settings=settings, source=texts.get(display(path)))
        for path in fixture.paths
    ]
    shown = CONFIDENCES[CONFIDENCES.index(fixture.options.get("min-confidence", "medium")) :]  # type: ignore[arg-type]
    selected = fixture.options.get("select", "")
    found = check(files, fixes=fixes).findings
    return [one for one in found if one.confidence in shown and (one.code != "LKN301" or one.code in selected)]


@cache
def repaired(fixture: Fixture) -> Repairs:
    originals = {display(path): path.read_bytes() for path in fixture.paths}
    return repair(originals, lambda texts: findings(fixture, texts, fixes=True), unsafe=True)


def needs(name: str) -> tuple[int, int]:
    """The Python without which a file can be checked, but not be rewritten: `case_312.py`."""
    found = re.search(r"_3(\d\d)\.py$", name)
    return (3, int(found[1])) if found else (3, 0)


def fixed_path(name: str) -> Path:
    return (FIXTURES / name).with_suffix(".fixed.py")


@pytest.mark.parametrize("fixture", [pytest.param(fixture, id=fixture.name) for fixture in FOUND])
def test_the_fixed_file_is_what_the_tool_makes(fixture: Fixture) -> None:
    repairs = repaired(fixture)
    for path in fixture.paths:
        name = display(path)
        if needs(name) > sys.version_info:
            assert name not in repairs.texts
            continue
        beside = fixed_path(name)
        if REGENERATE:
            beside.unlink(missing_ok=True)
            if name in repairs.texts:
                beside.write_bytes(repairs.texts[name])
        assert beside.exists() == (name in repairs.texts)
        assert name not in repairs.texts or beside.read_bytes() == repairs.texts[name]


@pytest.mark.parametrize("fixture", [pytest.param(fixture, id=fixture.name) for fixture in FOUND])
def test_a_fixed_file_is_clean_but_for_what_is_refused(fixture: Fixture) -> None:
    repairs = repaired(fixture)
    before, after = findings(fixture, {}, fixes=False), findings(fixture, repairs.texts, fixes=False)
    assert len(after) + sum(repairs.fixed.values()) <= len(before)
    assert all(one.fix is None and one.fix_refused for one in repairs.left if not one.code.startswith("LKN9"))
    for text in repairs.texts.values():
        compile(ast.parse(text), fixture.name, "exec", dont_inherit=True)


@pytest.mark.parametrize("fixture", [pytest.param(fixture, id=fixture.name) for fixture in FOUND])
def test_a_second_pass_changes_nothing(fixture: Fixture) -> None:
    first = repaired(fixture).texts
    again = repair(
        {display(path): first.get(display(path), path.read_bytes()) for path in fixture.paths},
        lambda texts: findings(fixture, {**first, **texts}, fixes=True),
        unsafe=True,
    )
    assert not again.texts


def test_every_refusal_states_its_reason() -> None:
    lines = sorted(
        f"{one.filename} {one.function} {one.code}: {one.fix_refused}"
        for fixture in FOUND
        for one in repaired(fixture).left
        if not one.code.startswith("LKN9") and needs(one.filename) == (3, 0)
    )
    text = "".join(f"{line}\n" for line in lines)
    if REGENERATE:
        REFUSED.write_text(text, "utf-8")
    assert text == REFUSED.read_text("utf-8")
