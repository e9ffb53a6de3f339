"""ibm_db: the DB-API connection closes like any other, the handle underneath through `ibm_db.close()` alone."""

from leaklint.drivers.spec import Acquisition, Driver, Template
from leaklint.drivers.templates import WITH

IBM_DB = Driver(
    name="ibm_db",
    title="ibm_db",
    libraries=("ibm_db_dbi", "ibm_db"),
    acquisitions=(
        Acquisition(
            calls=("ibm_db_dbi.connect",),
            type="ibm_db_dbi.Connection",
            releases=("close",),
            entered="releases",
            dropped="until garbage collection",
            template=WITH,
            evidence="source",
            source="ibm_db 3.3.0",
        ),
        Acquisition(
            calls=("ibm_db.connect",),
            noun="connection handle",
            type="ibm_db.IBM_DBConnection",
            releases=(),
            functions=("ibm_db.close",),
            entered="unsupported",
            dropped="until garbage collection",
            template=Template(release="ibm_db.close({name})"),
            evidence="source",
            source="ibm_db 3.3.0",
        ),
    ),
)
