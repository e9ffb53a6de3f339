"""A bench: one acquisition of a library, set up to be run, with what it holds counted from outside."""

from __future__ import annotations

import asyncio
import inspect
import textwrap
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from pkgutil import resolve_name
from typing import Any, ClassVar

from servers.accounts import Account

from leaklint.drivers.claims import ways
from leaklint.drivers.spec import Acquisition

PATIENCE = 3.0  # seconds until what must happen has happened
QUIET = 0.1  # seconds in which what must not happen would happen


class Bench:
    """What differs from library to library; the defaults fit most of them.

    `modules` are imported before a test, and it is skipped where one is missing. `insert` and `commit` are lines of
    source that use the resource under the name `conn`. `unstarted` are methods that are called on the call itself, not
    on its awaited result. `way` is how it is acquired, as a rule by the first way that the driver names.
    """

    modules: tuple[str, ...] = ()
    server: ClassVar[str] = "postgres"
    insert: ClassVar[str] = 'conn.cursor().execute("INSERT INTO numbers VALUES (1)")'
    commit: ClassVar[str] = "conn.commit()"
    unstarted: ClassVar[tuple[str, ...]] = ()
    way: str = ""

    def __init__(self, acquisition: Acquisition, account: Account, twin: Callable[[], Bench]) -> None:
        """`twin` makes another bench like this one, which shares nothing with it."""
        self.acquisition, self.account, self.twin = acquisition, account, twin
        self.way = type(self).way or ways(acquisition)[0]
        self.pool: Any = None

    # What a library may see otherwise.

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments of the acquisition's `calls`."""
        return self.account.options()

    def keyword(self, name: str) -> object:
        """A value for a keyword with which the acquisition is another one, or none."""
        raise NotImplementedError

    def room(self, kind: Any) -> Any:
        """A pool of that kind with room for one connection, or an awaitable of one."""
        raise NotImplementedError

    def taken(self) -> int:
        """How many connections are owed: slots taken, or sessions at the server where there is no pool."""
        return self.account.sessions()

    async def stop(self) -> None:
        """Close the pool, and whatever a test left open on purpose."""

    @classmethod
    def missing(cls) -> str:
        """What it needs besides modules and server, and how that is installed; empty where all is there."""
        return ""

    # What the checks do with it.

    @property
    def by_call(self) -> bool:
        """Whether it is acquired by a plain call, and not by a method of a pool or engine."""
        return self.way.rpartition(".")[0] not in self.acquisition.receivers

    async def start(self, way: str | None = None) -> None:
        self.way = way or self.way
        if not self.by_call:
            self.pool = await settled(self.room(resolve_name(self.way.rpartition(".")[0])))

    def call(self) -> Any:
        """The acquiring expression and nothing around it."""
        if self.by_call:
            return resolve_name(self.way)(**self.arguments())
        method = self.way.rpartition(".")[2]
        return self.pool() if method == "()" else getattr(self.pool, method)()

    async def acquire(self) -> Any:
        made = self.call()
        return await made if self.acquisition.awaiting != "no" else made

    async def hold(self) -> Any:
        """Acquire, and use what was acquired, since some take their connection only then."""
        resource = await self.acquire()
        await self.use(resource)
        return resource

    async def use(self, resource: Any) -> None:
        await self.run(self.insert, conn=resource)

    async def release(self, resource: Any) -> None:
        """Release as the template of the acquisition does."""
        statement = self.acquisition.template.release.format(name="conn", pool="pool")
        await self.run(statement, conn=resource, pool=self.pool)

    async def run(self, statements: str, **values: Any) -> None:
        """Run lines of source as the body of a coroutine."""
        source = f"{self.imports()}async def run({', '.join(values)}):\n{textwrap.indent(statements, '    ')}\n"
        namespace: dict[str, Any] = {}
        exec(source, namespace)
        await namespace["run"](**values)

    # Source, as a person would write it.

    def imports(self) -> str:
        lines = [*(f"import {module}" for module in self.modules), *self.acquisition.template.imports]
        return "".join(f"{line}\n" for line in lines)

    def acquiring(self) -> str:
        """The acquiring expression, without its `await`."""
        if self.by_call:
            return f"{self.way}(**arguments)"
        method = self.way.rpartition(".")[2]
        return "pool()" if method == "()" else f"pool.{method}()"

    def acquired(self) -> str:
        return f"await {self.acquiring()}" if self.acquisition.awaiting != "no" else self.acquiring()

    def block(self) -> str:
        """The block of the template around an insert."""
        template = self.acquisition.template
        insert = textwrap.indent(self.insert, "    ")
        if template.item:
            item = template.item.format(acquire=self.acquiring(), pool="pool")
            return f"{'async with' if template.asynchronous else 'with'} {item} as conn:\n{insert}"
        release = template.release.format(name="conn", pool="pool")
        return f"conn = {self.acquired()}\ntry:\n{insert}\nfinally:\n    {release}"

    def releasing(self, resource: Any, subject: str) -> Callable[[], Any]:
        """The release that a claim speaks of: `close()`, `pool.putconn(it)` or `library.close(it)`."""
        name = subject.partition("(")[0]
        if subject.startswith("pool."):
            return lambda: getattr(self.pool, name.removeprefix("pool."))(resource)
        return (lambda: resolve_name(name)(resource)) if subject.endswith("(it)") else getattr(resource, name)


async def settled(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


@asynccontextmanager
async def entered(made: Any):
    """`async with` or `with`, whichever it has; a `TypeError` where it has neither."""
    if hasattr(made, "__aenter__"):
        async with made as resource:
            yield resource
    else:
        with made as resource:
            yield resource


async def becomes(count: Callable[[], int], expected: int, patience: float = PATIENCE) -> bool:
    """Whether a count reaches that value before long."""
    loop = asyncio.get_running_loop()
    limit = loop.time() + patience
    while count() != expected and loop.time() < limit:
        await asyncio.sleep(0.01)
    return count() == expected


async def stays(count: Callable[[], int], expected: int) -> bool:
    """Whether a count keeps that value for a while."""
    await asyncio.sleep(QUIET)
    return count() == expected


async def discard(result: Awaitable[object] | object) -> None:
    """Throw away what nobody awaits, without a warning."""
    if inspect.iscoroutine(result):
        result.close()
