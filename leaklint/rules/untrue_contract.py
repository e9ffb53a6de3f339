"""LKN303 untrue-contract: a function says that its caller owes what it returns, and its body shows otherwise."""

from __future__ import annotations

from leaklint.rules.base import Rule


class UntrueContract(Rule):
    """A function says that its caller owes what it returns, and returns nothing, or what stays with somebody else.

    ## What it does

    It holds `# leaklint: returns-owned`, or `returns = "owned"` in the settings, against the body where that is
    visible: a function that returns only constants, or a field or global that still holds the connection afterwards,
    makes nobody owe a release. What a function says that it releases, keeps or lends is held against its body too,
    and reported as the leak that it is.

    ## Why is this bad?

    Whoever trusts the contract closes a connection that others go on to use, and the next caller gets it closed.
    leaklint trusts it too: it reports callers that rightly leave the connection alone.

    ## The path

    The function's name is where the contract stands, and the last step is the `return` that does otherwise.

    ## Example

    ```python
    import psycopg2


    class Database:
        def __init__(self, dsn):
            self.dsn = dsn
            self._conn = None

        def connection(self):  # leaklint: returns-owned
            if self._conn is None:
                self._conn = psycopg2.connect(self.dsn)
            return self._conn

        def close(self):
            if self._conn is not None:
                self._conn.close()
    ```

    ## Use instead

    ```python
    import psycopg2


    class Database:
        def __init__(self, dsn):
            self.dsn = dsn
            self._conn = None

        def connection(self):  # leaklint: lends
            if self._conn is None:
                self._conn = psycopg2.connect(self.dsn)
            return self._conn

        def close(self):
            if self._conn is not None:
                self._conn.close()
    ```

    ## When it stays quiet

    The object gives up what it held, or the body does not show where the connection comes from:

    ```python
    import native


    class Spare:
        def __init__(self, name):
            self.name = name
            self.idle = None

        def checkout(self):  # leaklint: returns-owned
            if self.idle is None:
                return native.take(self.name)
            conn = self.idle
            self.idle = None
            return conn
    ```

    ## Fix safety

    There is no automatic fix: either the contract or the body is wrong.

    ## Teach it your wrapper

    The contract is what was taught. Say `lends` where the connection stays with its object, or nothing at all: what
    a visible body does is found without being told.
    """

    code = "LKN303"
    name = "untrue-contract"
