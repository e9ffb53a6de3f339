# ruff: noqa
"""The connection comes from one of several branches, or perhaps not at all."""

import contextlib
import sqlite3

import psycopg2
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

engine = create_engine("postgresql:///shop")


def two_ways_to_connect(settings, dsn):
    # safe: `finally` stands behind both
    conn = None
    try:
        if settings:
            conn = psycopg2.connect(**settings)
        else:
            conn = psycopg2.connect(dsn)
        conn.cursor().execute("DELETE FROM carts")
        conn.commit()
    finally:
        if conn is not None:
            conn.close()


def connects_again(dsn, query):
    # refuse: it would still leak
    conn = None
    try:
        conn = psycopg2.connect(dsn)
        return run(conn, query)
    except psycopg2.InterfaceError:
        if conn:
            conn.close()
        with contextlib.closing(psycopg2.connect(dsn)) as conn:
            return run(conn, query)


def run(conn, query):
    cursor = conn.cursor()
    cursor.execute(query)
    return cursor.fetchall()


def opened_or_told(dsn, tell):
    # safe: an exception behind the `try` is the factory's own
    try:
        conn = psycopg2.connect(dsn)
    except psycopg2.OperationalError as error:
        raise LookupError(dsn) from error
    try:
        cursor = conn.cursor()
        cursor.execute("SET search_path TO shop")
    except BaseException:
        conn.close()
        raise
    return conn, cursor


def opened_or_not(dsn):
    # refuse: the connection itself is returned
    try:
        conn = psycopg2.connect(dsn)
    except psycopg2.OperationalError:
        conn = None
    cursor = conn.cursor()
    cursor.execute("SET search_path TO shop")
    return conn, cursor


def reachable(tell):
    # safe: it is released where it is made
    engine.connect().close()
    tell("the database is there")


def perhaps(path):
    if not path:
        return None
    return sqlite3.connect(path)


def counted(path, tell):
    # safe: nothing is closed where nothing was opened
    conn = perhaps(path)
    try:
        if conn is None:
            return 0
        tell(conn.execute("SELECT count(*) FROM files").fetchone())
    finally:
        if conn is not None:
            conn.close()
    return 1


def helper_closes_another(path, other, stack):
    # refuse: the connection itself is returned
    conn = sqlite3.connect(path)
    shut(other)
    conn.execute("VACUUM")
    if stack:
        return conn
    return None


def shut(conn):
    conn.close()


def open_queue(path, memory):
    # safe: one handler behind all branches
    if memory:
        conn = sqlite3.connect(":memory:")
    elif not path:
        raise ValueError(path)
    else:
        conn = sqlite3.connect(path)
    try:
        conn.execute("PRAGMA journal_mode = WAL")
    except BaseException:
        conn.close()
        raise
    return conn


def open_or_borrow(path, given):
    # refuse: `conn` is bound to other things as well
    if given is None:
        conn = sqlite3.connect(path)
    else:
        conn = given
    conn.execute("PRAGMA journal_mode = WAL")
    return conn


def out_of_a_registry(names):
    # safe: a session has no `remove()`
    session = scoped_session(sessionmaker(bind=engine))()
    try:
        for name in names:
            session.execute(text("DELETE FROM carts WHERE name = :name"), {"name": name})
        session.commit()
    finally:
        session.close()


def disposed_after(url, table):
    # refuse: `own.dispose()` would come before its release
    try:
        own = create_engine(url)
        conn = own.connect()
    except Exception:
        return -1
    name = table.split(".")[-1]
    try:
        number = conn.execute(text("SELECT count(*) FROM " + name)).scalar()
    finally:
        conn.close()
        own.dispose()
    return number


def file_removed_after(path, remove):
    # refuse: `path.unlink()` would come before its release
    conn = sqlite3.connect(path)
    size = conn.execute("SELECT count(*) FROM files").fetchone()[0]
    if not size:
        conn.close()
        path.unlink()
        return 0
    conn.close()
    return size
