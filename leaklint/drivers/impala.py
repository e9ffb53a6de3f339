"""Impyla: `with` closes the connection; each of its cursors holds a session at the server."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import WITH

IMPALA = Driver(
    name="impala",
    title="Impyla",
    libraries=("impala",),
    acquisitions=(
        Acquisition(
            calls=("impala.dbapi.connect",),
            type="impala.hiveserver2.HiveServer2Connection",
            releases=("close",),
            double_release="harmless",
            entered="releases",
            dropped="until garbage collection",
            template=WITH,
            evidence="source",
            source="impyla 0.24.0",
        ),
    ),
    aliases={},
)
