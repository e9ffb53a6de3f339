"""cx_Oracle: `with` closes since 7.0, and `close()` on a connection of a session pool gives it back."""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import WITH

CX_ORACLE = Driver(
    name="cx_oracle",
    title="cx_Oracle",
    libraries=("cx_Oracle",),
    acquisitions=(
        Acquisition(
            calls=("cx_Oracle.connect", "cx_Oracle.Connection"),
            only_with=("pool",),
            methods=("acquire",),
            receivers=("cx_Oracle.SessionPool",),
            telling=("pool",),
            noun="pooled connection",
            type="cx_Oracle.Connection",
            releases=("close",),
            pool_releases=("release", "drop"),
            double_release="raises",
            entered="releases",
            pooled=True,
            dropped="at once",
            template=WITH,
            evidence="source",
            source="cx_Oracle 8.3",
        ),
        Acquisition(
            calls=("cx_Oracle.connect", "cx_Oracle.Connection"),
            type="cx_Oracle.Connection",
            releases=("close",),
            double_release="raises",
            entered="releases",
            dropped="at once",
            template=WITH,
            evidence="source",
            source="cx_Oracle 8.3",
        ),
    ),
    makes={"cx_Oracle.SessionPool": "cx_Oracle.SessionPool"},
)
