"""What `leaklint --fix` makes of a leak does to the database what the leaking code did, and nothing stays open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.bench import PATIENCE, Bench
from drivers.benches import benches
from drivers.rewrites import SHAPES, Outcome, fixed, outcome, refusal, shapes_of, written

pytestmark = [pytest.mark.databases, pytest.mark.filterwarnings("ignore")]

# What is not rewritten, and what leaklint says of it instead.
# There, closing is awaited before the slot is given back, and that await may be cancelled.
REFUSED = {
    ("psycopg_pool1", "closed only"): "it would still leak (LKN203)",
    ("aioodbc1", "closed only"): "it would still leak (LKN203)",
    ("redis1", "closed only"): "it would still leak (LKN203)",
}
CASES = [
    pytest.param(place, shape, commits, id=f"{place}-{shape}{', commits' * commits}")
    for place, setting in benches().items()
    for shape in shapes_of(setting.acquisition)
    for commits in (True, False)
    if not commits or (setting.bench.commit and "{commit}" in SHAPES[shape])
]


@pytest.mark.parametrize(("place", "shape", "commits"), CASES)
def test_a_rewrite_keeps_the_rows_and_leaves_nothing_open(
    place: str,
    shape: str,
    commits: bool,
    bench: Callable[[str], Bench],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    first = bench(place)
    before = written(first, shape, commits=commits)
    after = fixed(before, tmp_path / "work.py")
    if before == after:
        assert refusal(tmp_path / "work.py", capfd) == REFUSED.get((place, shape))
        return
    assert (place, shape) not in REFUSED
    was = [ran(bench(place), before, fails=fails, patience=0) for fails in (False, True)]
    now = [ran(bench(place), after, fails=fails, patience=PATIENCE) for fails in (False, True)]
    assert [one.taken for one in now] == [0, 0], after
    assert [(one.raised, one.rows) for one in now] == [(one.raised, one.rows) for one in was], after
    if first.acquisition.dropped == "slot lost":
        assert 1 in [one.taken for one in was]


def ran(bench: Bench, text: str, *, fails: bool, patience: float) -> Outcome:
    async def whole() -> Outcome:
        try:
            return await outcome(bench, text, fails=fails, patience=patience)
        finally:
            await bench.stop()

    return asyncio.run(whole())
