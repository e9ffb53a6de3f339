"""Work shared by several processes: all learn the same, and one that dies costs time, not findings."""

import os

import pytest

from leaklint.parallel import Team, together

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")


def squares(team: Team) -> list[int]:
    mine = [number * number for number in team.share(range(100))]
    return sorted(number for numbers in team.told(mine, list[int]) for number in numbers)


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_each_item_is_looked_at_once(jobs):
    assert together(squares, jobs) == [number * number for number in range(100)]


@needs_fork
def test_all_are_told_the_same():
    def work(team: Team) -> list[list[int]]:
        everybody = [rank for ranks in team.told([team.rank], list[int]) for rank in ranks]
        return [everybody, *team.reported(everybody, list[int])]

    assert together(work, 3) == [[0, 1, 2]] * 3


@needs_fork
@pytest.mark.parametrize("end", [lambda: os._exit(9), lambda: 1 / 0])
def test_when_one_dies_the_first_does_everything(end):
    def work(team: Team) -> list[int]:
        if not team.leads:
            end()
        return squares(team)

    assert together(work, 3) == [number * number for number in range(100)]


@needs_fork
def test_what_goes_wrong_for_the_first_is_raised():
    def work(team: Team) -> None:
        raise LookupError(team.rank)

    with pytest.raises(LookupError):
        together(work, 2)
