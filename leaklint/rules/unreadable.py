"""LKN902 unreadable: a file that cannot be read or parsed."""

from __future__ import annotations

from leaklint.rules.base import Rule


class Unreadable(Rule):
    """A file cannot be read or parsed, so that nothing in it was checked.

    ## What it does

    It reports a file without permission to read it, a file that is not text, and one that is not Python 3 of any
    version that leaklint knows. All other files are checked nevertheless.

    ## Why is this bad?

    A file that nobody looked at has no findings, and that must not look like a file without leaks. A
    configuration does not switch this rule off by selecting others; only `ignore` and `per-file-ignores` do.

    ## The path

    There is none: the rule speaks of a file.

    ## Example

    ```python
    import sqlite3
    from contextlib import closing


    def show(path):
        with closing(sqlite3.connect(path)) as conn:
            print conn.execute("SELECT count(*) FROM items").fetchone()
    ```

    ## Use instead

    ```python
    import sqlite3
    from contextlib import closing


    def show(path):
        with closing(sqlite3.connect(path)) as conn:
            print(conn.execute("SELECT count(*) FROM items").fetchone())
    ```

    ## When it stays quiet

    A file in newer Python than the one that runs leaklint is read all the same:

    ```python
    def first[T](rows: list[T]) -> T:
        return rows[0]
    ```

    ## Fix safety

    There is no automatic fix.

    ## Teach it your wrapper

    Templates and other files that only look like Python are best left out:

    ```toml
    extend-exclude = ["templates/"]
    ```
    """

    code = "LKN902"
    name = "unreadable"
