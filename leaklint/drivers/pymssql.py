"""pymssql: `with` closes the connection and does not commit."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import WITH

PYMSSQL = Driver(
    name="pymssql",
    title="pymssql",
    libraries=("pymssql",),
    acquisitions=(
        Acquisition(
            calls=("pymssql.connect", "pymssql.Connection"),
            type="pymssql.Connection",
            releases=("close",),
            double_release="harmless",
            entered="releases",
            dropped="at once",
            template=WITH,
            evidence="source",
            source="pymssql 2.4.6",
        ),
    ),
    aliases={"pymssql._pymssql": "pymssql"},
)
