"""Drivers: one data file a library, all of them listed here; the first that fits an acquisition speaks for it."""

from leaklint.drivers.aiomysql import AIOMYSQL
from leaklint.drivers.aioodbc import AIOODBC
from leaklint.drivers.aiopg import AIOPG
from leaklint.drivers.aiosqlite import AIOSQLITE
from leaklint.drivers.asyncmy import ASYNCMY
from leaklint.drivers.asyncpg import ASYNCPG
from leaklint.drivers.clickhouse_connect import CLICKHOUSE_CONNECT
from leaklint.drivers.clickhouse_driver import CLICKHOUSE_DRIVER
from leaklint.drivers.conventions import CONVENTIONS
from leaklint.drivers.cx_oracle import CX_ORACLE
from leaklint.drivers.databases import DATABASES
from leaklint.drivers.dataframes import DATAFRAMES
from leaklint.drivers.dbutils import DBUTILS
from leaklint.drivers.duckdb import DUCKDB
from leaklint.drivers.eventlet import EVENTLET
from leaklint.drivers.ibm_db import IBM_DB
from leaklint.drivers.impala import IMPALA
from leaklint.drivers.jaydebeapi import JAYDEBEAPI
from leaklint.drivers.mariadb import MARIADB
from leaklint.drivers.mysql_connector import MYSQL_CONNECTOR
from leaklint.drivers.mysqldb import MYSQLDB
from leaklint.drivers.oracledb import ORACLEDB
from leaklint.drivers.oslo_db import OSLO_DB
from leaklint.drivers.peewee import PEEWEE
from leaklint.drivers.psycopg import PSYCOPG
from leaklint.drivers.psycopg2 import PSYCOPG2
from leaklint.drivers.psycopg_pool import PSYCOPG_POOL
from leaklint.drivers.pymssql import PYMSSQL
from leaklint.drivers.pymysql import PYMYSQL
from leaklint.drivers.pyodbc import PYODBC
from leaklint.drivers.redis import REDIS
from leaklint.drivers.snowflake import SNOWFLAKE
from leaklint.drivers.spec import Driver
from leaklint.drivers.sqlalchemy import SQLALCHEMY
from leaklint.drivers.sqlite3 import SQLITE3
from leaklint.drivers.sqlmodel import SQLMODEL
from leaklint.drivers.trino import TRINO
from leaklint.drivers.vertica import VERTICA

DRIVERS: tuple[Driver, ...] = (
    SQLALCHEMY,
    SQLMODEL,
    OSLO_DB,
    SQLITE3,
    PSYCOPG2,
    PSYCOPG,
    PSYCOPG_POOL,
    ASYNCPG,
    AIOPG,
    AIOSQLITE,
    PYMYSQL,
    MYSQLDB,
    MYSQL_CONNECTOR,
    AIOMYSQL,
    ASYNCMY,
    MARIADB,
    ORACLEDB,
    CX_ORACLE,
    PYODBC,
    AIOODBC,
    PYMSSQL,
    DUCKDB,
    CLICKHOUSE_DRIVER,
    CLICKHOUSE_CONNECT,
    SNOWFLAKE,
    TRINO,
    IMPALA,
    VERTICA,
    IBM_DB,
    JAYDEBEAPI,
    REDIS,
    DBUTILS,
    DATABASES,
    EVENTLET,
    PEEWEE,
    DATAFRAMES,
    CONVENTIONS,
)
