"""What `leaklint --fix` makes of a leak does to the database what the leaking code did, and nothing stays open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.bench import Bench
from drivers.benches import benches
from drivers.rewrites import Outcome, Rewritten, fixed, outcome, shapes_of, written

pytestmark = [pytest.mark.databases, pytest.mark.filterwarnings("ignore")]

# What is not rewritten, and what leaklint says of it instead.
# There, closing is awaited before the slot is given back, and that await may be cancelled.
REFUSED = {
    ("psycopg_pool1", "closed only"): "it would still leak (LKN203)",
    ("aioodbc1", "closed only"): "it would still leak (LKN203)",
    ("redis1", "closed only"): "it would still leak (LKN203)",
}
CASES = [
    pytest.param(place, shape, id=f"{place}-{shape}")
    for place, setting in benches().items()
    for shape in shapes_of(setting.acquisition)
]


@pytest.mark.parametrize("commits", [True, False], ids=["commits", "does not commit"])
@pytest.mark.parametrize(("place", "shape"), CASES)
def test_a_rewrite_keeps_the_rows_and_leaves_nothing_open(
    place: str,
    shape: str,
    commits: bool,
    bench: Callable[[str], Bench],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def run(text: str, *, fails: bool) -> Outcome:
        fresh = bench(place)

        async def whole() -> Outcome:
            try:
                return await outcome(fresh, text, fails=fails)
            finally:
                await fresh.stop()

        return asyncio.run(whole())

    before = written(bench(place), shape, commits=commits)
    after = fixed(before, tmp_path, capfd)
    if (place, shape) in REFUSED:
        assert after == Rewritten(before, "refused", REFUSED[place, shape])
        return
    assert after.applicability == "safe", after.said
    was, now = ([run(text, fails=fails) for fails in (False, True)] for text in (before, after.text))
    assert [one.taken for one in now] == [0, 0]
    assert [(one.raised, one.rows) for one in now] == [(one.raised, one.rows) for one in was]
    if bench(place).acquisition.dropped == "slot lost":
        assert 1 in [one.taken for one in was]
