"""Count the users, while the database ends all connections now and then, as it does when it is restarted."""

import os
from contextlib import closing

import psycopg2
from driving import drive
from service import UserService

URL = os.environ["DATABASE_URL"]
OTHERS = "datname = current_database() AND pid <> pg_backend_pid()"

db = UserService(URL)


def count(numbers):
    for number in numbers:
        if number % 3 == 0:
            end_connections()
        assert db.count() == 1


def end_connections():
    with closing(psycopg2.connect(URL)) as conn:
        conn.cursor().execute(f"SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE {OTHERS}")


drive(count, in_use=lambda: len(db.pool._used))
