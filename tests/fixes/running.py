"""Runs a function of a fixture, or a method, among fakes: alone or in the project that it is part of."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import importlib
import inspect
import sys
import types
import typing
import warnings
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from fakes import Connection, Injected, Interrupted, Model, Pool, Thing, World, libraries

QUIET = ("release", "acquire")
MANY = {"statements", "paths", "dsns", "names", "others", "batches", "tables", "hosts"}


class Target(NamedTuple):
    """A function whose text a fix has changed: its file, the folder that its imports start from, and its name."""

    path: Path
    root: Path
    name: str

    @property
    def module(self) -> str:
        return ".".join(self.path.relative_to(self.root).with_suffix("").parts)


class Way(NamedTuple):
    """How a call is made: what it is given, which of the calls in it fails, and with what."""

    given: str = "something"
    fails: int | None = None
    fault: type[BaseException] = Injected


class Run(NamedTuple):
    """How a call ended."""

    events: list[str]
    result: str
    error: BaseException | None
    open: int


def changed(path: Path) -> Iterator[str]:
    """The functions and methods whose text is another beside."""
    before, after = path.read_text("utf-8"), path.with_suffix(".fixed.py").read_text("utf-8")
    bodies = dict(parts(ast.parse(before).body))
    yield from (name for name, body in parts(ast.parse(after).body) if bodies.get(name) != body)


def parts(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, str]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{node.name}", ast.unparse(node)
        elif isinstance(node, ast.ClassDef):
            yield from parts(node.body, f"{node.name}.")


def call(target: Target, text: Path, way: Way) -> Run:
    """Load the module, from the text of a folder, among the fakes and call the function with fakes."""
    world = World(answer=way.given == "something")
    with (
        mock.patch.dict(sys.modules, libraries(world)),
        mock.patch.object(sys, "path", [str(text), str(text / "src"), *sys.path]),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        importlib.invalidate_caches()
        module = importlib.import_module(target.module)
        function = found(world, module, target.name)
        arguments = [argument(world, function, one) for one in inspect.signature(function).parameters.values()]
        if way.given == "nothing":
            arguments = [nothing(one) for one in arguments]
        kept = list(world.open)
        world.begin(way.fails, way.fault)
        error, result = None, None
        try:
            result = driven(world, function(*arguments))
        except (Exception, Interrupted) as raised:
            error = raised
    mine = [*kept, *([] if error else reachable(result))]
    left = [conn for conn in world.open if conn not in mine]
    return Run([e for e in world.events if not e.startswith(QUIET)], repr(plain(result)), error, len(left))


def nothing(argument: Any) -> Any:
    """None in the place of a thing, none of them in the place of a few."""
    if type(argument) is Thing:
        return None
    return [] if isinstance(argument, list) else argument


def found(world: World, module: types.ModuleType, name: str) -> Any:
    """The function, or the method of an object that is built for it; building it is what `__init__` does."""
    owner, _, method = name.rpartition(".")
    if not owner or method == "__init__":
        return getattr(module, owner or method)
    cls = getattr(module, owner)
    if not cls.__subclasses__():
        neighbours(module)
    return getattr(cls if inspect.ismethod(getattr(cls, method)) else built(world, cls), method)


def neighbours(module: types.ModuleType) -> None:
    """Load the modules beside one, in which subclasses may be; some are for a newer Python, or lack a part."""
    path = Path(str(module.__file__))
    for other in sorted(path.parent.glob("*.py")):
        name = f"{module.__package__}.{other.stem}" if module.__package__ else other.stem
        if not other.stem.startswith("__"):
            with contextlib.suppress(ImportError, SyntaxError):
                importlib.import_module(name)


def built(world: World, cls: type) -> Any:
    """An object of the class, or of a subclass that has what is missing."""
    cls = next(iter(cls.__subclasses__()), cls)
    if issubclass(cls, Model):
        return cls(**{name: given(world, name, hint) for name, hint in typing.get_type_hints(cls).items()})
    return cls(*(argument(world, cls.__init__, one) for one in inspect.signature(cls).parameters.values()))


def argument(world: World, function: Any, parameter: inspect.Parameter) -> Any:
    return given(world, parameter.name, typing.get_type_hints(function).get(parameter.name))


def given(world: World, name: str, hint: Any) -> Any:
    """Whatever is asked for: an object of a class of the fixture, a pool, a few things, or any thing."""
    for cls in (hint, *typing.get_args(hint)):
        if isinstance(cls, type) and issubclass(cls, Pool):
            return cls(world)
        if isinstance(cls, type) and str(getattr(sys.modules[cls.__module__], "__file__", "")).startswith(sys.path[0]):
            return built(world, cls)
    if "pool" in name or name == "service":
        return Pool(world)
    if name in MANY:
        return [Thing(world, f"{name}.{index}") for index in range(2)]
    return Thing(world, name)


def driven(world: World, result: Any) -> Any:
    """What comes of a result: functions are called, coroutines awaited, generators read and contexts entered."""
    if isinstance(result, types.FunctionType):
        return driven(world, result(*(Thing(world, name) for name in inspect.signature(result).parameters)))
    if inspect.iscoroutine(result):
        return asyncio.run(asyncio.wait_for(result, 5))
    if inspect.isasyncgen(result):
        return asyncio.run(read(world, result))
    if isinstance(result, contextlib._AsyncGeneratorContextManager):
        return asyncio.run(entered(world, result))
    if isinstance(result, contextlib._GeneratorContextManager):
        with result:
            world.happens("the block")
        return None
    if inspect.isgenerator(result):
        with contextlib.closing(result):
            for _ in result:
                world.happens("the reader")
        return None
    return result


async def read(world: World, items: AsyncGenerator[Any, None]) -> None:
    async with contextlib.aclosing(items):
        async for _ in items:
            world.happens("the reader")


async def entered(world: World, context: contextlib.AbstractAsyncContextManager[Any]) -> None:
    async with context:
        world.happens("the block")


def reachable(result: Any) -> list[Connection]:
    """The connections that are the caller's, alone or in an object."""
    held = vars(result).values() if hasattr(result, "__dict__") else ()
    items = result if isinstance(result, tuple | list) else [result, *held]
    return [item for item in items if isinstance(item, Connection)]


def plain(result: Any) -> Any:
    return result if isinstance(result, int | str | Thing | None | tuple | list) else type(result).__name__
