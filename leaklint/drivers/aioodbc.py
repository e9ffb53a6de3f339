"""aioodbc: `async with connect()` commits before it closes, and a pool slot comes back through `release()` alone."""

from leaklint.drivers.spec import Acquisition, Driver, Template
from leaklint.drivers.templates import AWAIT_CLOSE

AIOODBC = Driver(
    name="aioodbc",
    title="aioodbc",
    libraries=("aioodbc",),
    acquisitions=(
        Acquisition(
            calls=("aioodbc.connect",),
            type="aioodbc.Connection",
            awaiting="await or with",
            releases=("close",),
            awaited=("close",),
            entered="releases",
            entered_awaited="releases",
            dropped="at once",
            template=AWAIT_CLOSE,
            evidence="ran",
            source="aioodbc 0.5.0 with psqlODBC on PostgreSQL 15",
        ),
        Acquisition(
            methods=("acquire",),
            receivers=("aioodbc.Pool",),
            telling=("pool",),
            noun="pooled connection",
            type="aioodbc.Connection",
            awaiting="await or with",
            releases=(),
            closes=("close",),
            pool_releases=("release",),
            awaited=("close", "release"),
            double_release="raises",
            entered="releases",
            # Entering the connection itself runs, and at the end closes it without its pool being told.
            entered_awaited="transaction only",
            pooled=True,
            dropped="slot lost",
            # Unlike `connect()`, this block does not commit: it calls `release()`.
            template=Template(item="{acquire}", asynchronous=True, release="await {pool}.release({name})"),
            evidence="ran",
            source="aioodbc 0.5.0 with psqlODBC on PostgreSQL 15",
        ),
    ),
    makes={"aioodbc.create_pool": "aioodbc.Pool", "aioodbc.Pool": "aioodbc.Pool"},
    aliases={
        "aioodbc.connection.Connection": "aioodbc.Connection",
        "aioodbc.connection.connect": "aioodbc.connect",
        "aioodbc.pool.Pool": "aioodbc.Pool",
        "aioodbc.pool.create_pool": "aioodbc.create_pool",
    },
)
