"""Hard call graphs come to an end in bounded memory, and a project of 2,000 files costs what changed in it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
Row = dict[str, Any]


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    """What each run took, in a process of its own."""
    told = subprocess.run([sys.executable, "benchmarks/graphs.py", "--json"], cwd=ROOT, capture_output=True, check=True)
    return dict(json.loads(told.stdout))


@pytest.mark.parametrize(
    ("name", "findings", "statements", "memory"),
    [
        ("500 wrappers of one another", 1, 1_100, 150),
        ("500 helpers that pass a connection on", 0, 1_100, 150),
        ("a ring of 100 functions", 1, 4_000, 150),
        ("30 functions that all call one another", 1, 4 * 30**3, 150),
        ("5,000 methods of one name", 0, 5_500, 300),
    ],
)
def test_a_hard_call_graph_takes_bounded_work_and_memory(
    rows: dict[str, Row], name: str, findings: int, statements: int, memory: int
):
    row = rows[name]
    assert row["findings"] == findings
    assert row["statements"] <= statements
    assert row["memory"] <= memory


def test_a_project_of_2000_files_is_read_once(rows: dict[str, Row]):
    first = rows["the first run"]
    assert first["opened"] <= 2_000
    assert first["functions"] <= 202
    assert first["memory"] <= 150


@pytest.mark.parametrize(
    ("name", "findings", "opened", "indexed", "functions", "statements"),
    [
        ("nothing changed", 0, 0, 0, 0, 0),
        ("a function added where nothing is acquired", 0, 2_000, 2, 0, 0),
        ("a function added where something is", 0, 2_000, 2, 3, 18),
        ("the helper no longer gives connections back", 200, 2_000, 2, 202, 1_100),
    ],
)
def test_checking_it_again_costs_what_changed(
    rows: dict[str, Row], name: str, findings: int, opened: int, indexed: int, functions: int, statements: int
):
    row = rows[name]
    assert row["indexed"] <= indexed
    assert row["findings"] == findings
    assert row["opened"] <= opened
    assert row["functions"] <= functions
    assert row["statements"] <= statements
