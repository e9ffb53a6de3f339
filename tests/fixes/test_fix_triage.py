"""The fixes of real leaks that were read one by one: enough of them, and not one of them wrong."""

from __future__ import annotations

import csv
from pathlib import Path

TRIAGE = Path(__file__).parents[2] / "benchmarks" / "fix_triage.csv"


def test_no_fix_that_was_read_is_wrong() -> None:
    with TRIAGE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["package"], row["path"], row["line"]) for row in rows}) >= 50
    assert {row["verdict"] for row in rows} == {"right"}
    assert all(row["reason"] for row in rows)
