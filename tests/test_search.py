"""The search of the bytes: what counts as a use of a name."""

import pytest

from leaklint.config import Settings
from leaklint.glance import catalog_of
from leaklint.growth import search_for
from leaklint.search import NOTHING, Seen, Start

CATALOG = catalog_of(Settings())

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
    b"from db import pool\nrun(pool, connect)",
    b"class Pool(db.connect):",
    b"def connect(self): return super().connect()",
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
    b"def connect(self):",
    b"class connect(Base):",
    b"def use(pool: connect) -> connect | None:",
    b"import pools\nfrom db import pool, connect\n",
    b"from db import (\n    pool,  # and then (\n    connect,\n)\n",
    b"from db import pool, \\\n    connect\n",
]


def seen(names, text):
    return search_for(names, CATALOG).look(text)


@pytest.mark.parametrize("text", USED)
def test_a_name_that_is_called_or_handed_on_is_found(text):
    assert seen({"connect", "raw_connection"}, text).wanted


@pytest.mark.parametrize("text", UNUSED)
def test_a_name_in_prose_or_a_bare_import_is_not(text):
    assert not seen({"connect", "raw_connection"}, text).wanted


def test_a_name_inside_another_that_is_looked_for_is_found_by_itself():
    assert seen({"connect", "connection"}, b"connection()").wanted
    assert not seen({"connection"}, b"connect()").wanted


@pytest.mark.parametrize("text", [b"class A:\n    def lease(self):", b"class A:\n\tasync def lease (self):"])
def test_a_method_of_the_name_is_told_though_nobody_uses_it(text):
    assert seen({"lease", "leases"}, text) == Seen(methods=("lease",))


@pytest.mark.parametrize("text", [b"def lease():", b"async def lease():", b"class A:\n    def leases(self):"])
def test_any_other_definition_is_not(text):
    assert seen({"lease"}, text) == NOTHING


def test_a_method_with_the_name_of_a_convention_must_be_read():
    assert seen({"get_conn"}, b"class A:\n    def get_conn(self):").wanted


def test_an_annotation_tells_where_what_it_names_is_called():
    assert seen({"sessionmaker"}, b"def run(make: orm.sessionmaker): make()").wanted
    assert not seen({"Session"}, b"def run(session: orm.Session): session()").wanted


def test_a_common_name_matters_beside_its_library_only():
    start = Start(CATALOG.generic_methods())
    assert start.look(b"from dbutils.pooled_db import PooledDB\npool.connection()").wanted
    assert start.look(b"pool.connection()") == NOTHING
    assert start.look(b"import dbutils\nconnection = 1") == NOTHING


def test_functions_on_which_others_are_made_to_depend_are_told():
    text = b"def a(x=Depends(deps.get_db)): ...\ndef b(x=Security( get_user)): ...\nDepends()"
    assert Start(CATALOG.generic_methods()).look(text) == Seen(depends=("get_db", "get_user"))
