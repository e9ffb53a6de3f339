"""Work shared by several processes: all learn the same, and one that dies costs time, not findings."""

import os
from pathlib import Path

import pytest

from leaklint import analysis, parallel
from leaklint.check import check
from leaklint.config_load import Configurations
from leaklint.discover import discover
from leaklint.parallel import Team, together

PROJECTS = sorted((Path(__file__).parent / "fixtures" / "projects").iterdir())

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


@needs_fork
@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_the_same_is_found_however_work_is_shared(project, monkeypatch):
    files = discover((str(project),), Configurations(isolated=True)).files
    alone = check(files)
    monkeypatch.setattr(analysis, "WORTH_SHARING", 0)
    monkeypatch.setattr(parallel, "RUN", 1)
    for jobs in (2, 3):
        shared = check(files, jobs=jobs)
        assert (shared.findings, shared.acquisitions, shared.paths) == (
            alone.findings,
            alone.acquisitions,
            alone.paths,
        )
