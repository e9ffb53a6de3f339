"""LKN301 field-never-released: kept on `self`, and no method of the class releases it."""

from __future__ import annotations

from leaklint.rules.base import Rule


class FieldNeverReleased(Rule):
    """A connection is kept on `self`, and no method of the class, nor any user of its objects, releases it.

    This rule is off by default: an object may live as long as the process, and then there is nothing to release.

    ## What it does

    It looks at every connection that a class stores in an attribute, and for a method, of the class or of one
    that inherits from it, which releases that attribute. Code that releases it from outside
    (`store.conn.close()`) counts, too.

    ## Why is this bad?

    Nobody who has such an object can ever close it. If objects are made for each request, each of them is a leak.

    ## The path

    ```text
    Cache()  acquires ──▶ self.conn ──▶ … ──▶ the object is dropped     conn is still open
    ```

    ## Example

    ```python
    import sqlite3


    class Cache:
        def __init__(self, path):
            self.conn = sqlite3.connect(path)

        def get(self, key):
            return self.conn.execute("SELECT value FROM cache WHERE key = ?", (key,)).fetchone()
    ```

    ## Use instead

    ```python
    import sqlite3


    class Cache:
        def __init__(self, path):
            self.conn = sqlite3.connect(path)

        def get(self, key):
            return self.conn.execute("SELECT value FROM cache WHERE key = ?", (key,)).fetchone()

        def close(self):
            self.conn.close()
    ```

    ## When it stays quiet

    A class that is lent its connection owes nothing:

    ```python
    class Cache:
        def __init__(self, conn):
            self.conn = conn

        def get(self, key):
            return self.conn.execute("SELECT value FROM cache WHERE key = ?", (key,)).fetchone()
    ```

    ## Fix safety

    There is no automatic fix: a class needs a `close` of its own, and its users have to call it.

    ## Teach it your wrapper

    A function that releases what it is given says so:

    ```python
    import native
    import psycopg2


    def shut(conn):  # leaklint: releases(conn)
        native.shut(conn)


    class Store:
        def __init__(self, dsn):
            self.conn = psycopg2.connect(dsn)

        def stop(self):
            shut(self.conn)
    ```
    """

    code = "LKN301"
    name = "field-never-released"
    default = False
