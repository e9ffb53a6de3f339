"""LKN202 release-not-awaited: The release is a coroutine that nobody awaits, so it never runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leaklint.rules.base import Rule

if TYPE_CHECKING:
    from leaklint.flow.leaks import Leak, Leaking
    from leaklint.rules.wording import Words


class ReleaseNotAwaited(Rule):
    """The release is a coroutine that nobody awaits, so it never runs.

    ## What it does

    It knows which releases are coroutines: `close` of asyncpg, aiosqlite and SQLAlchemy's `AsyncSession`,
    `release` of most asynchronous pools. Calling one makes a coroutine object and does nothing else.

    ## Why is this bad?

    The code says `close`, everybody reads `close`, and the connection stays open. The only sign is a
    `RuntimeWarning: coroutine … was never awaited` somewhere in a log.

    ## The path

    ```text
    latest()  acquires ──▶ fetchval ──▶ finally: close() makes a coroutine ──▶ return     conn is still open
    ```

    ## Example

    ```python
    import asyncpg


    async def latest(dsn):
        conn = await asyncpg.connect(dsn)
        try:
            return await conn.fetchval("SELECT max(price) FROM prices")
        finally:
            conn.close()
    ```

    ## Use instead

    ```python
    import asyncpg


    async def latest(dsn):
        conn = await asyncpg.connect(dsn)
        try:
            return await conn.fetchval("SELECT max(price) FROM prices")
        finally:
            await conn.close()
    ```

    ## When it stays quiet

    Where the coroutine is awaited elsewhere, by `asyncio.shield`, `wait_for`, `gather` or a task:

    ```python
    import asyncio

    import asyncpg


    async def latest(dsn):
        conn = await asyncpg.connect(dsn)
        try:
            return await conn.fetchval("SELECT max(price) FROM prices")
        finally:
            await asyncio.shield(conn.close())
    ```

    ## Fix safety

    *Safe*: `await` is added, inside an `async def` only.

    ## Teach it your wrapper

    A driver of your own lists its coroutines in `awaited`:

    ```toml
    [drivers.warehouse]
    libraries = ["warehouse"]

    [[drivers.warehouse.acquisitions]]
    calls = ["warehouse.connect"]
    awaiting = "await"
    releases = ["close"]
    awaited = ["close"]
    ```

    ```python
    import warehouse


    async def count():
        conn = await warehouse.connect()
        try:
            return await conn.execute("SELECT count(*) FROM items")
        finally:
            await conn.close()
    ```
    """

    code = "LKN202"
    name = "release-not-awaited"

    def exits(self, leak: Leak) -> Iterable[Leaking]:
        return [one for one in leak.exits if one.status.flaw == "unawaited"]

    def message(self, leak: Leak, leaking: Leaking, words: Words) -> str:
        return f"the release of {words.what} is a coroutine that nobody awaits"
