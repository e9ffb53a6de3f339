"""LKN103 leak-on-return: Some normal way out does not release it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leaklint.rules.base import Rule

if TYPE_CHECKING:
    from leaklint.flow.leaks import Leak, Leaking
    from leaklint.rules.wording import Words


class LeakOnReturn(Rule):
    """Some normal way out, such as an early `return`, does not release the connection that another way releases.

    ## What it does

    It looks at the ways out of a function that are no exceptions: each `return`, each branch, `break` and
    `continue`, and the end of the function. At least one of them releases the connection, and this one does not.

    ## Why is this bad?

    Such a leak hides behind a condition: the user who does not exist, the empty result, the flag that nobody sets
    in tests. In production the condition holds a few times a minute, and the pool lasts until lunch.

    The same happens to code that was meant as a repair. A method that gives a connection back `if not
    conn.closed` looks careful, but a pool slot is freed by `putconn` alone: once the server has closed the
    connection, its slot is lost.

    ## The path

    ```text
    login()  acquires ──▶ fetchone ──▶ row is None ──▶ return     the slot is still taken
                                    └▶ otherwise   ──▶ putconn ──▶ return
    ```

    ## Example

    ```python
    from psycopg2.pool import ThreadedConnectionPool

    pool = ThreadedConnectionPool(1, 20, "dbname=users")


    def login(email):
        conn = pool.getconn()
        try:
            cur = conn.cursor()
            cur.execute("SELECT id FROM users WHERE email = %s", (email,))
            row = cur.fetchone()
        except Exception:
            pool.putconn(conn)
            raise
        if row is None:
            return None
        pool.putconn(conn)
        return row[0]
    ```

    ```python
    from psycopg2.pool import ThreadedConnectionPool

    pool = ThreadedConnectionPool(1, 20, "dbname=chat")


    def messages():
        conn = pool.getconn()
        try:
            cur = conn.cursor()
            cur.execute("SELECT text FROM messages")
            return cur.fetchall()
        finally:
            if not conn.closed:
                pool.putconn(conn)
    ```

    ## Use instead

    One release for all ways out:

    ```python
    from psycopg2.pool import ThreadedConnectionPool

    pool = ThreadedConnectionPool(1, 20, "dbname=users")


    def login(email):
        conn = pool.getconn()
        try:
            cur = conn.cursor()
            cur.execute("SELECT id FROM users WHERE email = %s", (email,))
            row = cur.fetchone()
            return None if row is None else row[0]
        finally:
            pool.putconn(conn)
    ```

    ```python
    from psycopg2.pool import ThreadedConnectionPool

    pool = ThreadedConnectionPool(1, 20, "dbname=chat")


    def messages():
        conn = pool.getconn()
        try:
            cur = conn.cursor()
            cur.execute("SELECT text FROM messages")
            return cur.fetchall()
        finally:
            pool.putconn(conn)
    ```

    ## When it stays quiet

    Conditions are understood: a way on which there is no connection owes nothing.

    ```python
    import sqlite3


    def count(path, conn=None):
        own = conn is None
        if own:
            conn = sqlite3.connect(path)
        try:
            return conn.execute("SELECT count(*) FROM loans").fetchone()
        finally:
            if own:
                conn.close()
    ```

    A connection that belongs to no pool and that the server has closed owes nothing either: `if not conn.closed`
    is fine there.

    ## Fix safety

    The fix is *unsafe*: on the way that leaked, a release is new, and a lazy result that was returned there may
    need the connection. It is refused where the ways out do different things in between.

    ## Teach it your wrapper

    A method that takes the connection over says so, and a way that calls it owes nothing:

    ```python
    import native
    import psycopg2


    def park(conn):  # leaklint: keeps(conn)
        native.remember(conn)


    def start(dsn, lasting):
        conn = psycopg2.connect(dsn)
        if lasting:
            park(conn)
            return
        conn.close()
    ```
    """

    code = "LKN103"
    name = "leak-on-return"

    def exits(self, leak: Leak) -> Iterable[Leaking]:
        return [one for one in leak.exits if one.kind != "raise"]

    def message(self, leak: Leak, leaking: Leaking, words: Words) -> str:
        return f"{words.what} is not released on every way out of {words.where}"
