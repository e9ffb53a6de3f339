"""PyMySQL: `with` closes since 1.0, yielded a cursor before that, and a second `close()` raises."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import CLOSING

PYMYSQL = Driver(
    name="pymysql",
    title="PyMySQL",
    libraries=("pymysql",),
    acquisitions=(
        Acquisition(
            calls=("pymysql.connect", "pymysql.Connection"),
            never_with=("defer_connect",),
            type="pymysql.Connection",
            releases=("close",),
            double_release="raises",
            entered="releases",
            dropped="at once",
            template=CLOSING,
            evidence="ran",
            source="PyMySQL 1.2.4 on MariaDB 10.11",
        ),
    ),
    aliases={"pymysql.Connect": "pymysql.connect", "pymysql.connections.Connection": "pymysql.Connection"},
    borrows=("pymysql.cursors.Cursor", "pymysql.cursors.DictCursor", "pymysql.cursors.SSCursor"),
)
