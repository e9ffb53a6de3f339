"""pyodbc: `with` on a connection ends the transaction only, and a second `close()` raises."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import CLOSING

PYODBC = Driver(
    name="pyodbc",
    title="pyodbc",
    libraries=("pyodbc",),
    acquisitions=(
        Acquisition(
            calls=("pyodbc.connect",),
            type="pyodbc.Connection",
            releases=("close",),
            double_release="raises",
            entered="transaction only",
            dropped="at once",
            template=CLOSING,
            evidence="ran",
            source="pyodbc 5.5.0 with psqlODBC on PostgreSQL 15",
        ),
    ),
)
