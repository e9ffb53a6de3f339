"""One connection for each request, from a pool of five."""

import logging

import psycopg2
from psycopg2.pool import ThreadedConnectionPool

logger = logging.getLogger(__name__)


class Connector:
    _pool = None

    def __init__(self):
        self._conn = None

    @classmethod
    def initialize(cls, dsn):
        cls._pool = ThreadedConnectionPool(1, 5, dsn)

    def connect(self):
        if not self._conn or self._conn.closed:
            try:
                self._conn = Connector._pool.getconn()
                self._conn.autocommit = True
            except psycopg2.Error as error:
                logger.error("no connection: %s", error)
                raise RuntimeError("no connection") from error

    def fetch(self, query):
        self.connect()
        with self._conn.cursor() as cur:
            cur.execute(query)
            return cur.fetchall()

    def return_to_pool(self):
        if self._conn and not self._conn.closed:
            try:
                if not self._conn.autocommit:
                    self._conn.rollback()
            except:
                pass
            Connector._pool.putconn(self._conn)
            self._conn = None
