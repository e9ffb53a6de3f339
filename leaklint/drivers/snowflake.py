"""Snowflake: a connection registers itself to be closed at exit, so dropping it never closes it.

`with` commits where autocommit is off, hence `closing()` as the template.
"""

from leaklint.drivers.spec import Acquisition, Driver
from leaklint.drivers.templates import CLOSING

SNOWFLAKE = Driver(
    name="snowflake",
    title="Snowflake Connector",
    libraries=("snowflake",),
    acquisitions=(
        Acquisition(
            calls=("snowflake.connector.connect", "snowflake.connector.SnowflakeConnection"),
            type="snowflake.connector.SnowflakeConnection",
            releases=("close",),
            double_release="harmless",
            entered="releases",
            dropped="never closed",
            template=CLOSING,
            evidence="source",
            source="snowflake-connector-python 5.2.0",
        ),
    ),
    aliases={"snowflake.connector.connection.SnowflakeConnection": "snowflake.connector.SnowflakeConnection"},
)
