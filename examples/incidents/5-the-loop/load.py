"""A load test that takes a new connection each turn."""

import os

from psycopg2.pool import SimpleConnectionPool

pool = SimpleConnectionPool(1, 5, os.environ["DATABASE_URL"])


def load(numbers):
    for number in numbers:
        conn = pool.getconn()
        cur = conn.cursor()
        cur.execute("SELECT %s", (number,))
        assert cur.fetchone() == (number,)
