"""LKN102 leak-on-exception: Released on the normal ways out, not when something raises."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leaklint.rules.base import Rule

if TYPE_CHECKING:
    from leaklint.flow.leaks import Leak, Leaking
    from leaklint.rules.wording import Words


class LeakOnException(Rule):
    """The connection is released on the normal ways out, but not when something in between raises.

    ## What it does

    It asks of every call, `await` and `yield` between the acquisition and the release: if this raises, does a
    `finally`, a `with` or a handler on the way out release the connection? Calls that do not fail in practice,
    such as logging or `len`, are not asked about; `raises = "all"` asks about everything.

    Three exits are easily forgotten: a cancelled `await` raises `CancelledError`, which `except Exception` does
    not catch; an abandoned generator raises `GeneratorExit` at its `yield`; and whoever uses a FastAPI dependency
    or a `@contextmanager` function throws his own exceptions into its `yield`.

    ## Why is this bad?

    Errors come in bunches. A slow server makes queries time out, each time-out loses a connection, and when the
    server is well again the pool is empty. Tests rarely see it, since the normal path is fine.

    ## The path

    ```text
    rename()  acquires ──▶ execute ──▶ commit ──▶ putconn ──▶ return
                              └─ raises ──────────────────▶ leaves     the slot is still taken
    ```

    ## Example

    ```python
    from psycopg2.pool import ThreadedConnectionPool

    pool = ThreadedConnectionPool(1, 20, "dbname=users")


    def rename(user, name):
        conn = pool.getconn()
        conn.cursor().execute("UPDATE users SET name = %s WHERE id = %s", (name, user))
        conn.commit()
        pool.putconn(conn)
    ```

    ```python
    from sqlalchemy import create_engine
    from sqlalchemy.orm import sessionmaker

    SessionLocal = sessionmaker(bind=create_engine("postgresql:///orders"))


    def get_session():
        session = SessionLocal()
        yield session
        session.close()
    ```

    ## Use instead

    `try` begins directly after the acquisition: a line between the two is a line that can raise.

    ```python
    from psycopg2.pool import ThreadedConnectionPool

    pool = ThreadedConnectionPool(1, 20, "dbname=users")


    def rename(user, name):
        conn = pool.getconn()
        try:
            conn.cursor().execute("UPDATE users SET name = %s WHERE id = %s", (name, user))
            conn.commit()
        finally:
            pool.putconn(conn)
    ```

    ```python
    from sqlalchemy import create_engine
    from sqlalchemy.orm import sessionmaker

    SessionLocal = sessionmaker(bind=create_engine("postgresql:///orders"))


    def get_session():
        with SessionLocal() as session:
            yield session
    ```

    ## When it stays quiet

    Where a handler releases and raises again, and where nothing between acquisition and release can fail in
    practice:

    ```python
    import logging

    import psycopg2


    def probe(dsn):
        conn = psycopg2.connect(dsn)
        try:
            conn.cursor().execute("SELECT 1")
        except BaseException:
            conn.close()
            raise
        logging.info("alive")
        conn.close()
    ```

    ## Fix safety

    The fix is *safe*: the normal path does the same things in the same order, except that the release may move to
    the end of the block. It is *unsafe* where the only fitting `with` would also commit, or roll back, what the
    code leaves open.

    ## Teach it your wrapper

    A helper that releases, though its body does not show it, says so on its `def` line:

    ```python
    import native
    from psycopg2.pool import ThreadedConnectionPool

    pool = ThreadedConnectionPool(1, 20, "dbname=users")


    def give_back(conn):  # leaklint: releases(conn)
        native.give(pool, conn)


    def rename(user, name):
        conn = pool.getconn()
        try:
            conn.cursor().execute("UPDATE users SET name = %s WHERE id = %s", (name, user))
        finally:
            give_back(conn)
    ```
    """

    code = "LKN102"
    name = "leak-on-exception"

    def exits(self, leak: Leak) -> Iterable[Leaking]:
        return [one for one in leak.exits if one.kind == "raise"]

    def message(self, leak: Leak, leaking: Leaking, words: Words) -> str:
        return f"{words.what} is not released if {words.happening(leaking)}"
