"""The modules that a program imports: drivers, helpers of the standard library, and a library nobody knows."""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import functools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from tests.oracle.fakes import (
    Awaitable,
    Closing,
    Connection,
    Finder,
    Keeper,
    Nothing,
    Psycopg2Error,
    Unknown,
    asynchronous,
)
from tests.oracle.world import World


class Closer:
    """`contextlib.closing`, but for a name that holds nothing."""

    def __init__(self, world: World, thing: Any) -> None:
        self.world, self.thing = world, thing
        world.misused = world.misused or thing is None or isinstance(thing, Nothing)

    def holds(self) -> tuple[object, ...]:
        return (self.thing,)

    def __enter__(self) -> object:
        return self.thing

    def __exit__(self, *_: object) -> None:
        if self.thing is not None:
            self.thing.close()


class Suppressor(contextlib.suppress):
    """`contextlib.suppress` that lets misuses be seen."""

    def __init__(self, world: World, *types: type[BaseException]) -> None:
        super().__init__(*types)
        self.world = world

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        self.world.see(error)
        return super().__exit__(kind, error, trace)


class Stack(contextlib.ExitStack):
    """An `ExitStack` whose content can be looked at; entering and leaving it does not fail."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def holds(self) -> list[object]:
        return [
            part for _, callback in self._exit_callbacks for part in (callback, getattr(callback, "__wrapped__", None))
        ]

    def enter_context(self, manager: Any) -> Any:
        before, self.world.stacked = self.world.stacked, True
        try:
            return super().enter_context(manager)
        finally:
            self.world.stacked = before

    def __exit__(self, *error: Any) -> bool:
        before, self.world.stacked = self.world.stacked, True
        try:
            return super().__exit__(*error)
        finally:
            self.world.stacked = before


class Managed:
    """A manager of the program itself; leaving it may fail for all that anybody else knows."""

    def __init__(self, world: World, inner: Any) -> None:
        self.world, self.inner = world, inner

    def __enter__(self) -> Any:
        return self.inner.__enter__()

    def __exit__(self, *error: Any) -> Any:
        swallowed = self.inner.__exit__(*error)
        if error[0] is None:
            self.world.doubt()
        return swallowed


def managed(world: World, func: Callable[..., Any]) -> Callable[..., Managed]:
    made = contextlib.contextmanager(func)
    return functools.update_wrapper(lambda *args, **kwargs: Managed(world, made(*args, **kwargs)), func)


def modules(world: World) -> dict[str, Any]:
    """The modules that a program can import."""

    def connect(kind: type[Connection]) -> Callable[..., Connection]:
        def acquire(*_: object, **__: object) -> Connection:
            world.hazard("connect")
            return kind(world)

        return acquire

    def connect_async(*_: object) -> Awaitable:
        site = world.position()
        return Awaitable(world, "connect", value=lambda: asynchronous(world, site))

    keeper = Keeper(world, "register")
    log = SimpleNamespace(**{name: Unknown(world, name, calm=True) for name in ("info", "error", "exception")})
    return {
        "psycopg2": SimpleNamespace(connect=connect(Connection), Error=Psycopg2Error),
        "sqlite3": SimpleNamespace(connect=connect(Connection)),
        "psycopg": SimpleNamespace(connect=connect(Closing)),
        "asyncpg": SimpleNamespace(connect=connect_async),
        "contextlib": SimpleNamespace(
            closing=functools.partial(Closer, world),
            suppress=functools.partial(Suppressor, world),
            nullcontext=contextlib.nullcontext,
            ExitStack=functools.partial(Stack, world),
            contextmanager=functools.partial(managed, world),
        ),
        "asyncio": SimpleNamespace(
            CancelledError=asyncio.CancelledError, wait_for=lambda awaitable, _: awaitable, shield=lambda it: it
        ),
        "atexit": SimpleNamespace(register=keeper),
        "functools": functools,
        "logging": SimpleNamespace(getLogger=lambda _: log),
        "sys": SimpleNamespace(exit=functools.partial(end, world)),
        "lib": library(world),
    }


def library(world: World) -> SimpleNamespace:
    """The unknown library of every program."""
    return SimpleNamespace(
        **{name: Unknown(world, name) for name in ("work", "check", "manager", "use")},
        find=Finder(world, "find"),
        awork=lambda *_: Awaitable(world, "awork"),
        lock=contextlib.nullcontext(),
    )


def end(world: World, *_: object) -> None:
    world.ended = True
    raise SystemExit


def namespace(world: World) -> dict[str, Any]:
    """The builtins of a program, with its own `import`."""
    known = modules(world)

    def load(name: str, *_: object) -> Any:
        if world.mode != "final" and not world.calm and world.choose(2):
            raise ImportError
        return known[name]

    return {**vars(builtins), "__import__": load, "print": Unknown(world, "print", calm=True)}
