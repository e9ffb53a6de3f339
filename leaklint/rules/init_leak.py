"""LKN302 init-leak: A constructor or __enter__ raises after acquiring: nobody will hold, or leave, the object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leaklint.rules.base import Rule

if TYPE_CHECKING:
    from leaklint.flow.leaks import Leak, Leaking
    from leaklint.rules.wording import Words


class InitLeak(Rule):
    """A constructor or `__enter__` raises after it has acquired a connection, and nobody will hold the object.

    ## What it does

    It asks of every call after the acquisition in `__init__`, `__new__`, `__post_init__`, `__enter__` and
    `__aenter__`: if this raises, is the connection released before the exception leaves?

    ## Why is this bad?

    When a constructor raises, its caller gets no object. When `__enter__` raises, `__exit__` is not called. There
    may be a perfect `close` or `__exit__`, but there is nothing to call it on.

    ## The path

    ```text
    Store()  acquires ──▶ self.conn ──▶ execute ─ raises ─▶ leaves     no Store, and conn is still open
    ```

    ## Example

    ```python
    import sqlite3


    class Store:
        def __init__(self, path):
            self.conn = sqlite3.connect(path)
            self.conn.execute("PRAGMA foreign_keys = ON")

        def close(self):
            self.conn.close()
    ```

    ## Use instead

    ```python
    import sqlite3


    class Store:
        def __init__(self, path):
            self.conn = sqlite3.connect(path)
            try:
                self.conn.execute("PRAGMA foreign_keys = ON")
            except BaseException:
                self.conn.close()
                raise

        def close(self):
            self.conn.close()
    ```

    ## When it stays quiet

    Where acquiring is the last thing that can fail:

    ```python
    import sqlite3


    class Store:
        def __init__(self, settings):
            path = settings["path"]
            self.conn = sqlite3.connect(path)
            self.conn.row_factory = sqlite3.Row

        def close(self):
            self.conn.close()
    ```

    ## Fix safety

    *Safe*: the fix adds `except BaseException: release; raise`, and the normal path stays as it is.

    ## Teach it your wrapper

    A driver of your own makes its connections known in constructors, too:

    ```toml
    [drivers.warehouse]
    libraries = ["warehouse"]

    [[drivers.warehouse.acquisitions]]
    calls = ["warehouse.connect"]
    releases = ["hang_up"]
    ```

    ```python
    import warehouse


    class Store:
        def __init__(self, name):
            self.conn = warehouse.connect(name)
            try:
                self.conn.execute("SET SCHEMA stock")
            except BaseException:
                self.conn.hang_up()
                raise

        def close(self):
            self.conn.hang_up()
    ```
    """

    code = "LKN302"
    name = "init-leak"

    def exits(self, leak: Leak) -> Iterable[Leaking]:
        return [one for one in leak.exits if one.building and leak.keeps]

    def message(self, leak: Leak, leaking: Leaking, words: Words) -> str:
        return f"{words.what} is lost if {words.happening(leaking)}: nobody holds the object yet"
