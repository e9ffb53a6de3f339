"""Database libraries that count: every call is written down and may be made to fail, and what is open is known.

They follow the libraries' own rules (what `with` does, what a second release does) and know nothing of leaklint.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Generator, Iterator
from typing import Any

ENOUGH = 60  # a loop that nothing ends


class Injected(Exception):
    """The fault that was asked for."""


class World:
    """One run: what was called in which order, which call fails, and what is open."""

    def __init__(self, fails: int | None = None) -> None:
        self.events: list[str] = []
        self.fails = fails
        self.open: list[Connection] = []
        self.happened = 0

    def happens(self, name: str) -> None:
        self.events.append(name)
        self.happened += 1
        if self.happened - 1 == self.fails or self.happened > ENOUGH:
            raise Injected(name)

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
        return iter([Thing(self._world, f"{self._name}.0"), Thing(self._world, f"{self._name}.1")])

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

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Thing) and other._name == self._name

    def __hash__(self) -> int:
        return hash(self._name)

    def __gt__(self, other: object) -> bool:
        return True

    __lt__ = __ge__ = __le__ = __gt__

    def __add__(self, other: object) -> Any:
        return self

    __radd__ = __sub__ = __rsub__ = __truediv__ = __rtruediv__ = __iadd__ = __add__

    def __repr__(self) -> str:
        return f"<{self._name}>"


class Connection(Thing):
    """A connection of one's own: `with` ends the transaction only."""

    def __init__(self, world: World, pool: Pool | None) -> None:
        super().__init__(world, "conn")
        self.__dict__.update(pool=pool, closed=0, server_version=150000, total_changes=1, in_transaction=False)

    def close(self) -> Any:
        self._world.events.append("release close")
        self.__dict__["closed"] = 1
        if self.pool is None:
            self.gone()
        return Thing(self._world, "closed")

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


class SelfClosing(Connection):
    """A connection or session whose `with` releases it."""

    def __exit__(self, *error: object) -> None:
        self.close()


class AwaitedConnection(Connection):
    """A connection whose close has to be awaited."""

    async def close(self) -> None:  # type: ignore[override]  # the one difference between the two
        Connection.close(self)


def libraries(world: World) -> dict[str, types.ModuleType]:
    """The modules that a fixture may import."""
    found = {}
    for name in ("sqlite3", "psycopg2", "pyodbc"):
        module = types.ModuleType(name)
        module.connect = lambda *_, name=name, **__: world.opened(Connection, name)  # type: ignore[attr-defined]
        error = type("Error", (Exception,), {})
        errors = types.SimpleNamespace(UniqueViolation=type("UniqueViolation", (error,), {}))
        vars(module).update(
            Error=error, errors=errors, DataError=error, OperationalError=error, Row=object, Connection=Connection
        )
        found[name] = module
    found |= alchemy(world)
    asyncpg = types.ModuleType("asyncpg")
    vars(asyncpg).update(
        connect=lambda *_, **__: Waiting(lambda: world.opened(AwaitedConnection, "asyncpg"), None), Pool=Pool
    )
    found["asyncpg"] = asyncpg
    return found


def alchemy(world: World) -> dict[str, types.ModuleType]:
    """Engines and sessions."""

    def connect(*_: object, **__: object) -> Connection:
        return world.opened(SelfClosing, "sqlalchemy")

    engine = types.SimpleNamespace(connect=connect, raw_connection=connect)
    core, orm = types.ModuleType("sqlalchemy"), types.ModuleType("sqlalchemy.orm")
    vars(core).update(create_engine=lambda *_, **__: engine, select=Thing(world, "select"), text=Thing(world, "text"))
    vars(orm).update(Session=connect, sessionmaker=lambda *_, **__: connect)
    return {"sqlalchemy": core, "sqlalchemy.orm": orm}
