"""Ask for the orders of one customer again and again."""

from driving import drive
from orders import orders_of
from pool import pool


def report(numbers):
    for _ in numbers:
        assert orders_of("ada") == [(1,), (2,)]


drive(report, in_use=pool.in_use)
