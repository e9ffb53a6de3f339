"""The published repair of "nobody can log in": connections are checked before they are used."""

import logging

import psycopg2
from psycopg2.pool import PoolError, ThreadedConnectionPool

logger = logging.getLogger(__name__)


class UserService:
    def __init__(self, dsn):
        self.pool = ThreadedConnectionPool(1, 5, dsn)

    def _conn(self):
        try:
            conn = self.pool.getconn()
            try:
                conn.cursor().execute("SELECT 1")
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                logger.warning("the connection is dead, taking another one")
                conn.close()
                conn = self.pool.getconn()
            return conn
        except PoolError:
            logger.error("the pool is full")
            raise

    def _return(self, conn):
        if not conn.closed:
            self.pool.putconn(conn)

    def count(self):
        conn = self._conn()
        try:
            cur = conn.cursor()
            cur.execute("SELECT count(*) FROM users")
            return cur.fetchone()[0]
        finally:
            self._return(conn)
