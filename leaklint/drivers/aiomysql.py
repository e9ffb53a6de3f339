"""aiomysql: `close()` on a pooled connection keeps its slot, and so does `async with` on an awaited `acquire()`."""

from leaklint.drivers.spec import Acquisition, Driver, Template

AIOMYSQL = Driver(
    name="aiomysql",
    title="aiomysql",
    libraries=("aiomysql",),
    acquisitions=(
        Acquisition(
            calls=("aiomysql.connect",),
            type="aiomysql.Connection",
            awaiting="await or with",
            releases=("close", "ensure_closed"),
            awaited=("ensure_closed",),
            entered="releases",
            entered_awaited="releases",
            dropped="at once",
            template=Template(item="{acquire}", asynchronous=True, release="{name}.close()"),
            evidence="ran",
            source="aiomysql 0.3.2 on MariaDB 10.11",
        ),
        Acquisition(
            methods=("acquire",),
            receivers=("aiomysql.Pool",),
            telling=("pool",),
            noun="pooled connection",
            type="aiomysql.Connection",
            awaiting="await or with",
            releases=(),
            closes=("close", "ensure_closed"),
            pool_releases=("release",),
            awaited=("ensure_closed",),
            double_release="raises",
            entered="releases",
            # Entering the connection itself runs, and at the end closes it without its pool being told.
            entered_awaited="transaction only",
            pooled=True,
            dropped="slot lost",
            template=Template(item="{acquire}", asynchronous=True, release="{pool}.release({name})"),
            evidence="ran",
            source="aiomysql 0.3.2 on MariaDB 10.11",
        ),
    ),
    makes={"aiomysql.create_pool": "aiomysql.Pool", "aiomysql.Pool": "aiomysql.Pool"},
    aliases={
        "aiomysql.connection.Connection": "aiomysql.Connection",
        "aiomysql.connection.connect": "aiomysql.connect",
        "aiomysql.pool.Pool": "aiomysql.Pool",
        "aiomysql.pool.create_pool": "aiomysql.create_pool",
    },
)
