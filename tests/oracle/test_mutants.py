"""The judge refutes every wrong model of Python within a minute; a judge that cannot would prove nothing."""

from __future__ import annotations

import ast
import functools

import pytest

from tests.oracle.compare import Failure, disagreements, findings_of
from tests.oracle.execute import Verdict, judge
from tests.oracle.generate import program
from tests.oracle.mutants import FIRST, MUTANTS

MOST_PROGRAMS = 1000


@functools.lru_cache(maxsize=4 * MOST_PROGRAMS)
def judged(seed: int, features: frozenset[str], kind: str) -> tuple[str, Verdict]:
    source = program(seed, features, kind)
    return source, judge(ast.parse(source))


def failures(source: str, verdict: Verdict) -> list[Failure]:
    return [failure for failure in disagreements(verdict, findings_of(source)) if failure.kind != "whispered"]


def refutation(name: str) -> str | None:
    """A program on which the mutated engine errs and the engine itself does not."""
    mutate, features, kind = MUTANTS[name]
    first = FIRST.get(name, 0)
    for seed in range(first, first + MOST_PROGRAMS):
        source, verdict = judged(seed, features, kind)
        with pytest.MonkeyPatch.context() as patch:
            mutate(patch)
            wrong = failures(source, verdict)
        if wrong and not failures(source, verdict):
            return source
    return None


@pytest.mark.parametrize("name", MUTANTS)
def test_is_refuted(name: str) -> None:
    assert refutation(name) is not None
