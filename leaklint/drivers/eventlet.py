"""eventlet.db_pool: `with` on what `get()` took is the driver's own and gives nothing back."""

from leaklint.drivers.spec import Acquisition, Driver, Template

EVENTLET = Driver(
    name="eventlet",
    title="eventlet.db_pool",
    libraries=("eventlet",),
    acquisitions=(
        Acquisition(
            methods=("get",),
            receivers=(
                "eventlet.db_pool.ConnectionPool",
                "eventlet.db_pool.RawConnectionPool",
                "eventlet.db_pool.TpooledConnectionPool",
            ),
            noun="pooled connection",
            type="eventlet.db_pool.PooledConnectionWrapper",
            releases=("close",),
            pool_releases=("put",),
            entered="transaction only",
            pooled=True,
            dropped="slot lost",
            template=Template(item="{pool}.item()", release="{name}.close()"),
            evidence="ran",
            source="eventlet 0.41.3 with psycopg2",
        ),
    ),
    makes={
        "eventlet.db_pool.ConnectionPool": "eventlet.db_pool.ConnectionPool",
        "eventlet.db_pool.RawConnectionPool": "eventlet.db_pool.RawConnectionPool",
        "eventlet.db_pool.TpooledConnectionPool": "eventlet.db_pool.TpooledConnectionPool",
        "eventlet.db_pool.DatabaseConnector": "eventlet.db_pool.DatabaseConnector",
        "eventlet.db_pool.DatabaseConnector.get": "eventlet.db_pool.ConnectionPool",
    },
)
