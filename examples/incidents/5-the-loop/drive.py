"""Run the load test."""

from driving import drive
from load import load, pool

drive(load, in_use=lambda: len(pool._used))
