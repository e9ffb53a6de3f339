"""A short run of the judge, and what the judge itself has to know."""

from __future__ import annotations

import ast

import pytest

from tests.oracle.compare import examine
from tests.oracle.execute import judge
from tests.oracle.features import OFF, ON
from tests.oracle.generate import HEADER, program
from tests.oracle.report import explore, smallest

SEED = 20_000
PROGRAMS = 1500


def test_generated_programs() -> None:
    campaign = explore(range(SEED, SEED + PROGRAMS))
    assert not campaign.wrong, "\n\n".join(
        f"seed {seed}, {failure.kind} at {failure.position}: {failure.words}\n{smallest(source, failure.kind)}"
        for seed, source, failure in campaign.wrong[:5]
    )
    assert campaign.counts["leak"] > PROGRAMS / 4
    assert campaign.counts["sound"] > PROGRAMS / 2


def test_a_number_is_a_program() -> None:
    assert program(7, ON) == program(7, ON)
    assert program(7, ON) != program(8, ON)
    assert ON.isdisjoint(OFF)


@pytest.mark.parametrize(
    ("body", "leaks"),
    [
        ('conn = psycopg2.connect("x")\nwork()\nconn.close()', {"raise"}),
        ('conn = psycopg2.connect("x")\ntry:\n    work()\nfinally:\n    conn.close()', set()),
        ('conn = psycopg2.connect("x")\nif flag:\n    return 1\nconn.close()', {"return"}),
        ('conn = psycopg2.connect("x")\nREGISTRY.append(conn)\nwork()', set()),
        ('with psycopg2.connect("x") as conn:\n    pass', {"return"}),
        ('with psycopg.connect("x") as conn:\n    work()', set()),
        ("conn = pool.getconn()\nconn.close()", {"return"}),
        ('conn = psycopg2.connect("x")\nconn = None\nsys.exit(1)', set()),
        (
            'conn = psycopg2.connect("x")\ntry:\n    work()\nexcept Exception:\n    work()\nfinally:\n    conn.close()',
            set(),
        ),
    ],
)
def test_verdicts(body: str, leaks: set[str]) -> None:
    lines = "\n".join("    " + line for line in body.splitlines())
    verdict = judge(ast.parse(f"{HEADER}\n\ndef main(pool, flag):\n{lines}\n"))
    assert verdict.exhausted
    assert verdict.sound
    assert {exit_ for exits in verdict.certain.values() for exit_ in exits} == leaks


def test_a_failing_program_is_made_small() -> None:
    source = (
        HEADER
        + '\n\ndef main(pool, flag):\n    x = 1\n    if flag:\n        conn = psycopg2.connect("x")\n    return x\n'
    )
    judged = examine(source)
    assert judged.verdict.certain
    assert not judged.failures
