"""Each feature that is off is still a gap: once the engine follows its program here, it can be turned on."""

from __future__ import annotations

import pytest

from tests.oracle.compare import examine
from tests.oracle.features import OFF
from tests.oracle.generate import HEADER

GAPS = {
    "copied flags": """\
def main(flag):
    conn = psycopg2.connect("x") if flag else None
    ok = flag
    if ok:
        conn.close()
""",
    "arguments as guards": """\
def maybe_open(flag):
    if flag:
        return None
    return psycopg2.connect("x")


def main(flag):
    conn = maybe_open(flag)
    if not flag:
        conn.close()
""",
    "empty containers": """\
def main(pool):
    conns = []
    conn = psycopg2.connect("x")
    for c in conns:
        work()
    conn.close()
""",
    "early closures": """\
def main(pool):
    def inner():
        conn.close()
    REGISTRY.append(inner)
    conn = psycopg2.connect("x")
""",
    "redefined functions": """\
def main(flag):
    def inner():
        return psycopg2.connect("x")
    conn = inner()
    def inner():
        return None
""",
    "yielded back": """\
@contextmanager
def closes(c):
    try:
        yield c
    finally:
        c.close()


def main(pool):
    conn = psycopg2.connect("x")
    with closes(conn) as other:
        if other is None:
            other = psycopg2.connect("y")
""",
    "or from a list": """\
def main(pool):
    for conn in [psycopg2.connect("x")]:
        pass
    other = conn or psycopg2.connect("x")
    conn.close()
""",
    "late yields": """\
def main(pool):
    conn = None
    try:
        yield 1
    except GeneratorExit:
        yield 2
        conn = psycopg2.connect("x")
""",
}


def test_every_feature_that_is_off_has_its_program() -> None:
    assert GAPS.keys() == OFF.keys()


@pytest.mark.parametrize("feature", GAPS)
def test_it_is_still_a_gap(feature: str) -> None:
    assert examine(f"{HEADER}\n\n{GAPS[feature]}").failures
