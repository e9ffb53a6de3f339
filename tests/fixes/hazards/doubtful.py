# ruff: noqa
# fmt: off
"""Code that can be understood, and still not be rewritten by rule."""

import sqlite3

import asyncpg
from psycopg2.pool import ThreadedConnectionPool


class Store:
    def __init__(self, path):
        self.conn = sqlite3.connect(path)

    def fill(self):
        self.conn.execute("INSERT INTO rows VALUES (1)")

    def stop(self):
        self.conn.close()


def stopped(path):
    # safe: an object without `close` is released in `finally`
    store = Store(path)
    store.fill()
    store.stop()


async def opened(dsn):
    return await asyncpg.connect(dsn)


async def awaited_wrapper(dsn):
    # safe: what a coroutine opens is closed in `finally`
    conn = await opened(dsn)
    await conn.execute("SELECT 1")
    await conn.close()


def perhaps(path):
    if path:
        return sqlite3.connect(path)
    return None


def perhaps_entered(path):
    # refuse: the call may return None
    with perhaps(path) as conn:
        conn.execute("SELECT 1")


def perhaps_hidden(path):
    # refuse: the call may return None
    rows = list(perhaps(path).execute("SELECT 1"))
    return rows


def perhaps_dropped(path):
    # refuse: the call may return None
    perhaps(path)


def perhaps_closed(path):
    # safe: `finally` asks whether there is one
    conn = perhaps(path)
    print(path, file=open(path))
    if conn is not None:
        conn.close()


def over_several_lines(dsn):
    # refuse: its release stretches over several lines
    pool = ThreadedConnectionPool(1, 2, dsn)
    conn = pool.getconn()
    conn.cursor()
    pool.putconn(
        conn, close=False
    )


def swallowed_with_a_remark(path):
    # refuse: its release stretches over several lines
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    try:
        conn.close()
    except Exception:  # it may be gone
        pass


def on_a_line_of_its_own_try(path):
    # refuse: the `try` and its body share a line
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    try: conn.execute("SELECT 2")
    finally: conn.close()


def a_remark_in_what_would_go(path):
    # refuse: there are comments in the suite that would be left empty
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    try:
        conn.execute("SELECT 2")
    finally:
        # at last
        conn.close()


def never_in_a_comprehension(paths):
    # refuse: the statement in which it is acquired is no simple one
    if [sqlite3.connect(path).execute("SELECT 1") for path in paths]:
        print(paths)


def taken_names(path, conn, connection, own_conn, new_conn):
    # refuse: no simple name is free for it
    return list(sqlite3.connect(path).execute("SELECT 1"))


def several_lines_with_a_remark(path):
    # refuse: the acquisition stretches over several lines
    return list(sqlite3.connect(
        path,  # on disk
        timeout=3,
    ).execute("SELECT 1"))


def behind_another_manager(path, lock):
    # refuse: the block enters other things first
    with lock, open(sqlite3.connect(path).execute("SELECT 1").fetchone()[0]) as file:
        print(file)


def bound_twice(path):
    # refuse: it is bound to several names at once
    conn = other = sqlite3.connect(path)
    conn.execute("SELECT 1")
    conn.close()
    return other


def shares_the_last_line(path, tell):
    # refuse: statements share a line at the end of the block
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    conn.close(); tell()


def closed_within_a_larger_statement(dsn):
    # refuse: it is closed within a larger statement
    pool = ThreadedConnectionPool(1, 2, dsn)
    conn = pool.getconn()
    print(conn.close())


class WithAFunction:
    def __init__(self, path):
        # safe: a function that is only defined needs no handler
        self.conn = sqlite3.connect(path)
        self.conn.execute("SELECT 1")

        def again():
            return path

        self.again = again

    def close(self):
        self.conn.close()


def lines_of_several(path, rows):
    # safe: further lines of the acquisition move along
    conn = sqlite3.connect(path,
                           timeout=3,
                           check_same_thread=False)
    conn.executemany("INSERT INTO t VALUES (?)", rows)
    conn.close()


def lines_of_several_from_the_left(path, rows):
    # safe: a longer name, and lines that move back
    the_one_connection_to_all_of_our_rows = sqlite3.connect(path,
                                                            timeout=3)
    the_one_connection_to_all_of_our_rows.executemany("INSERT INTO t VALUES (?)", rows)
    the_one_connection_to_all_of_our_rows.close()


def given_or_none_before(path, own):
    # safe: the name is None before
    conn = None
    if own:
        conn = sqlite3.connect(path)
        conn.execute("SELECT 1")
    print(open(path))
    if conn is not None:
        conn.close()


def given_in_a_branch(path, own):
    # safe: the name is None before, further up
    conn = None
    if path:
        print(path)
        if own:
            conn = sqlite3.connect(path)
        open(path)
        if conn is not None:
            conn.close()


def in_a_handler(path, own):
    # safe: acquired in a handler, released below
    conn = None
    try:
        open(path)
    except OSError:
        if own:
            conn = sqlite3.connect(path)
        open(path)
        if conn is not None:
            conn.close()


def asks_whether_it_is_closed(path):
    # safe: its own state is asked
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    if conn.closed == 0:
        conn.close()


def asks_whether_it_is_open(path):
    # safe: its own state is asked
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    if conn is not None and conn.is_open():
        conn.close()


def mixed(path):
    # safe: comments behind the semicolon stay
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1"); conn.close()  # shut


def last_of_several(path, tell):
    # safe: the first of a line goes
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    if path:
        conn.close(); tell()
        return
    conn.close()
