"""psycopg_pool: neither `close()` nor `with` gives back what `getconn()` took; `pool.connection()` takes on entry only.

The templates put the connection back by hand, because `with pool.connection()` commits and `putconn()` rolls back.
"""

from leaklint.drivers.spec import Acquisition, Driver, Template

SOURCE = "psycopg_pool 3.3.3 on PostgreSQL 15"

PSYCOPG_POOL = Driver(
    name="psycopg_pool",
    title="psycopg_pool",
    libraries=("psycopg_pool",),
    acquisitions=(
        Acquisition(
            methods=("getconn",),
            receivers=("psycopg_pool.ConnectionPool", "psycopg_pool.NullConnectionPool"),
            distinctive=True,
            noun="pooled connection",
            type="psycopg.Connection",
            releases=(),
            closes=("close",),
            pool_releases=("putconn",),
            double_release="raises",
            entered="transaction only",
            pooled=True,
            dropped="slot lost",
            template=Template(release="{pool}.putconn({name})"),
            evidence="ran",
            source=SOURCE,
        ),
        Acquisition(
            methods=("getconn",),
            receivers=("psycopg_pool.AsyncConnectionPool", "psycopg_pool.AsyncNullConnectionPool"),
            distinctive=True,
            noun="pooled connection",
            type="psycopg.AsyncConnection",
            awaiting="await",
            releases=(),
            closes=("close",),
            pool_releases=("putconn",),
            awaited=("close", "putconn"),
            double_release="raises",
            entered="unsupported",
            entered_awaited="transaction only",
            pooled=True,
            dropped="slot lost",
            template=Template(asynchronous=True, release="await {pool}.putconn({name})"),
            evidence="ran",
            source=SOURCE,
        ),
    ),
    makes={
        "psycopg_pool.ConnectionPool": "psycopg_pool.ConnectionPool",
        "psycopg_pool.NullConnectionPool": "psycopg_pool.NullConnectionPool",
        "psycopg_pool.AsyncConnectionPool": "psycopg_pool.AsyncConnectionPool",
        "psycopg_pool.AsyncNullConnectionPool": "psycopg_pool.AsyncNullConnectionPool",
    },
    aliases={
        "psycopg_pool.pool": "psycopg_pool",
        "psycopg_pool.pool_async": "psycopg_pool",
        "psycopg_pool.null_pool": "psycopg_pool",
        "psycopg_pool.null_pool_async": "psycopg_pool",
    },
)
