"""aiopg: `close()` on a pooled connection keeps its slot, and so does `async with` on an awaited `acquire()`."""

from leaklint.drivers.spec import Acquisition, Driver, Template
from leaklint.drivers.templates import ASYNC_WITH

AIOPG = Driver(
    name="aiopg",
    title="aiopg",
    libraries=("aiopg",),
    acquisitions=(
        Acquisition(
            calls=("aiopg.connect",),
            type="aiopg.Connection",
            awaiting="await or with",
            releases=("close",),
            entered="releases",
            entered_awaited="releases",
            dropped="until garbage collection",
            template=ASYNC_WITH,
            evidence="ran",
            source="aiopg 1.4.0 on PostgreSQL 15",
        ),
        Acquisition(
            methods=("acquire",),
            receivers=("aiopg.Pool",),
            telling=("pool",),
            noun="pooled connection",
            type="aiopg.Connection",
            awaiting="await or with",
            releases=(),
            closes=("close",),
            pool_releases=("release",),
            double_release="raises",
            entered="releases",
            # Entering the connection itself runs, and at the end closes it without its pool being told.
            entered_awaited="transaction only",
            pooled=True,
            dropped="slot lost",
            template=Template(item="{acquire}", asynchronous=True, release="await {pool}.release({name})"),
            evidence="ran",
            source="aiopg 1.4.0 on PostgreSQL 15",
        ),
    ),
    makes={"aiopg.create_pool": "aiopg.Pool", "aiopg.Pool": "aiopg.Pool", "aiopg.Pool.from_pool_fill": "aiopg.Pool"},
    aliases={
        "aiopg.connection.Connection": "aiopg.Connection",
        "aiopg.connection.connect": "aiopg.connect",
        "aiopg.pool.Pool": "aiopg.Pool",
        "aiopg.pool.create_pool": "aiopg.create_pool",
    },
)
