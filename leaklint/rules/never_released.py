"""LKN101 never-released: No path releases it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leaklint.rules.base import Rule

if TYPE_CHECKING:
    from leaklint.flow.leaks import Leak, Leaking
    from leaklint.rules.wording import Words


class NeverReleased(Rule):
    """A connection or session is acquired, and no path through its owner releases it.

    ## What it does

    It follows the acquired object from the acquiring call to every exit of the function. This rule speaks when
    not one of those paths calls what releases it, leaves a `with` that does, or hands it to somebody else.

    ## Why is this bad?

    Each call costs one connection. A pool hands them out until it is empty, and then everybody waits; a server
    refuses new clients at its limit. Garbage collection is no release: it may come late, a pool does not get its
    slot back from it, and a traceback or a reference cycle keeps the object alive.

    `commit()`, `rollback()`, closing a cursor and `del` release nothing.

    ## The path

    ```text
    overdue()  acquires ──▶ execute ──▶ fetchall ──▶ return     conn is still open
                               └─ raises ──────────▶ leaves     conn is still open
    ```

    ## Example

    ```python
    import sqlite3


    def overdue(path):
        conn = sqlite3.connect(path)
        return conn.execute("SELECT book FROM loans WHERE due < date('now')").fetchall()
    ```

    ## Use instead

    ```python
    import sqlite3
    from contextlib import closing


    def overdue(path):
        with closing(sqlite3.connect(path)) as conn:
            return conn.execute("SELECT book FROM loans WHERE due < date('now')").fetchall()
    ```

    ## When it stays quiet

    Whoever gets the connection owes it. The finding then stands with the callers of such a function.

    ```python
    import sqlite3


    def opened(path):
        conn = sqlite3.connect(path)
        conn.row_factory = sqlite3.Row
        return conn
    ```

    So it does where the connection is kept on `self`, put into something older than the call, or given to a
    function that releases or keeps it. Where only unknown code could have taken it, the finding has low
    confidence and is not shown by default.

    ## Fix safety

    The fix puts the rest of the function into a `with` or `try`/`finally`. It is *unsafe*, because a release is
    new on the normal path: a cursor, a lazy result or an object loaded through the connection may be used later
    than it.

    ## Teach it your wrapper

    A function whose body does not show that its caller owes something says so on its `def` line, and so does the
    one that releases. `[tool.leaklint.functions]` says the same of code that is not yours.

    ```python
    import native


    def checkout(name):  # leaklint: returns-owned
        return native.take(name)


    def checkin(conn):  # leaklint: releases(conn)
        native.give(conn)


    def count(name):
        conn = checkout(name)
        try:
            return conn.execute("SELECT count(*) FROM jobs")
        finally:
            checkin(conn)
    ```
    """

    code = "LKN101"
    name = "never-released"

    def exits(self, leak: Leak) -> Iterable[Leaking]:
        return () if leak.settled or leak.released else leak.exits

    def message(self, leak: Leak, leaking: Leaking, words: Words) -> str:
        return f"{words.what} is never released"
