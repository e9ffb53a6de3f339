"""One connection for each request, from a pool of five."""

from contextlib import contextmanager

from psycopg2.pool import ThreadedConnectionPool


class Connector:
    """Runs queries on a connection that somebody else gives back."""

    _pool = None

    def __init__(self, conn):
        self._conn = conn

    @classmethod
    def initialize(cls, dsn):
        cls._pool = ThreadedConnectionPool(1, 5, dsn)

    @classmethod
    @contextmanager
    def connected(cls):
        conn = cls._pool.getconn()
        try:
            conn.autocommit = True
            yield cls(conn)
        finally:
            cls._pool.putconn(conn)

    def fetch(self, query):
        with self._conn.cursor() as cur:
            cur.execute(query)
            return cur.fetchall()
