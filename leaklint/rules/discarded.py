"""LKN105 discarded: The acquired resource is never bound to anything, so nothing can release it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leaklint.rules.base import Rule

if TYPE_CHECKING:
    from leaklint.flow.leaks import Leak, Leaking
    from leaklint.rules.wording import Words


class Discarded(Rule):
    """The acquired connection or session is never bound to anything, so that nothing can release it.

    ## What it does

    It finds acquisitions whose result is used in the same expression and then forgotten: a chained call, an
    argument of a function that only borrows it, or no use at all.

    ## Why is this bad?

    There is no name on which anybody could call `close`. CPython may collect some of these objects at once;
    others wait for a cycle to be collected, asynchronous ones cannot be closed by a collector, and a pool slot is
    lost for good. What is lazy, such as a result that is read later, may lose its connection under its feet.

    ## The path

    ```text
    customer_orders()  acquires ──▶ scalars ──▶ all ──▶ return     the session has no name
    ```

    ## Example

    ```python
    from sqlalchemy import create_engine, text
    from sqlalchemy.orm import sessionmaker

    SessionLocal = sessionmaker(bind=create_engine("postgresql:///orders"))


    def customers():
        return SessionLocal().scalars(text("SELECT name FROM customers")).all()
    ```

    ## Use instead

    ```python
    from sqlalchemy import create_engine, text
    from sqlalchemy.orm import sessionmaker

    SessionLocal = sessionmaker(bind=create_engine("postgresql:///orders"))


    def customers():
        with SessionLocal() as session:
            return session.scalars(text("SELECT name FROM customers")).all()
    ```

    ## When it stays quiet

    Where the expression itself is the hand-over:

    ```python
    import sqlite3


    def opened(path):
        return sqlite3.connect(path)


    def fill(path, conns):
        conns.append(opened(path))
    ```

    ## Fix safety

    *Unsafe*: the release is new on the normal path, and what the expression returned may be lazy.

    ## Teach it your wrapper

    What takes over its argument says so:

    ```python
    import native
    import psycopg2


    def register(conn):  # leaklint: keeps(conn)
        native.remember(conn)


    def start(dsn):
        register(psycopg2.connect(dsn))
    ```
    """

    code = "LKN105"
    name = "discarded"

    def exits(self, leak: Leak) -> Iterable[Leaking]:
        if leak.released or any(one.status.bound or one.status.flaw for one in leak.exits):
            return ()
        return leak.exits

    def message(self, leak: Leak, leaking: Leaking, words: Words) -> str:
        return f"{words.noun} is never bound to a name: nothing can release it"
