"""Fixtures run before and after: the same calls where nothing fails, and nothing left open wherever something does."""

from __future__ import annotations

import asyncio
import inspect
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import pytest
from fakes import Connection, Injected, Pool, Thing, World, libraries
from test_fixed import FIXTURES, needs

ELSEWHERE = {"drivers", "projects", "incidents"}
"""Run on the libraries themselves, or made of several files that import one another."""

NOT_RUN = {
    "closed-not-returned/closed": "aiomysql and redis have no fake",
    "leak-on-exception/async_generators": "FastAPI has no fake",
    "leak-on-exception/generators": "FastAPI has no fake",
    "never-released/asynchronous": "SQLAlchemy's asynchronous half has no fake",
    "never-released/yielded_and_forgotten": "FastAPI has no fake",
    "release-not-awaited/awaited_by_others": "aiomysql has no fake",
    "release-not-awaited/forgotten_await": "aiosqlite has no fake",
    "with-does-not-close/awaited_too_early": "before the fix, its blocks raise as soon as they are entered",
}
FIXED = {
    f"{path.parent.name}/{path.name.removesuffix('.fixed.py')}": path.with_name(path.name.replace(".fixed.py", ".py"))
    for path in sorted(FIXTURES.glob("*/*.fixed.py"))
    if path.parent.name not in ELSEWHERE
}
HAZARDS = Path(__file__).with_name("hazards")
SOURCES = [path for name, path in FIXED.items() if name not in NOT_RUN and needs(path.name) <= sys.version_info]
SOURCES += [HAZARDS / "control.py", HAZARDS / "layout.py", HAZARDS / "names.py"]
QUIET = ("release", "acquire")
LONGEST = 40


class Run(NamedTuple):
    """How a call ended."""

    events: list[str]
    result: str
    error: BaseException | None
    open: int


def functions(path: Path) -> Iterator[str]:
    """The functions whose text a fix has changed."""
    before, after = path.read_text("utf-8"), path.with_suffix(".fixed.py").read_text("utf-8")
    bodies = dict(parts(before))
    yield from (name for name, body in parts(after) if bodies.get(name) != body)


def parts(source: str) -> Iterator[tuple[str, str]]:
    import ast

    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list:
            yield node.name, ast.unparse(node)


def call(path: Path, name: str, fails: int | None) -> Run:
    """Load the module among the fakes and call one of its functions with fakes."""
    world = World(fails)
    space: dict[str, Any] = {"__name__": "fixture"}
    with mock.patch.dict(sys.modules, libraries(world)), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(path.read_text("utf-8"), str(path), "exec", dont_inherit=True), space)
        except Injected:
            pytest.skip("the module's top level fails")
        world.events.clear()
        world.open.clear()
        world.happened = 0
        function = space[name]
        error, result = None, None
        try:
            result = driven(function, [argument(world, one) for one in inspect.signature(function).parameters])
        except Exception as raised:
            error = raised
    mine = [] if error else reachable(result)
    left = [conn for conn in world.open if conn not in mine]
    return Run([e for e in world.events if not e.startswith(QUIET)], repr(plain(result)), error, len(left))


def argument(world: World, name: str) -> Any:
    if "pool" in name or name == "service":
        return Pool(world)
    if name in {"statements", "paths", "dsns", "names", "others", "batches"}:
        return [Thing(world, f"{name}.{index}") for index in range(2)]
    return Thing(world, name)


def driven(function: Callable[..., Any], arguments: list[Any]) -> Any:
    """The result; coroutines are awaited and generators read to their end."""
    result = function(*arguments)
    if inspect.iscoroutine(result):
        return asyncio.run(asyncio.wait_for(result, 5))
    if inspect.isgenerator(result):
        return list(result)
    return result


def reachable(result: Any) -> list[Connection]:
    items = result if isinstance(result, tuple | list) else [result]
    return [item for item in items if isinstance(item, Connection)]


def plain(result: Any) -> Any:
    return result if isinstance(result, int | str | Thing | None | tuple | list) else type(result).__name__


CASES = [
    pytest.param(path, name, id=f"{path.parent.name}/{path.stem}:{name}")
    for path in SOURCES
    for name in functions(path)
]


@pytest.mark.parametrize(("path", "name"), CASES)
def test_without_a_fault_the_same_things_happen(path: Path, name: str) -> None:
    before, after = call(path, name, None), call(path.with_suffix(".fixed.py"), name, None)
    if before.error and "closed" in str(before.error):
        pytest.skip("it used what it had closed")
    assert after.events == before.events
    assert after.result == before.result
    assert type(after.error) is type(before.error)


@pytest.mark.parametrize(("path", "name"), CASES)
def test_with_any_fault_nothing_stays_open(path: Path, name: str) -> None:
    fixed = path.with_suffix(".fixed.py")
    for fails in range(LONGEST):
        run = call(fixed, name, fails)
        assert not run.open, f"call {fails} fails, and {run.open} stay open: {run.events}"
        if run.error is None:
            break


def test_what_is_not_run_exists() -> None:
    assert NOT_RUN.keys() <= FIXED.keys()


def test_the_fakes_see_the_leaks() -> None:
    """Before the fix, some fault leaves something open in nearly every one of them."""
    leaking = [case for case in CASES if any(call(*case.values, fails).open for fails in range(8))]
    assert len(leaking) >= 0.8 * len(CASES)
