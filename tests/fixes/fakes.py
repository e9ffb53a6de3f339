"""Database libraries that count: every call is written down and may be made to fail, and what is open is known.

They follow the libraries' own rules (what `with` does, what a second release does) and know nothing of leaklint.
"""

from __future__ import annotations

import asyncio
import types
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import Any

ENOUGH = 60  # a loop that nothing ends
ANYTHING = ("fastapi", "pytest", "duckdb", "settings", "somewhere")
"""Libraries of which nothing is asked that matters."""


class Injected(Exception):
    """The fault that was asked for."""


class Interrupted(asyncio.CancelledError):
    """One that `except Exception` lets through."""


class World:
    """One run: what was called in which order, which call fails and how, what things answer, and what is open."""

    def __init__(self, *, answer: bool = True) -> None:
        self.events: list[str] = []
        self.answer = answer
        self.open: list[Connection] = []
        self.begin(None, Injected)

    def begin(self, fails: int | None, fault: type[BaseException]) -> None:
        """Forget what has happened, and count from here."""
        self.events.clear()
        self.fails, self.fault = fails, fault
        self.happened = 0

    def happens(self, name: str) -> None:
        self.events.append(name)
        self.happened += 1
        if self.happened - 1 == self.fails or self.happened > ENOUGH:
            raise self.fault(name)

    def opened(self, kind: type[Connection], name: str, pool: Pool | None = None) -> Connection:
        self.happens(f"acquire {name}")
        found = kind(self, pool)
        self.open.append(found)
        return found


class Thing:
    """Any other object: calling it is an event, and it is a little of everything."""

    def __init__(self, world: World, name: str) -> None:
        self.__dict__.update(_world=world, _name=name)

    def __call__(self, *args: Any, **_: Any) -> Any:
        self._world.happens(self._name)
        if len(args) == 1 and isinstance(args[0], types.FunctionType):
            return args[0]
        return Thing(self._world, f"{self._name}()")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Thing(self._world, f"{self._name}.{name}")

    def __getitem__(self, key: object) -> Any:
        self._world.happens(f"{self._name}[]")
        return Thing(self._world, f"{self._name}[]")

    def __setitem__(self, key: object, value: object) -> None:
        self._world.happens(f"{self._name}[]=")

    def __delitem__(self, key: object) -> None:
        self._world.happens(f"del {self._name}[]")

    def __iter__(self) -> Iterator[Any]:
        self._world.happens(f"iterate {self._name}")
        return iter([Thing(self._world, f"{self._name}.0"), Thing(self._world, f"{self._name}.1")])

    async def __aiter__(self) -> AsyncIterator[Any]:
        for item in self:
            yield item

    def __enter__(self) -> Any:
        self._world.happens(f"enter {self._name}")
        return self

    def __exit__(self, *error: object) -> None:
        self._world.events.append(f"exit {self._name}")

    async def __aenter__(self) -> Any:
        return self.__enter__()

    async def __aexit__(self, *error: object) -> None:
        self.__exit__()

    def __await__(self) -> Generator[None, None, Any]:
        yield from ()
        return self

    def __bool__(self) -> bool:
        return bool(self._world.answer)

    def __eq__(self, other: object) -> bool:
        return other._name == self._name if isinstance(other, Thing) else bool(self)

    def __hash__(self) -> int:
        return hash(self._name)

    def __gt__(self, other: object) -> bool:
        return bool(self)

    __lt__ = __ge__ = __le__ = __gt__

    def __add__(self, other: object) -> Any:
        self._world.happens("arithmetic")
        return self

    __radd__ = __sub__ = __rsub__ = __truediv__ = __rtruediv__ = __iadd__ = __add__

    def __repr__(self) -> str:
        return f"<{self._name}>"


class Connection(Thing):
    """A connection of one's own: `with` ends the transaction only."""

    def __init__(self, world: World, pool: Pool | None) -> None:
        super().__init__(world, "conn")
        self.__dict__.update(pool=pool, closed=0)

    def __bool__(self) -> bool:
        return True

    def close(self) -> Any:
        self._world.events.append("release close")
        self.__dict__["closed"] = 1
        if self.pool is None:
            self.gone()
        return Thing(self._world, "closed")

    disconnect = close

    def gone(self) -> None:
        if self in self._world.open:
            self._world.open.remove(self)

    def __enter__(self) -> Any:
        if self.closed:
            raise RuntimeError("the connection is closed already")
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        if self.closed:
            raise RuntimeError("the connection is closed already")
        self._world.happens("commit" if kind is None else "rollback")

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__") and self.closed:
            raise RuntimeError(f"{name} of a closed connection")
        return super().__getattr__(name)

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


class Waiting:
    """An acquisition that can be awaited, and entered if the library lets it."""

    def __init__(self, acquire: Callable[[], Connection], release: Callable[[Connection], None] | None) -> None:
        self.acquire, self.release = acquire, release

    def __await__(self) -> Generator[None, None, Connection]:
        yield from ()
        return self.acquire()

    async def __aenter__(self) -> Connection:
        if self.release is None:
            raise TypeError("this library has no such block")
        self.got = self.acquire()
        return self.got

    async def __aexit__(self, *error: object) -> None:
        assert self.release is not None
        self.release(self.got)


class Pool(Thing):
    """A pool whose slots come back through the pool alone; a second return is an error."""

    def __init__(self, world: World) -> None:
        super().__init__(world, "pool")

    def getconn(self) -> Connection:
        return self._world.opened(Connection, "slot", self)

    def putconn(self, conn: Connection, close: bool = False) -> None:  # noqa: ARG002 - as psycopg2 has it
        self._world.events.append("release putconn")
        if conn not in self._world.open:
            raise RuntimeError("this connection is not ours")
        conn.gone()

    def acquire(self) -> Waiting:
        return Waiting(self.getconn, self.putconn)

    async def release(self, conn: Connection) -> None:
        self.putconn(conn)


class PoolAtOnce(Pool):
    """A pool whose release is no coroutine, and which may be asked without `await` as well."""

    get_connection = Pool.getconn

    def release(self, conn: Connection) -> Any:  # type: ignore[override]  # the one difference between the two
        self.putconn(conn)
        return Thing(self._world, "released")


class SelfClosing(Connection):
    """A connection or session whose `with` releases it."""

    def __exit__(self, *error: object) -> None:
        self.close()


class Registry(Thing):
    """Opens its session when it is first used, and releases it by `remove`."""

    def __init__(self, world: World) -> None:
        super().__init__(world, "registry")
        self.__dict__["session"] = None

    def __call__(self, *_: Any, **__: Any) -> Any:
        if self.session is None:
            self.__dict__["session"] = self._world.opened(SelfClosing, "sqlalchemy")
        return self.session

    def __getattr__(self, name: str) -> Any:
        return getattr(self(), name)

    def remove(self) -> None:
        self._world.events.append("release remove")
        if self.session is not None:
            self.session.gone()
            self.__dict__["session"] = None


class AwaitedConnection(Connection):
    """A connection whose close has to be awaited."""

    async def close(self) -> None:  # type: ignore[override]  # the one difference between the two
        Connection.close(self)


class AwaitedSession(AwaitedConnection):
    """A session whose `async with` closes it."""

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()


class Library(types.ModuleType):
    """Any other library: it has whatever is asked of it."""

    def __init__(self, world: World, name: str, **has: object) -> None:
        super().__init__(name)
        self.__dict__.update(has, _world=world, __path__=[])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Thing(self._world, f"{self.__name__}.{name}")


def libraries(world: World) -> dict[str, types.ModuleType]:
    """The modules that a fixture may import."""
    found = {name: owned(world, name) for name in ("sqlite3", "psycopg2", "pyodbc", "MySQLdb")}
    pools = {"SimpleConnectionPool": pool_of(world), "ThreadedConnectionPool": pool_of(world), "PoolError": KeyError}
    found["psycopg2.pool"] = found["psycopg2"].pool = Library(world, "psycopg2.pool", **pools)
    found["psycopg2.extensions"] = found["psycopg2"].extensions = Library(world, "psycopg2.extensions")
    for name, kind, pool in (
        ("asyncpg", AwaitedConnection, Pool),
        ("aiosqlite", AwaitedConnection, Pool),
        ("aiomysql", Connection, PoolAtOnce),
    ):
        found[name] = Library(world, name, connect=awaited(world, kind, name), Pool=pool)
    found["psycopg"] = Library(world, "psycopg", connect=lambda *_, **__: world.opened(SelfClosing, "psycopg"))
    found["redis"] = Library(world, "redis", ConnectionPool=PoolAtOnce)
    found["pydantic"] = Library(world, "pydantic", BaseModel=Model)
    return found | alchemy(world) | unnamed(world) | {name: Library(world, name) for name in ANYTHING}


def owned(world: World, name: str) -> Library:
    """A library whose connections are one's own."""
    error = type("Error", (Exception,), {})
    errors = types.SimpleNamespace(UniqueViolation=type("UniqueViolation", (error,), {}))
    return Library(
        world,
        name,
        connect=lambda *_, **__: world.opened(Connection, name),
        **dict.fromkeys(("Error", "DataError", "OperationalError", "InterfaceError"), error),
        errors=errors,
        Row=object,
        Connection=Connection,
    )


def awaited(world: World, kind: type[Connection], name: str) -> Callable[..., Waiting]:
    return lambda *_, **__: Waiting(lambda: world.opened(kind, name), None)


def pool_of(world: World) -> Callable[..., Pool]:
    return lambda *_, **__: Pool(world)


class Model:
    """What pydantic and SQLModel make of a class: fields that may be given."""

    def __init_subclass__(cls, **_: object) -> None:
        pass

    def __init__(self, **fields: object) -> None:
        self.__dict__.update(fields)


class Engine(Thing):
    """What hands out connections of SQLAlchemy."""

    def connect(self) -> Connection:
        return self._world.opened(SelfClosing, "sqlalchemy")

    raw_connection = connect


class Factory(Thing):
    """Opens a session whenever it is called."""

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self._world.opened(SelfClosing, "sqlalchemy")


class Makers(Thing):
    """Makes them."""

    def __call__(self, *_: Any, **__: Any) -> Any:
        return Factory(self._world, "factory")


def alchemy(world: World) -> dict[str, types.ModuleType]:
    """Engines and sessions."""

    def engine(*_: object, **__: object) -> Engine:
        return Engine(world, "engine")

    def session(*_: object, **__: object) -> Connection:
        return world.opened(SelfClosing, "sqlalchemy")

    def slow_session(*_: object, **__: object) -> Connection:
        return world.opened(AwaitedSession, "sqlalchemy")

    return {
        "sqlalchemy": Library(world, "sqlalchemy", create_engine=engine),
        "sqlalchemy.orm": Library(
            world,
            "sqlalchemy.orm",
            Session=session,
            sessionmaker=Makers(world, "sessionmaker"),
            scoped_session=lambda *_: Registry(world),
        ),
        "sqlalchemy.engine": Library(world, "sqlalchemy.engine"),
        "sqlalchemy.ext": Library(world, "sqlalchemy.ext"),
        "sqlalchemy.ext.asyncio": Library(
            world, "sqlalchemy.ext.asyncio", AsyncSession=slow_session, async_sessionmaker=lambda *_, **__: slow_session
        ),
        "sqlmodel": Library(world, "sqlmodel", Session=session, SQLModel=Model, create_engine=engine),
    }


def unnamed(world: World) -> dict[str, types.ModuleType]:
    """Modules that the fixtures know by the names of their functions alone."""
    slots = Pool(world)
    accounts = types.SimpleNamespace(_conn=slots.getconn, _return=slots.putconn)
    pool = types.SimpleNamespace(get_connection=lambda: world.opened(Connection, "connection"))
    return {
        "account_services": Library(world, "account_services", accounts=accounts, pool=pool),
        "native_driver": Library(world, "native_driver", take=lambda _: slots.getconn(), give=slots.putconn),
    }
