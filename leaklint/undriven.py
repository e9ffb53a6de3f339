"""Database libraries of which no driver speaks: whoever imports one should hear why little was found."""

from __future__ import annotations

import re
from collections.abc import Collection

UNDRIVEN = frozenset(
    "adodbapi aerospike apsw cassandra ctds cymysql databricks fdb firebird happybase hdbcli kinterbasdb motor neo4j"
    " nzpy oursql pg8000 phoenixdb pinotdb psycopg2cffi pyathena pydruid pyhive pymonetdb pymongo pysqlcipher3 pytds"
    " redshift_connector sqlanydb sqlcipher3 taos teradatasql turbodbc".split()
)
IMPORT = re.compile(rb"^[ \t]*(?:import|from)[ \t]+([A-Za-z_][A-Za-z0-9_]*)", re.MULTILINE)


def imported(source: bytes, known: Collection[str]) -> set[str]:
    """Those that a file imports, but for what a driver of the settings knows."""
    names = {name.decode() for name in IMPORT.findall(source)}
    return (names & UNDRIVEN).difference(known)
