"""LKN104 lost-by-rebinding: The last name of an owed handle is rebound or deleted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leaklint.rules.base import Rule

if TYPE_CHECKING:
    from leaklint.flow.leaks import Leak, Leaking
    from leaklint.rules.wording import Words


class LostByRebinding(Rule):
    """The last name of a connection is rebound or deleted while the connection is still owed.

    ## What it does

    It counts the places that hold a connection: names, attributes, elements of local lists and dictionaries,
    closures. When the last of them is overwritten, deleted or leaves its scope in a loop, nobody can release the
    connection any more.

    ## Why is this bad?

    In a loop every turn loses one. Ten turns are ten connections, and a pool of twenty does not see the third
    request. A retry that connects again into the same name loses the connection that failed.

    ## The path

    ```text
    for …:  ┌▶ acquires ──▶ execute ─┐
            └────── next turn ◀──────┘     the name now holds the next one; the one before is lost
    ```

    ## Example

    ```python
    from psycopg2.pool import ThreadedConnectionPool

    pool = ThreadedConnectionPool(1, 20, "dbname=jobs")


    def warm_up():
        for number in range(1000):
            conn = pool.getconn()
            conn.cursor().execute("SELECT %s", (number,))
    ```

    ## Use instead

    ```python
    from psycopg2.pool import ThreadedConnectionPool

    pool = ThreadedConnectionPool(1, 20, "dbname=jobs")


    def warm_up():
        for number in range(1000):
            conn = pool.getconn()
            try:
                conn.cursor().execute("SELECT %s", (number,))
            finally:
                pool.putconn(conn)
    ```

    ## When it stays quiet

    As long as another place holds it. A list that is worked off at the end is such a place:

    ```python
    import sqlite3


    def compare(paths):
        conns = []
        try:
            for path in paths:
                conn = sqlite3.connect(path)
                conns.append(conn)
            return [conn.execute("PRAGMA user_version").fetchone() for conn in conns]
        finally:
            for conn in conns:
                conn.close()
    ```

    ## Fix safety

    *Unsafe*: the release is new on the normal path. In a loop the body from the acquisition on is put into a
    block of its own; where the connection is used after the loop, there is no fix, and the reason is told.

    ## Teach it your wrapper

    A registry of your own that keeps what it is given:

    ```python
    import native
    import psycopg2


    def keep(conn):  # leaklint: keeps(conn)
        native.remember(conn)


    def fill(dsn):
        for _ in range(10):
            conn = psycopg2.connect(dsn)
            keep(conn)
    ```
    """

    code = "LKN104"
    name = "lost-by-rebinding"

    def exits(self, leak: Leak) -> Iterable[Leaking]:
        return [one for one in leak.exits if one.status.lost]

    def message(self, leak: Leak, leaking: Leaking, words: Words) -> str:
        return f"{words.what} loses its last name while it is still owed"
