"""DBUtils: `close()` on a pooled connection gives it back; a persistent one belongs to its thread, so nobody owes it.

`with` on a steady connection, which is what one gets without a pool, only ends the transaction.
"""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import CLOSING, WITH

SOURCE = "DBUtils 3.2.0 with psycopg2 and PyMySQL"

DBUTILS = Driver(
    name="dbutils",
    title="DBUtils",
    libraries=("dbutils", "DBUtils"),
    acquisitions=(
        Acquisition(
            methods=("connection", "dedicated_connection"),
            receivers=("dbutils.pooled_db.PooledDB",),
            noun="pooled connection",
            type="dbutils.pooled_db.PooledDedicatedDBConnection",
            releases=("close",),
            entered="releases",
            pooled=True,
            dropped="at once",
            template=WITH,
            evidence="ran",
            source=SOURCE,
        ),
        Acquisition(
            methods=("connection",),
            receivers=("dbutils.simple_pooled_db.PooledDB",),
            noun="pooled connection",
            type="dbutils.simple_pooled_db.PooledDBConnection",
            releases=("close",),
            entered="unsupported",
            pooled=True,
            dropped="at once",
            template=CLOSING,
            evidence="ran",
            source=SOURCE,
        ),
        Acquisition(
            calls=("dbutils.steady_db.connect",),
            type="dbutils.steady_db.SteadyDBConnection",
            releases=("close",),
            entered="transaction only",
            dropped="at once",
            template=CLOSING,
            evidence="ran",
            source=SOURCE,
        ),
    ),
    makes={
        "dbutils.pooled_db.PooledDB": "dbutils.pooled_db.PooledDB",
        "dbutils.simple_pooled_db.PooledDB": "dbutils.simple_pooled_db.PooledDB",
    },
    aliases={
        "DBUtils.PooledDB": "dbutils.pooled_db",
        "DBUtils.SimplePooledDB": "dbutils.simple_pooled_db",
        "DBUtils.SteadyDB": "dbutils.steady_db",
    },
)
