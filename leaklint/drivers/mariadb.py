"""MariaDB Connector/Python: a pooled connection that nobody closes keeps both its slot and its session."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import WITH

SOURCE = "mariadb 1.1.14 on MariaDB 10.11"

MARIADB = Driver(
    name="mariadb",
    title="MariaDB Connector/Python",
    libraries=("mariadb",),
    acquisitions=(
        Acquisition(
            calls=("mariadb.connect",),
            only_with=("pool_name",),
            methods=("get_connection",),
            receivers=("mariadb.ConnectionPool",),
            noun="pooled connection",
            type="mariadb.Connection",
            releases=("close",),
            entered="releases",
            pooled=True,
            dropped="slot lost",
            template=WITH,
            evidence="ran",
            source=SOURCE,
        ),
        Acquisition(
            calls=("mariadb.connect", "mariadb.Connection"),
            type="mariadb.Connection",
            releases=("close",),
            double_release="raises",
            entered="releases",
            dropped="at once",
            template=WITH,
            evidence="ran",
            source=SOURCE,
        ),
    ),
    makes={"mariadb.ConnectionPool": "mariadb.ConnectionPool"},
    aliases={
        "mariadb.connectionpool.ConnectionPool": "mariadb.ConnectionPool",
        "mariadb.connections.Connection": "mariadb.Connection",
    },
)
