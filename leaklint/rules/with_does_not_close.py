"""LKN201 with-does-not-close: A `with` block that only ends the transaction, and nothing else that releases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leaklint.rules.base import Rule

if TYPE_CHECKING:
    from leaklint.flow.leaks import Leak, Leaking
    from leaklint.rules.wording import Words


class WithDoesNotClose(Rule):
    """A `with` block on this connection only ends its transaction, and nothing else releases the connection.

    ## What it does

    It knows of every driver what `with` on a connection means. With `sqlite3`, `psycopg2`, `pyodbc` and some
    others the block commits or rolls back and leaves the connection open. This rule speaks when that block is all
    the releasing there is.

    ## Why is this bad?

    It looks released. With psycopg 3, SQLAlchemy or a file it would be, and reviewers read it that way.

    ## The path

    ```text
    add()  acquires ──▶ with: execute ──▶ end of the block: commit ──▶ end     conn is still open
    ```

    ## Example

    ```python
    import sqlite3


    def add(path, name):
        with sqlite3.connect(path) as conn:
            conn.execute("INSERT INTO items VALUES (?)", (name,))
    ```

    ## Use instead

    `closing` closes, and the connection beside it still ends the transaction:

    ```python
    import sqlite3
    from contextlib import closing


    def add(path, name):
        with closing(sqlite3.connect(path)) as conn, conn:
            conn.execute("INSERT INTO items VALUES (?)", (name,))
    ```

    ## When it stays quiet

    Where `with` on the connection does release it, and where the block is for the transaction and something else
    closes:

    ```python
    import psycopg
    import psycopg2


    def third(dsn):
        with psycopg.connect(dsn) as conn:
            conn.execute("SELECT 1")


    def second(dsn):
        conn = psycopg2.connect(dsn)
        try:
            with conn:
                conn.cursor().execute("DELETE FROM jobs")
        finally:
            conn.close()
    ```

    ## Fix safety

    *Safe*: commit and rollback stay where they were, the connection is closed after them. *Unsafe* where a cursor
    or a lazy result of the connection is used after the block.

    ## Teach it your wrapper

    A driver of your own says what its `with` does; `entered = "releases"` is the default.

    ```toml
    [drivers.warehouse]
    libraries = ["warehouse"]

    [[drivers.warehouse.acquisitions]]
    calls = ["warehouse.connect"]
    releases = ["close"]
    entered = "transaction only"
    ```

    ```python
    import warehouse
    from contextlib import closing


    def add(name):
        with closing(warehouse.connect()) as conn, conn:
            conn.execute("INSERT INTO items VALUES (?)", (name,))
    ```
    """

    code = "LKN201"
    name = "with-does-not-close"

    def exits(self, leak: Leak) -> Iterable[Leaking]:
        if leak.released:
            return ()
        return [one for one in leak.exits if one.status.flaw == "with"]

    def message(self, leak: Leak, leaking: Leaking, words: Words) -> str:
        if leak.acquired.resource.entered != "transaction only":
            return f"`with` on this {words.noun} does not release it"
        return f"`with` on this {words.noun} ends its transaction and does not release it"
