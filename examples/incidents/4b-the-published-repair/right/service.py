"""User accounts behind a pool, whose connections are checked before they are used."""

import logging

import psycopg2
from psycopg2.pool import ThreadedConnectionPool

logger = logging.getLogger(__name__)


class UserService:
    def __init__(self, dsn):
        self.pool = ThreadedConnectionPool(1, 5, dsn)

    def _conn(self):
        conn = self.pool.getconn()
        try:
            conn.cursor().execute("SELECT 1")
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            self.pool.putconn(conn, close=True)
            logger.warning("the connection was dead, taking another one")
            return self.pool.getconn()
        except BaseException:
            self.pool.putconn(conn)
            raise
        return conn

    def _return(self, conn):
        self.pool.putconn(conn)

    def count(self):
        conn = self._conn()
        try:
            cur = conn.cursor()
            cur.execute("SELECT count(*) FROM users")
            return cur.fetchone()[0]
        finally:
            self._return(conn)
