"""The fixer under the judge: a short run, and what the judge itself has to notice."""

from __future__ import annotations

import pytest

from tests.oracle.features import ON
from tests.oracle.fixer import calm_runs, repairs, wrong
from tests.oracle.generate import HEADER, program

SEED = 30_000
PROGRAMS = 250


def test_fixes_of_generated_programs() -> None:
    made = [(seed, repair) for seed in range(SEED, SEED + PROGRAMS) for repair in repairs(program(seed, ON))]
    bad = [(seed, repair) for seed, repair in made if repair.wrong]
    assert not bad, "\n\n".join(f"seed {seed}: {repair.wrong}\n{repair.source}" for seed, repair in bad[:3])
    assert len(made) > PROGRAMS / 5


def function(body: str) -> str:
    lines = "\n".join("    " + line for line in body.splitlines())
    return f"{HEADER}\n\ndef main(pool, flag):\n{lines}\n"


@pytest.mark.parametrize(
    ("fixed", "words"),
    [
        ('conn = psycopg2.connect("x")\nwork()\nconn.close()', "nothing is gone"),
        ('conn = psycopg2.connect("x")\ntry:\n    check()\nfinally:\n    conn.close()', "main() did"),
        ('conn = psycopg2.connect("x")\ntry:\n    work()\n    return 1\nfinally:\n    conn.close()', "main() did"),
        ('with closing(psycopg2.connect("x")) as conn:\n    work()', ""),
    ],
)
def test_verdicts(fixed: str, words: str) -> None:
    before = function('conn = psycopg2.connect("x")\nwork()\nconn.close()')
    found = wrong(calm_runs(before), function(fixed), 1)
    assert found.startswith(words)
    assert bool(found) is bool(words)
