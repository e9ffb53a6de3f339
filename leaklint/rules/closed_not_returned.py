"""LKN203 closed-not-returned: A pooled connection is closed, but its slot in the pool is never given back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leaklint.rules.base import Rule

if TYPE_CHECKING:
    from leaklint.flow.leaks import Leak, Leaking
    from leaklint.rules.wording import Words


class ClosedNotReturned(Rule):
    """A pooled connection is closed, but its slot in the pool is never given back.

    ## What it does

    It knows which pools count slots. A connection taken with psycopg2's `getconn` goes back by `putconn` and by
    nothing else: `close()` ends the connection to the server, and the pool still counts it as taken. So does a
    `putconn` on another pool than the one it came from.

    ## Why is this bad?

    The code that closes a connection instead of returning it runs when something is wrong with the server. Each
    time it loses a slot, until the pool is empty, with the server long since well again.

    A published repair of an outage did just this: before handing a connection out it asked the server `SELECT 1`,
    closed the connection if that failed, and took another one. It lost one slot for each dead connection, which
    is the very situation that it was written for.

    ## The path

    ```text
    checked()  acquires ──▶ SELECT 1 ─ raises ─▶ except: close ──▶ acquires another ──▶ return
                                                 the first slot is still taken
    ```

    ## Example

    ```python
    import psycopg2
    from psycopg2.pool import ThreadedConnectionPool

    pool = ThreadedConnectionPool(1, 20, "dbname=users")


    def alive():
        conn = pool.getconn()
        try:
            conn.cursor().execute("SELECT 1")
        except psycopg2.Error:
            conn.close()
            return False
        except BaseException:
            pool.putconn(conn)
            raise
        pool.putconn(conn)
        return True
    ```

    ## Use instead

    `putconn(conn, close=True)` closes the connection and gives its slot back:

    ```python
    import psycopg2
    from psycopg2.pool import ThreadedConnectionPool

    pool = ThreadedConnectionPool(1, 20, "dbname=users")


    def alive():
        conn = pool.getconn()
        try:
            conn.cursor().execute("SELECT 1")
        except psycopg2.Error:
            pool.putconn(conn, close=True)
            return False
        except BaseException:
            pool.putconn(conn)
            raise
        pool.putconn(conn)
        return True
    ```

    ## When it stays quiet

    With pools whose connections come back when they are closed, such as those of SQLAlchemy and
    `mysql.connector`:

    ```python
    from sqlalchemy import create_engine, text

    engine = create_engine("postgresql:///users")


    def alive():
        conn = engine.connect()
        try:
            return conn.execute(text("SELECT 1")).scalar() == 1
        finally:
            conn.close()
    ```

    ## Fix safety

    *Safe*: `conn.close()` becomes `pool.putconn(conn, close=True)`.

    ## Teach it your wrapper

    A pool of your own says what only closes and what gives the slot back:

    ```toml
    [drivers.warehouse]
    libraries = ["warehouse"]

    [[drivers.warehouse.acquisitions]]
    methods = ["checkout"]
    receivers = ["warehouse.Pool"]
    releases = []
    closes = ["close"]
    pool-releases = ["checkin"]
    pooled = true
    dropped = "slot lost"

    [drivers.warehouse.makes]
    "warehouse.Pool" = "warehouse.Pool"
    ```

    ```python
    import warehouse

    pool = warehouse.Pool(20)


    def count():
        conn = pool.checkout()
        try:
            return conn.execute("SELECT count(*) FROM items")
        finally:
            pool.checkin(conn)
    ```
    """

    code = "LKN203"
    name = "closed-not-returned"

    def exits(self, leak: Leak) -> Iterable[Leaking]:
        return [one for one in leak.exits if one.status.flaw == "closed"]

    def message(self, leak: Leak, leaking: Leaking, words: Words) -> str:
        return f"{words.what} is closed, but its pool slot is never given back: call `{words.release}()`"
