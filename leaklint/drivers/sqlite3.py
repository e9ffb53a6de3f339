"""sqlite3: `with` on a connection ends the transaction only, and since Python 3.11 dropping it does not close it."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import CLOSING

SQLITE3 = Driver(
    name="sqlite3",
    title="sqlite3",
    libraries=("sqlite3", "pysqlite3", "sqlcipher3"),
    acquisitions=(
        Acquisition(
            calls=("sqlite3.connect", "sqlite3.Connection"),
            type="sqlite3.Connection",
            releases=("close",),
            entered="transaction only",
            dropped="until garbage collection",
            template=CLOSING,
            evidence="ran",
            source="sqlite3 of Python 3.11 and 3.13",
        ),
    ),
    aliases={"sqlite3.dbapi2": "sqlite3", "pysqlite3": "sqlite3", "sqlcipher3": "sqlite3"},
    borrows=("sqlite3.Connection.backup", "sqlite3.Cursor", "sqlite_vec.load", "sqlite_vss.load"),
)
