"""Trino: `with` commits even when its body raised, hence `closing()` as the template."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import CLOSING

TRINO = Driver(
    name="trino",
    title="Trino",
    libraries=("trino",),
    acquisitions=(
        Acquisition(
            calls=("trino.dbapi.connect", "trino.dbapi.Connection"),
            type="trino.dbapi.Connection",
            releases=("close",),
            double_release="harmless",
            entered="releases",
            dropped="at once",
            template=CLOSING,
            evidence="source",
            source="trino 0.340.0",
        ),
    ),
    aliases={},
)
