# ruff: noqa
"""Releases that a block repeats, drops or replaces wrongly."""

import contextlib
import sqlite3

import mysql.connector
import mysql.connector.pooling
import psycopg
import psycopg2
import psycopg_pool
import pymysql
from psycopg2.pool import SimpleConnectionPool

pool = SimpleConnectionPool(1, 5, "dbname=shop")
my_pool = mysql.connector.pooling.MySQLConnectionPool(pool_size=3)


def psycopg_does_not_commit(dsn):
    # safe: closing() and not `with`, which would commit
    with contextlib.closing(psycopg.connect(dsn)) as conn:
        conn.execute("DELETE FROM t")


def pool_block_would_commit(pool: psycopg_pool.ConnectionPool):
    # safe: putconn() and not `pool.connection()`, which would commit
    conn = pool.getconn()
    try:
        conn.execute("DELETE FROM t")
    finally:
        pool.putconn(conn)


def sqlite_keeps_its_commit(path):
    # safe: the block that commits stays
    with contextlib.closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("DELETE FROM t")


def used_after_its_block(path):
    # refuse: `conn` is used outside the block in which it is acquired
    with sqlite3.connect(path) as conn:
        conn.execute("DELETE FROM t")
    return conn.total_changes


def double_close_of_a_slot():
    # safe: the close inside goes
    with my_pool.get_connection() as conn:
        conn.cursor().execute("SELECT 1")


def release_as_a_value(settings):
    # refuse: a release is part of a larger expression
    conn = pymysql.connect(**settings)
    conn.cursor().execute("SELECT 1")
    return conn.close()


def release_given_away(settings, stack):
    # refuse: may be released a second time
    conn = pymysql.connect(**settings)
    conn.cursor().execute("SELECT 1")
    close = conn.close
    close()


def release_by_a_helper(settings):
    # safe: the project's own helper is the release
    conn = pymysql.connect(**settings)
    try:
        conn.cursor().execute("SELECT 1")
    finally:
        shut(conn)


def shut(conn):
    conn.close()


def quiet_close(path):
    # safe: the errors of the close stay swallowed, or cannot come
    conn = sqlite3.connect(path)
    try:
        conn.execute("SELECT 1")
    finally:
        try:
            conn.close()
        except Exception:
            pass


def suppressed_close(path):
    # safe: likewise
    conn = sqlite3.connect(path)
    try:
        conn.execute("SELECT 1")
    finally:
        with contextlib.suppress(Exception):
            conn.close()


def release_is_watched(path, watch):
    # refuse: its release has a block of its own
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    with watch(path) as seen:
        conn.close()
    return seen


def release_is_handled(path, tell):
    # refuse: its release has a block of its own
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    try:
        conn.close()
    except sqlite3.Error as error:
        tell(error)


def with_effects(path, audit):
    # safe: a call beside the close stays
    with contextlib.closing(sqlite3.connect(path)) as conn:
        conn.execute("SELECT 1")
        audit(path)


def put_back_broken():
    # refuse: it is released in different ways
    conn = pool.getconn()
    try:
        conn.cursor().execute("SELECT 1")
    except psycopg2.Error:
        pool.putconn(conn, close=True)
        raise
    pool.putconn(conn)


def another_pool(other):
    # refuse: `pool` is bound again before the end of the block
    pool = SimpleConnectionPool(1, 5, "dbname=shop")
    conn = pool.getconn()
    pool = other
    conn.cursor().execute("SELECT 1")
    return pool


def no_name(path):
    # safe: the chain gets a name for its connection
    with contextlib.closing(sqlite3.connect(path)) as conn:
        return conn.execute("SELECT 1").fetchone()


def no_name_and_a_neighbour(path, load):
    # refuse: `load(path)` is evaluated before it
    return load(path), sqlite3.connect(path).execute("SELECT 1").fetchone()


def no_name_and_a_cursor(path):
    # refuse: is returned and still needs the connection
    return sqlite3.connect(path).execute("SELECT 1")


def maybe_evaluated(path):
    # refuse: it is not acquired on every way through the statement
    return path and sqlite3.connect(path).execute("SELECT 1").fetchone()


class Ledger:
    """Its `balance` closes, and is no release that anybody would write."""

    def __init__(self, path):
        self.conn = sqlite3.connect(path)

    def balance(self):
        total = self.conn.execute("SELECT sum(x) FROM t").fetchone()
        self.conn.close()
        return total

    def add(self, amount):
        self.conn.execute("INSERT INTO t VALUES (?)", (amount,))


def owes_an_object(path, amount):
    # refuse: nothing says how a Ledger object is released
    ledger = Ledger(path)
    ledger.add(amount)
    return amount


class Store:
    """An object that keeps its connection must keep it open."""

    def __init__(self, path):
        # safe: closed only where the constructor fails
        self.conn = sqlite3.connect(path)
        try:
            self.conn.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            self.conn.close()
            raise

    def close(self):
        self.conn.close()


def stored_then_returned(path, registry):
    # safe: closed only where it fails before it is kept
    conn = sqlite3.connect(path)
    try:
        conn.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        conn.close()
        raise
    registry[path] = conn
    registry["last"] = path
    return conn
