"""clickhouse-driver: a client connects with its first query, and `disconnect()` or `with` ends that connection."""

from leaklint.drivers.spec import Acquisition, Driver, Template
from leaklint.drivers.templates import WITH

CLICKHOUSE_DRIVER = Driver(
    name="clickhouse_driver",
    title="clickhouse-driver",
    libraries=("clickhouse_driver",),
    acquisitions=(
        Acquisition(
            calls=("clickhouse_driver.Client", "clickhouse_driver.Client.from_url"),
            noun="client",
            type="clickhouse_driver.Client",
            releases=("disconnect",),
            entered="releases",
            lazy=True,
            dropped="at once",
            template=Template(item="{acquire}", release="{name}.disconnect()"),
            evidence="ran",
            source="clickhouse-driver 0.2.11 on ClickHouse 18.16",
        ),
        Acquisition(
            calls=("clickhouse_driver.connect",),
            type="clickhouse_driver.dbapi.connection.Connection",
            releases=("close",),
            entered="releases",
            lazy=True,
            dropped="until garbage collection",
            template=WITH,
            evidence="ran",
            source="clickhouse-driver 0.2.11 on ClickHouse 18.16",
        ),
    ),
    aliases={
        "clickhouse_driver.client.Client": "clickhouse_driver.Client",
        "clickhouse_driver.dbapi.Connection": "clickhouse_driver.dbapi.connection.Connection",
        "clickhouse_driver.dbapi.connect": "clickhouse_driver.connect",
    },
)
