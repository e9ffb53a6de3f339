"""ClickHouse Connect: a client usually shares one pool of the process, and owes a close only where it got its own.

The asynchronous client always has its own.
"""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import ASYNC_WITH_AWAIT, WITH

CLICKHOUSE_CONNECT = Driver(
    name="clickhouse_connect",
    title="ClickHouse Connect",
    libraries=("clickhouse_connect",),
    acquisitions=(
        Acquisition(
            calls=("clickhouse_connect.get_client",),
            only_with=("ca_cert", "client_cert", "dedicated_pool", "https_proxy", "server_host_name"),
            never_with=("pool_mgr",),
            noun="client",
            type="clickhouse_connect.driver.client.Client",
            releases=("close", "close_connections"),
            entered="releases",
            dropped="until garbage collection",
            template=WITH,
            evidence="source",
            source="clickhouse-connect 1.12.0",
        ),
        Acquisition(
            calls=("clickhouse_connect.get_async_client",),
            noun="client",
            type="clickhouse_connect.driver.AsyncClient",
            awaiting="await",
            releases=("close", "close_connections"),
            awaited=("close", "close_connections"),
            entered="unsupported",
            entered_awaited="releases",
            dropped="until garbage collection",
            template=ASYNC_WITH_AWAIT,
            evidence="source",
            source="clickhouse-connect 1.12.0",
        ),
    ),
    aliases={
        "clickhouse_connect.create_async_client": "clickhouse_connect.get_async_client",
        "clickhouse_connect.create_client": "clickhouse_connect.get_client",
        "clickhouse_connect.driver.asyncclient.AsyncClient": "clickhouse_connect.driver.AsyncClient",
        "clickhouse_connect.driver.create_async_client": "clickhouse_connect.get_async_client",
        "clickhouse_connect.driver.create_client": "clickhouse_connect.get_client",
    },
)
