# ruff: noqa
"""Something that still needs the connection gets out of the block that would release it."""

import contextlib
import sqlite3

import psycopg2
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

engine = create_engine("postgresql:///shop")


def in_a_tuple(path):
    # refuse: the connection itself is returned
    conn = sqlite3.connect(path)
    count = conn.execute("SELECT 1").fetchone()
    if count is None:
        return None
    return conn, count


def cursor_returned(dsn):
    # refuse: `cur` is returned and still needs the connection
    conn = psycopg2.connect(dsn)
    cur = conn.cursor()
    cur.execute("SELECT 1")
    return cur


def cursor_in_a_dict(dsn):
    # refuse: is returned and still needs the connection
    conn = psycopg2.connect(dsn)
    cur = conn.cursor()
    return {"cursor": cur}


def lazy_generator(path):
    # refuse: is returned and still needs the connection
    conn = sqlite3.connect(path)
    rows = conn.execute("SELECT 1")
    return (row[0] for row in rows)


def lazy_map(path):
    # refuse: is returned and still needs the connection
    conn = sqlite3.connect(path)
    return map(str, conn.execute("SELECT 1"))


def bound_method(path):
    # refuse: is returned and still needs the connection
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    return conn.cursor().fetchall


def closure(path):
    # refuse: is returned and still needs the connection
    conn = sqlite3.connect(path)

    def rows():
        return conn.cursor().execute("SELECT 1")

    conn.execute("PRAGMA optimize")
    cursor = conn.cursor()
    return rows if cursor else cursor


def query_object(user):
    # refuse: is returned and still needs the connection
    session = Session(engine)
    return session.query(user).filter(user.name == "a")


def loaded_object(user):
    # unsafe: may still need the session
    with Session(engine) as session:
        return session.query(user).first()


def loaded_list(user):
    # unsafe: may still need the session
    with Session(engine) as session:
        found = session.query(user).all()
        return [one for one in found if one.name]


def added_object(user):
    # unsafe: may still need the session
    with Session(engine) as session:
        session.add(user)
        session.commit()
        return user


def counted(user):
    # safe: a number needs nothing
    with Session(engine) as session:
        return session.query(user).count()


def given_to_an_unknown(path, load):
    # unsafe: may still need the connection
    with contextlib.closing(sqlite3.connect(path)) as conn:
        conn.execute("SELECT 1")
        frame = load(conn)
        return frame


def materialised(path):
    # safe: lists of rows need nothing
    with contextlib.closing(sqlite3.connect(path)) as conn:
        rows = list(conn.execute("SELECT 1"))
    return [row[0] for row in rows]


def result_rows():
    # safe: `fetchall` reads everything
    with engine.connect() as conn:
        result = conn.execute(select(1))
        return result.fetchall()


def result_kept(cache):
    # refuse: is kept and still needs the connection
    conn = engine.connect()
    result = conn.execute(select(1))
    cache.rows = result


def result_appended(results):
    # refuse: is kept and still needs the connection
    conn = engine.connect()
    results.append(conn.execute(select(1)))


def extended_local(path):
    # refuse: is returned and still needs the connection
    conn = sqlite3.connect(path)
    found = []
    found.append(conn.execute("SELECT 1"))
    return found


def memory():
    # unsafe: an in-memory database ends with its connection
    with contextlib.closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("CREATE TABLE t (x)")


def yielded_rows(path):
    # safe: the block stays open while the generator does
    with contextlib.closing(sqlite3.connect(path)) as conn:
        for row in conn.execute("SELECT 1"):
            yield row


def wrapped(dsn, wrap):
    # safe: what is wrapped and returned is closed only where wrapping fails
    conn = psycopg2.connect(dsn)
    try:
        conn.set_client_encoding("UTF8")
    except BaseException:
        conn.close()
        raise
    return Wrapper(conn)


def wrapped_behind_a_try(dsn, tell):
    # safe: the handler leaves, so that behind the `try` the connection is there
    try:
        conn = psycopg2.connect(dsn)
    except psycopg2.OperationalError as error:
        raise RuntimeError("no database") from error
    try:
        tell(dsn)
    except BaseException:
        conn.close()
        raise
    return Wrapper(conn)


def wrapped_or_closed(dsn, old):
    # safe: closed only where an exception keeps it from being wrapped
    conn = psycopg2.connect(dsn)
    try:
        if conn.server_version < old:
            conn.close()
            return None
        conn.cursor().execute("SELECT 1")
    except BaseException:
        conn.close()
        raise
    return Wrapper(conn)


def kept_by_a_service(user, context, keep):
    # refuse: is kept and may hold the session
    session = Session(engine)
    session.add(user)
    context.service = keep(Service(session))


def built_into_the_result(user):
    # refuse: is returned and may hold the session
    session = Session(engine)
    service = Service(session)
    session.add(user)
    return {"service": service}


class Service:
    """Uses a session, and nobody sees for how long."""

    def __init__(self, session):
        self.name = session.info


class Wrapper:
    """Keeps what it is given."""

    def __init__(self, conn):
        self.conn = conn

    def close(self):
        self.conn.close()
