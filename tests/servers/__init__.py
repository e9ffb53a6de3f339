"""Real database servers for the tests, each started by the first test that needs it."""

from servers import clickhouse, mariadb, postgres, redis
from servers.files import Files

SERVERS = {
    "postgres": postgres,
    "mariadb": mariadb,
    "redis": redis,
    "clickhouse": clickhouse,
    "sqlite3": Files("sqlite3"),
    "duckdb": Files("duckdb"),
}
