"""The benches of each driver, in the order of its acquisitions."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from drivers.bench import Bench
from drivers.benches import (
    aiomysql,
    aioodbc,
    aiopg,
    aiosqlite,
    asyncmy,
    asyncpg,
    clickhouse_driver,
    dbutils,
    duckdb,
    eventlet,
    jaydebeapi,
    mariadb,
    mysql_connector,
    mysqldb,
    psycopg,
    psycopg2,
    psycopg_pool,
    pymysql,
    pyodbc,
    redis,
    sqlalchemy,
    sqlite3,
)
from leaklint.drivers import DRIVERS
from leaklint.drivers.claims import Claim
from leaklint.drivers.spec import Acquisition

BENCHES = {
    "aiomysql": aiomysql.BENCHES,
    "aioodbc": aioodbc.BENCHES,
    "aiopg": aiopg.BENCHES,
    "aiosqlite": aiosqlite.BENCHES,
    "asyncmy": asyncmy.BENCHES,
    "asyncpg": asyncpg.BENCHES,
    "clickhouse_driver": clickhouse_driver.BENCHES,
    "dbutils": dbutils.BENCHES,
    "duckdb": duckdb.BENCHES,
    "eventlet": eventlet.BENCHES,
    "jaydebeapi": jaydebeapi.BENCHES,
    "mariadb": mariadb.BENCHES,
    "mysql_connector": mysql_connector.BENCHES,
    "mysqldb": mysqldb.BENCHES,
    "psycopg": psycopg.BENCHES,
    "psycopg2": psycopg2.BENCHES,
    "psycopg_pool": psycopg_pool.BENCHES,
    "pymysql": pymysql.BENCHES,
    "pyodbc": pyodbc.BENCHES,
    "redis": redis.BENCHES,
    "sqlalchemy": sqlalchemy.BENCHES,
    "sqlite3": sqlite3.BENCHES,
}


class Setting(NamedTuple):
    """An acquisition and the bench that runs it."""

    acquisition: Acquisition
    bench: type[Bench]


@cache
def benches() -> dict[str, Setting]:
    """Every acquisition that can be run, by its place: the name of the driver and a number."""
    return {
        f"{driver.name}{number}": Setting(acquisition, bench)
        for driver in DRIVERS
        if driver.name in BENCHES
        for number, (acquisition, bench) in enumerate(zip(driver.acquisitions, BENCHES[driver.name], strict=True))
    }


def place_of(claim: Claim) -> str:
    return f"{claim.driver.name}{claim.driver.acquisitions.index(claim.acquisition)}"
