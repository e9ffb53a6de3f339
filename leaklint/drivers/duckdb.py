"""DuckDB: a connection that is not closed keeps the database file locked for other processes.

Its cursors are connections too, but go with the one they come from, so they owe nothing.
"""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import WITH

DUCKDB = Driver(
    name="duckdb",
    title="DuckDB",
    libraries=("duckdb",),
    acquisitions=(
        Acquisition(
            calls=("duckdb.connect",),
            type="duckdb.DuckDBPyConnection",
            releases=("close",),
            double_release="harmless",
            entered="releases",
            dropped="at once",
            template=WITH,
            evidence="ran",
            source="duckdb 2.0.0",
        ),
    ),
    aliases={},
)
