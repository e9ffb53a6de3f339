"""mysqlclient: `with` closes since 2.0, never before that, and a second `close()` raises."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import CLOSING

MYSQLDB = Driver(
    name="mysqldb",
    title="mysqlclient",
    libraries=("MySQLdb",),
    acquisitions=(
        Acquisition(
            calls=("MySQLdb.connect", "MySQLdb.connections.Connection"),
            type="MySQLdb.connections.Connection",
            releases=("close",),
            double_release="raises",
            entered="releases",
            dropped="at once",
            template=CLOSING,
            evidence="ran",
            source="mysqlclient 2.3.1 on MariaDB 10.11",
        ),
    ),
    aliases={
        "MySQLdb.Connect": "MySQLdb.connect",
        "MySQLdb.Connection": "MySQLdb.connect",
    },
)
