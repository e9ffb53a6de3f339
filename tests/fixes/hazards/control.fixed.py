# ruff: noqa
"""Places in the flow where a block in the obvious place would be wrong."""

import contextlib
import sqlite3
import time

import psycopg2


def used_after_the_handler(dsn, log):
    # safe: the block would end before the rollback in the handler, so `finally` holds both
    conn = None
    try:
        conn = psycopg2.connect(dsn)
        conn.cursor().execute("SELECT 1")
        conn.commit()
    except psycopg2.Error:
        log(1)
        if conn:
            conn.rollback()
            raise
    finally:
        if conn is not None:
            conn.close()


def used_after_the_loop(paths):
    # refuse: it is acquired in a loop and used outside it
    for path in paths:
        conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    conn.close()


def rebound(old, new):
    # refuse: `conn` is bound again before the end of the block
    conn = psycopg2.connect(old)
    conn.cursor().execute("SELECT 1")
    conn = psycopg2.connect(new)
    conn.close()


def rebound_by_a_loop(path, others):
    # refuse: `conn` is bound again before the end of the block
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    for conn in others:
        conn.close()


def retried(dsn):
    # refuse: `conn` is bound again before the end of the block
    conn = psycopg2.connect(dsn)
    while conn.closed:
        time.sleep(1)
        conn = psycopg2.connect(dsn)
    conn.cursor().execute("SELECT 1")
    conn.close()


def given_or_own(conn=None):
    # refuse: `conn` may be the caller's
    if conn is None:
        conn = sqlite3.connect("own.db")
    return conn.execute("SELECT 1").fetchone()


def own_flag(conn=None):
    # refuse: `conn` is bound to other things as well
    own = False
    if conn is None:
        conn = sqlite3.connect("own.db")
        own = True
    else:
        conn = conn.checked()
    conn.execute("SELECT 1")
    if own:
        conn.close()


def either(path):
    # refuse: it is not acquired on every way through the statement
    conn = path and sqlite3.connect(path)
    conn.execute("SELECT 1")


def only_if_asked(path, close):
    # refuse: it is released only under the condition `close`
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    if close:
        conn.close()


def sees_locals(path, template):
    # safe: the connection is closed where it was
    with contextlib.closing(sqlite3.connect(path)) as conn:
        conn.execute("SELECT 1")
        text = template.format(**locals())
    return text


def sees_locals_and_forgets(path, page):
    # refuse: `locals()` sees every name of the function
    conn = sqlite3.connect(path)
    title = conn.execute("SELECT title FROM pages").fetchone()
    return page.rendered(**locals())


def executes(path, code):
    # refuse: `exec()` sees every name of the function
    conn = sqlite3.connect(path)
    exec(code)
    conn.close()


def early_returns(path, known):
    # safe: one block for several releases
    with contextlib.closing(sqlite3.connect(path)) as conn:
        if not known:
            return None
        rows = conn.execute("SELECT 1").fetchall()
        if not rows:
            return []
    return rows


def inside_a_loop(paths):
    # safe: a block for each turn
    total = 0
    for path in paths:
        with contextlib.closing(sqlite3.connect(path)) as conn:
            total += conn.execute("SELECT 1").fetchone()[0]
    return total


def in_a_branch(path, wanted):
    # safe: the block stands in the branch
    if wanted:
        with contextlib.closing(sqlite3.connect(path)) as conn:
            conn.execute("SELECT 1")
    return wanted


def two_of_them(left, right):
    # safe: one block inside the other
    with contextlib.closing(psycopg2.connect(left)) as source:
        with contextlib.closing(psycopg2.connect(right)) as target:
            target.cursor().copy_from(source.cursor(), "t")


def match_arms(path, command):
    # safe: arms left without a statement get `pass`
    with contextlib.closing(sqlite3.connect(path)) as conn:
        match command:
            case "stop":
                pass
            case _:
                conn.execute(command)
