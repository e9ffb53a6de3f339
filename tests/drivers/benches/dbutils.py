"""DBUtils around psycopg2, the simple one around PyMySQL, since it lends without counting where threads may share."""

from pkgutil import resolve_name

from drivers.bench import Bench


class Connection(Bench):
    modules = ("dbutils.pooled_db", "psycopg2")

    def room(self, kind):
        return kind(resolve_name("psycopg2"), maxconnections=1, mincached=1, **self.account.options())

    def taken(self):
        return self.pool._connections

    async def stop(self):
        self.pool.close()


class SimpleConnection(Bench):
    modules = ("dbutils.simple_pooled_db", "pymysql")
    server = "mariadb"

    def room(self, kind):
        return kind(resolve_name("pymysql"), 1, **self.account.options())

    def taken(self):
        return 1 - self.pool._queue.qsize()


class Steady(Bench):
    modules = ("dbutils.steady_db", "psycopg2")

    def arguments(self):
        return {"creator": resolve_name("psycopg2"), **self.account.options()}


BENCHES = (Connection, SimpleConnection, Steady)
