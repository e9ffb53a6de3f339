"""What the programs call: drivers, pools, callees nobody knows, and some helpers of the standard library."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from types import FunctionType, MethodType
from typing import Any

from tests.oracle.world import Resource, World

RELEASING = frozenset({"close", "putconn", "release"})
CALM = frozenset({"close", "putconn", "release", "append"})


class Connection(Resource):
    """A connection that `with` does not close; a pooled one is given back by its pool alone."""

    def __init__(self, world: World, *, pooled: bool = False) -> None:
        super().__init__(world, pooled)
        self.world = world
        self.closed = False
        self.autocommit = False

    def close(self) -> None:
        self.closed = True
        if not self.pooled:
            self.open = False

    def cursor(self) -> Cursor:
        self.world.hazard("cursor")
        return Cursor(self.world)

    def execute(self, *_: object) -> Value:
        self.world.hazard("execute")
        return Value(self.world)

    def commit(self) -> None:
        self.world.hazard("commit")

    def rollback(self) -> None:
        self.world.hazard("rollback")

    def __enter__(self) -> Connection:
        self.world.hazard(own=self)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.world.hazard(own=self)


class Closing(Connection):
    """A connection that `with` closes."""

    def __exit__(self, kind: object, *_: object) -> None:
        self.close()
        if kind is None:
            self.world.hazard(own=self)


class Asynchronous(Resource):
    """A connection whose methods are coroutines; a pooled one may be closed or released."""

    def __init__(self, world: World) -> None:
        super().__init__(world, pooled=False)
        self.world = world

    def close(self) -> Awaitable:
        return Awaitable(self.world, "close", done=self.finish)

    def finish(self) -> None:
        self.open = False

    def execute(self, *_: object) -> Awaitable:
        return Awaitable(self.world, "execute")


class Awaitable:
    """A coroutine of a library: it acts when awaited, and may be cancelled then."""

    def __init__(
        self, world: World, name: str, done: Callable[[], None] | None = None, value: Callable[[], Any] | None = None
    ) -> None:
        self.world, self.name, self.done, self.value = world, name, done, value

    def __await__(self) -> Iterator[None]:
        if self.done is not None:
            self.done()
        self.world.hazard(self.name, awaiting=True, calls=self.done is None)
        return self.value() if self.value is not None else Value(self.world)
        yield

    async def __aenter__(self) -> Any:
        return await self

    async def __aexit__(self, *_: object) -> None:
        pass


class Acquisition(Awaitable):
    """`pool.acquire()`: to be awaited or entered; leaving the block releases."""

    async def __aenter__(self) -> Any:
        self.entered = await self
        return self.entered

    async def __aexit__(self, kind: object, *_: object) -> None:
        self.entered.open = False
        if kind is None:
            self.world.hazard(awaiting=True, own=self.entered)


class Cursor:
    """Owes nothing."""

    def __init__(self, world: World) -> None:
        self.world = world

    def execute(self, *_: object) -> None:
        self.world.hazard("execute")

    def fetchone(self) -> Value:
        self.world.hazard("fetchone")
        return Value(self.world)

    def close(self) -> None:
        pass


class Value:
    """What an unknown call returns, or a parameter: true or false, always the same; a manager that may fail."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.truth: bool | None = None

    def __bool__(self) -> bool:
        if self.truth is None:
            self.truth = bool(self.world.choose(2))
        return self.truth

    def __getattr__(self, name: str) -> Callable[..., Value]:
        if name.startswith("__"):
            raise AttributeError(name)
        return Unknown(self.world, name, calm=name in CALM)

    def __call__(self, *args: object, **_: object) -> Value:
        return Unknown(self.world, "")(*args)

    def __getitem__(self, _: object) -> Value:
        self.world.hazard()
        return Value(self.world)

    def __iter__(self) -> Iterator[Value | None]:
        self.world.hazard()
        return iter((Value(self.world) if self.world.choose(2) else None, Value(self.world)))

    def __enter__(self) -> Value:
        self.world.hazard()
        return Value(self.world)

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.world.hazard()

    async def __aenter__(self) -> Value:
        self.world.hazard(awaiting=True)
        return Value(self.world)

    async def __aexit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.world.hazard()


class Nothing(Value):
    """What a name holds that was never bound, or None where something is called on it: the run is no proof any more."""

    def __bool__(self) -> bool:
        self.world.misused = True
        return super().__bool__()


class Unknown:
    """A callee whose body nobody sees."""

    def __init__(self, world: World, name: str, calm: bool = False) -> None:
        self.world, self.name, self.calm = world, name, calm

    def __call__(self, *args: object, **_: object) -> Value:
        self.world.lend(*args)
        self.world.give_away(*(value for value in args if can_release(value)))
        if not self.calm:
            self.world.hazard(self.name)
        return Value(self.world)


class Keeper(Unknown):
    """A callee that answers for what it is given, also where it raises."""

    def __call__(self, *args: object, **_: object) -> Value:
        self.world.give_away(*args)
        self.world.hazard(self.name)
        return Value(self.world)


class Finder(Unknown):
    """An unknown callee that returns something or None."""

    def __call__(self, *args: object, **_: object) -> Value | None:  # type: ignore[override]
        found = super().__call__(*args)
        return found if self.world.choose(2) else None


class Store:
    """An object older than the call: what is stored in it is handed over."""

    def __init__(self, world: World) -> None:
        object.__setattr__(self, "world", world)

    def __setattr__(self, name: str, value: object) -> None:
        self.world.give_away(value)

    def __setitem__(self, key: object, value: object) -> None:
        self.world.give_away(value)
        self.world.hazard()

    def append(self, value: object) -> None:
        self.world.give_away(value)


class Items:
    """A parameter that is iterated over: as often as the run chooses, which does not fail."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __iter__(self) -> Iterator[Value]:
        turns = 0
        while turns < self.world.turns and self.world.choose(2):
            turns += 1
            yield Value(self.world)


class Pool:
    """A pool whose slots come back through `putconn` alone."""

    def __init__(self, world: World) -> None:
        self.world = world

    def getconn(self) -> Connection:
        self.world.hazard("getconn")
        return Connection(self.world, pooled=True)

    def putconn(self, connection: object, **_: object) -> None:
        if isinstance(connection, Connection):
            connection.open = False
        else:
            self.world.misused = True

    def acquire(self) -> Acquisition:
        return Acquisition(
            self.world, "acquire", value=functools.partial(asynchronous, self.world, self.world.position())
        )

    def release(self, connection: object) -> Awaitable:
        if not isinstance(connection, Asynchronous):
            self.world.misused = True
            return Awaitable(self.world, "release")
        return Awaitable(self.world, "release", done=connection.finish)


def can_release(value: object) -> bool:
    """Whether calling it releases something, or may."""
    if isinstance(value, functools.partial):
        return can_release(value.func)
    if isinstance(value, MethodType):
        return value.__name__ in RELEASING
    if not isinstance(value, FunctionType):
        return False
    inner = [part.cell_contents for part in value.__closure__ or () if part.cell_contents is not value]
    return not RELEASING.isdisjoint(value.__code__.co_names) or any(can_release(part) for part in inner)


def asynchronous(world: World, site: tuple[int, int]) -> Asynchronous:
    made = Asynchronous(world)
    made.sites = (site,)
    return made


class Psycopg2Error(Exception):
    """What `except psycopg2.Error` names."""
