"""A pool behind names that say what they do."""

import os

from psycopg2.pool import ThreadedConnectionPool


class Pool:
    def __init__(self, dsn, size):
        self._slots = ThreadedConnectionPool(1, size, dsn)

    def get_connection(self):
        return self._slots.getconn()

    def return_connection(self, conn):
        self._slots.putconn(conn)

    def in_use(self):
        return len(self._slots._used)


pool = Pool(os.environ["DATABASE_URL"], size=5)
