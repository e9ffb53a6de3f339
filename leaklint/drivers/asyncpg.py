"""asyncpg: a connection is no context manager; closing a pooled one gives back its slot too."""

from leaklint.drivers.spec import Acquisition, Driver, Template
from leaklint.drivers.templates import AWAIT_CLOSE

ASYNCPG = Driver(
    name="asyncpg",
    title="asyncpg",
    libraries=("asyncpg",),
    acquisitions=(
        Acquisition(
            calls=("asyncpg.connect",),
            type="asyncpg.Connection",
            awaiting="await",
            releases=("close", "terminate"),
            awaited=("close",),
            entered="unsupported",
            entered_awaited="unsupported",
            dropped="at once",
            template=AWAIT_CLOSE,
            evidence="ran",
            source="asyncpg 0.32.0 on PostgreSQL 15",
        ),
        Acquisition(
            methods=("acquire",),
            receivers=("asyncpg.Pool",),
            telling=("pool",),
            noun="pooled connection",
            type="asyncpg.pool.PoolConnectionProxy",
            awaiting="await or with",
            releases=("close", "terminate"),
            pool_releases=("release",),
            awaited=("close", "release"),
            entered="releases",
            entered_awaited="unsupported",
            pooled=True,
            dropped="slot lost",
            template=Template(item="{acquire}", asynchronous=True, release="await {pool}.release({name})"),
            evidence="ran",
            source="asyncpg 0.32.0 on PostgreSQL 15",
        ),
    ),
    makes={"asyncpg.create_pool": "asyncpg.Pool", "asyncpg.Pool": "asyncpg.Pool"},
    aliases={
        "asyncpg.connection.Connection": "asyncpg.Connection",
        "asyncpg.connection.connect": "asyncpg.connect",
        "asyncpg.pool.Pool": "asyncpg.Pool",
        "asyncpg.pool.create_pool": "asyncpg.create_pool",
    },
    borrows=("pgvector.asyncpg.register_vector",),
)
