"""JayDeBeApi: the session belongs to Java, so dropping the Python object never closes it."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import WITH

JAYDEBEAPI = Driver(
    name="jaydebeapi",
    title="JayDeBeApi",
    libraries=("jaydebeapi",),
    acquisitions=(
        Acquisition(
            calls=("jaydebeapi.connect",),
            type="jaydebeapi.Connection",
            releases=("close",),
            double_release="raises",
            entered="releases",
            dropped="never closed",
            template=WITH,
            evidence="ran",
            source="JayDeBeApi 1.2.3 with pgjdbc on PostgreSQL 15",
        ),
    ),
    aliases={},
)
