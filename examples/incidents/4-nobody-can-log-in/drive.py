"""Log in, rename, and mistype the address now and then."""

from driving import drive
from logins import db, start
from psycopg2 import DataError


def log_in(numbers):
    for number in numbers:
        assert start("ada@example.org", "correct")
        if number % 3 == 0:
            assert not start(f"ada@example.com{number}", "correct")
        if number % 4 == 0:
            try:
                db.rename(1, "a name that is too long for the table")
            except DataError:
                pass  # the page says so
    assert db.count() == 1


drive(log_in, in_use=lambda: len(db.pool._used))
