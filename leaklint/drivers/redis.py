"""redis-py: a connection taken from a pool by hand comes back through `release()` alone, `disconnect()` keeps its slot.

Clients are no acquisitions: they take and give back a connection with each command.
"""

from leaklint.drivers.spec import Acquisition, Driver, Template

SOURCE = "redis 8.1.0 on Redis 7.0"

REDIS = Driver(
    name="redis",
    title="redis-py",
    libraries=("redis",),
    acquisitions=(
        Acquisition(
            methods=("get_connection",),
            receivers=("redis.ConnectionPool", "redis.BlockingConnectionPool"),
            noun="pooled connection",
            type="redis.Connection",
            releases=(),
            closes=("disconnect",),
            pool_releases=("release",),
            entered="unsupported",
            pooled=True,
            dropped="slot lost",
            template=Template(release="{pool}.release({name})"),
            evidence="ran",
            source=SOURCE,
        ),
        Acquisition(
            methods=("get_connection",),
            receivers=("redis.asyncio.ConnectionPool", "redis.asyncio.BlockingConnectionPool"),
            noun="pooled connection",
            type="redis.asyncio.Connection",
            awaiting="await",
            releases=(),
            closes=("disconnect",),
            pool_releases=("release",),
            awaited=("disconnect", "release"),
            double_release="raises",
            entered="unsupported",
            entered_awaited="unsupported",
            pooled=True,
            dropped="slot lost",
            template=Template(asynchronous=True, release="await {pool}.release({name})"),
            evidence="ran",
            source=SOURCE,
        ),
    ),
    makes={
        "redis.ConnectionPool": "redis.ConnectionPool",
        "redis.ConnectionPool.from_url": "redis.ConnectionPool",
        "redis.BlockingConnectionPool": "redis.BlockingConnectionPool",
        "redis.BlockingConnectionPool.from_url": "redis.BlockingConnectionPool",
        "redis.Redis": "redis.Redis",
        "redis.Redis.from_url": "redis.Redis",
        "redis.asyncio.ConnectionPool": "redis.asyncio.ConnectionPool",
        "redis.asyncio.ConnectionPool.from_url": "redis.asyncio.ConnectionPool",
        "redis.asyncio.BlockingConnectionPool": "redis.asyncio.BlockingConnectionPool",
        "redis.asyncio.BlockingConnectionPool.from_url": "redis.asyncio.BlockingConnectionPool",
        "redis.asyncio.Redis": "redis.asyncio.Redis",
        "redis.asyncio.Redis.from_url": "redis.asyncio.Redis",
    },
    attributes={
        "redis.Redis.connection_pool": "redis.ConnectionPool",
        "redis.asyncio.Redis.connection_pool": "redis.asyncio.ConnectionPool",
    },
    aliases={
        "redis.StrictRedis": "redis.Redis",
        "redis.asyncio.StrictRedis": "redis.asyncio.Redis",
        "redis.asyncio.client.Redis": "redis.asyncio.Redis",
        "redis.asyncio.connection": "redis.asyncio",
        "redis.asyncio.from_url": "redis.asyncio.Redis.from_url",
        "redis.client.Redis": "redis.Redis",
        "redis.connection": "redis",
        "redis.from_url": "redis.Redis.from_url",
    },
)
