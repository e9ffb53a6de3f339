"""vertica-python: `with` closes, and a second `close()` opens a socket again to say goodbye."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import WITH

VERTICA = Driver(
    name="vertica",
    title="vertica-python",
    libraries=("vertica_python",),
    acquisitions=(
        Acquisition(
            calls=("vertica_python.connect", "vertica_python.Connection"),
            type="vertica_python.Connection",
            releases=("close",),
            double_release="harmless",
            entered="releases",
            dropped="until garbage collection",
            template=WITH,
            evidence="source",
            source="vertica-python 1.4.0",
        ),
    ),
    aliases={"vertica_python.vertica.connection": "vertica_python"},
)
