"""The search of the bytes: what counts as a use of a name."""

import pytest

from leaklint.search import Search

USED = [
    b"connect()",
    b"conn = psycopg.connect \\\n  (dsn)",
    b"factory = connect\n",
    b"return  pool.connect",
    b"run(pool.connect, 1)",
    b"from db import connect as opened",
    b"Base[connect]",
    b"list[int] = [\n    connect]",
    b"reconnect(); x = connect",
]
UNUSED = [
    b"",
    b"from db import connect\n",
    b"reconnect()",
    b"x = connected",
    b"connection()",
    b"We connect, then leave.",
    b"unreturn connect",
    b"returnconnect",
]


@pytest.mark.parametrize("text", USED)
def test_a_name_that_is_called_or_handed_on_is_found(text):
    assert Search({"connect", "raw_connection"}).finds(text)


@pytest.mark.parametrize("text", UNUSED)
def test_a_name_in_prose_or_a_bare_import_is_not(text):
    assert not Search({"connect", "raw_connection"}).finds(text)


def test_a_name_inside_another_that_is_looked_for_is_found_by_itself():
    assert Search({"connect", "connection"}).finds(b"connection()")
    assert not Search({"connection"}).finds(b"connect()")
