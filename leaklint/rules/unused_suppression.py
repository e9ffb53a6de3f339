"""LKN901 unused-suppression: a `# noqa` comment that silences nothing."""

from __future__ import annotations

from leaklint.rules.base import Rule


class UnusedSuppression(Rule):
    """A `# noqa` comment names a rule of leaklint, and nothing on its line is reported by that rule.

    ## What it does

    It compares each code in a `# noqa: LKN…` comment with what was found where it stands. Codes of other tools
    and comments without codes are left alone, and so are codes of rules that are switched off here.

    ## Why is this bad?

    The comment says that somebody knows of a leak and accepts it. If there is none, it misleads, and it will
    silence the next one in that line.

    ## The path

    There is none: the rule speaks of a comment.

    ## Example

    ```python
    import sqlite3
    from contextlib import closing


    def count(path):
        with closing(sqlite3.connect(path)) as conn:  # noqa: LKN102 - the script ends soon
            return conn.execute("SELECT count(*) FROM items").fetchone()
    ```

    ## Use instead

    ```python
    import sqlite3
    from contextlib import closing


    def count(path):
        with closing(sqlite3.connect(path)) as conn:
            return conn.execute("SELECT count(*) FROM items").fetchone()
    ```

    ## When it stays quiet

    A comment that is needed stands on the first line of the acquiring call, and may end in a reason:

    ```python
    import sqlite3


    def forever(path):
        conn = sqlite3.connect(path)  # noqa: LKN101 - open until the process ends
        conn.execute("PRAGMA journal_mode = WAL")
    ```

    ## Fix safety

    There is no automatic fix: delete the code, or the comment.

    ## Teach it your wrapper

    There is nothing to teach. In flake8 this rule does not speak, since flake8 heeds the comments itself;
    flake8-noqa reports those that are not needed.
    """

    code = "LKN901"
    name = "unused-suppression"
