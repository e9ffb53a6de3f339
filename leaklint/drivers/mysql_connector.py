"""MySQL Connector/Python: with `pool_name` even a plain `connect` takes a slot, and `close()` alone frees it."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import ASYNC_WITH_AWAIT, WITH

SOURCE = "mysql-connector-python 26.10.0 on MariaDB 10.11"

MYSQL_CONNECTOR = Driver(
    name="mysql_connector",
    title="MySQL Connector/Python",
    libraries=("mysql",),
    acquisitions=(
        Acquisition(
            calls=("mysql.connector.connect",),
            only_with=("pool_name", "pool_size"),
            methods=("get_connection",),
            receivers=("mysql.connector.pooling.MySQLConnectionPool",),
            noun="pooled connection",
            type="mysql.connector.pooling.PooledMySQLConnection",
            releases=("close",),
            double_release="raises",
            entered="releases",
            pooled=True,
            dropped="slot lost",
            template=WITH,
            evidence="ran",
            source=SOURCE,
        ),
        Acquisition(
            calls=("mysql.connector.connect", "mysql.connector.MySQLConnection", "mysql.connector.CMySQLConnection"),
            type="mysql.connector.MySQLConnection",
            releases=("close", "disconnect", "shutdown"),
            entered="releases",
            dropped="at once",
            template=WITH,
            evidence="ran",
            source=SOURCE,
        ),
        Acquisition(
            calls=("mysql.connector.aio.connect",),
            only_with=("pool_name", "pool_size"),
            methods=("get_connection",),
            receivers=("mysql.connector.aio.MySQLConnectionPool",),
            noun="pooled connection",
            type="mysql.connector.aio.pooling.PooledMySQLConnection",
            awaiting="await",
            releases=("close",),
            awaited=("close",),
            entered="unsupported",
            entered_awaited="releases",
            pooled=True,
            dropped="slot lost",
            template=ASYNC_WITH_AWAIT,
            evidence="ran",
            source=SOURCE,
        ),
        Acquisition(
            calls=("mysql.connector.aio.connect",),
            type="mysql.connector.aio.MySQLConnection",
            awaiting="await",
            releases=("close", "disconnect", "shutdown"),
            awaited=("close", "disconnect", "shutdown"),
            entered="unsupported",
            entered_awaited="releases",
            dropped="at once",
            template=ASYNC_WITH_AWAIT,
            evidence="ran",
            source=SOURCE,
        ),
    ),
    makes={
        "mysql.connector.pooling.MySQLConnectionPool": "mysql.connector.pooling.MySQLConnectionPool",
        "mysql.connector.aio.MySQLConnectionPool": "mysql.connector.aio.MySQLConnectionPool",
    },
    aliases={
        "mysql.connector.Connect": "mysql.connector.connect",
        "mysql.connector.aio.connection.MySQLConnection": "mysql.connector.aio.MySQLConnection",
        "mysql.connector.aio.pooling.MySQLConnectionPool": "mysql.connector.aio.MySQLConnectionPool",
        "mysql.connector.aio.pooling.connect": "mysql.connector.aio.connect",
        "mysql.connector.connection.MySQLConnection": "mysql.connector.MySQLConnection",
        "mysql.connector.connection_cext.CMySQLConnection": "mysql.connector.CMySQLConnection",
        "mysql.connector.pooling.connect": "mysql.connector.connect",
    },
)
