# ruff: noqa
"""Names that the obvious rewrite would give another meaning."""

import sqlite3


def contextlib_means_something_else(path, contextlib):
    # safe: `finally` needs no import
    conn = sqlite3.connect(path)
    conn.execute(contextlib)
    conn.close()


def no_room_for_the_import(path):
    # refuse: `contextlib` means something else in this file
    return sqlite3.connect(path).execute("SELECT 1").fetchone()


def no_room_in_a_block(path):
    # refuse: `contextlib` means something else in this file
    with sqlite3.connect(path) as conn:
        conn.execute("DELETE FROM t")
