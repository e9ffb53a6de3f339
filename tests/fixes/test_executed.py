"""Fixtures run before and after: the same calls where nothing fails, and nothing left open wherever something does."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
from fakes import Injected, Interrupted
from running import Run, Target, Way, call, changed
from test_fixed import FIXTURES, needs

HAZARDS = Path(__file__).with_name("hazards")
LONGEST = 40
ON_LIBRARIES = "drivers"
"""Each driver's rewrites run on its library itself, against a real database."""

NOT_RUN = {
    "projects/annotations_leak/depot_users:variable": "only an annotation within it tells what it is given",
    "projects/duplicate_names/shop/app/jobs:ping": "its two packages have one name, and Python imports one",
    "projects/import_cycle_leaks/ring/models:User.save": "imported before the other, its module fails",
    "projects/registering_helper_keeps/jobs:late": "its helper keeps nothing unless a command runs",
    "projects/resolution_depth_leaks/store:Store.count": "DBUtils has no fake",
    "projects/type_checking_leaks/broker_jobs:run": "what it is given has its class for type checkers alone",
    "projects/unknown_receiver_leaks/visitors:visit": "only the name of a method tells what it is given",
    "with-does-not-close/awaited_too_early:first": "before the fix, its block raises as soon as it is entered",
    "with-does-not-close/awaited_too_early:first_in_parentheses": "the same",
}
NOT_SEEN = {
    "leak-on-exception/async_generators:get_conn": "its pool is declared and never made",
    "leak-on-exception/every_operation_may_raise:noted": "logging does not fail here",
    "leak-on-exception/except_star:import_rows_again": "nothing raises a group of errors",
    "leak-on-exception/matches:handle": "what it is given fits no pattern",
    "leak-on-return/closed_by_the_server:give_back_if_open": "no server closes the connection",
    "projects/abstract_method_leaks/base:Backend.ask": "what may fail in subclasses does nothing in these",
    "projects/maybe_owned_leaks/found:known": "what it is given is none of the names it knows",
    "projects/maybe_owned_leaks/found:rows": "the same",
}
"""Run, but its leak is beyond the fakes."""
GIVEN = ("something", "something false", "nothing")


def targets(folder: Path, root: Path) -> Iterator[Target]:
    for fixed in sorted(folder.rglob("*.fixed.py")):
        path = fixed.with_name(fixed.name.replace(".fixed.py", ".py"))
        if needs(path.name) <= sys.version_info:
            yield from (Target(path, root, name) for name in changed(path))


def every() -> Iterator[Target]:
    """Rule by rule, project by project; an incident is a package, imported by its name."""
    for folder in sorted(FIXTURES.iterdir()):
        if folder.name == "projects":
            for project in sorted(folder.iterdir()):
                yield from targets(project, project)
        elif folder.is_dir() and folder.name != ON_LIBRARIES:
            yield from targets(folder, FIXTURES if folder.name == "incidents" else folder)
    for name in ("control", "layout", "names"):
        yield from (Target(HAZARDS / f"{name}.py", HAZARDS, one) for one in changed(HAZARDS / f"{name}.py"))


def label(target: Target) -> str:
    folder = HAZARDS.parent if HAZARDS in target.path.parents else FIXTURES
    return f"{target.path.relative_to(folder).with_suffix('')}:{target.name}"


TARGETS = {label(target): target for target in every()}
CASES = [pytest.param(target, id=name) for name, target in TARGETS.items() if name not in NOT_RUN]


class Texts(NamedTuple):
    """The folder as it is, and as it is after the fixes."""

    before: Path
    after: Path


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """Copies of the folders, made once each."""
    made: dict[Path, Texts] = {}

    def of(root: Path) -> Texts:
        if root not in made:
            into = tmp_path_factory.mktemp("texts")
            for name in Texts._fields:
                shutil.copytree(root, into / name, ignore=shutil.ignore_patterns("*.fixed.py"))
            for fixed in root.rglob("*.fixed.py"):
                beside = (into / "after" / fixed.relative_to(root)).with_name(fixed.name.replace(".fixed.py", ".py"))
                shutil.copyfile(fixed, beside)
            made[root] = Texts(into / "before", into / "after")
        return made[root]

    return of


@pytest.mark.parametrize("target", CASES)
def test_without_a_fault_the_same_things_happen(target: Target, texts) -> None:
    for given in GIVEN:
        before, after = (call(target, text, Way(given)) for text in texts(target.root))
        if before.error and "closed" in str(before.error):
            continue  # it used what it had closed
        assert after.events == before.events
        assert after.result == before.result
        assert type(after.error) is type(before.error)


@pytest.mark.parametrize("target", CASES)
def test_with_any_fault_nothing_stays_open(target: Target, texts) -> None:
    for way, run in runs(target, texts(target.root).after):
        assert not run.open, f"{way}: {run.open} stay open: {run.events}"


@pytest.mark.parametrize("target", [case for case in CASES if case.id not in NOT_SEEN])
def test_before_the_fix_something_stays_open(target: Target, texts) -> None:
    """The fakes see the leaks."""
    assert any(run.open for _, run in runs(target, texts(target.root).before))


def runs(target: Target, text: Path) -> Iterator[tuple[Way, Run]]:
    """Whatever it is given, each call fails in its turn, and at last none does."""
    for given, fault in product(GIVEN, (Injected, Interrupted)):
        for fails in range(LONGEST):
            way = Way(given, fails, fault)
            run = call(target, text, way)
            yield way, run
            if not isinstance(run.error, fault):
                break


def test_what_is_not_run_exists_and_has_its_reason() -> None:
    assert {*NOT_RUN, *NOT_SEEN} <= TARGETS.keys()
    assert all((*NOT_RUN.values(), *NOT_SEEN.values()))
