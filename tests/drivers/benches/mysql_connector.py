"""MySQL Connector/Python, the pure Python implementation."""

import itertools

from drivers.bench import Bench

NAMES = map("pool{}".format, itertools.count(1))


class Connect(Bench):
    modules = ("mysql.connector",)
    server = "mariadb"

    def arguments(self):
        return {**self.account.options(), "use_pure": True}


class GetConnection(Connect):
    def room(self, kind):
        return kind(pool_name=next(NAMES), pool_size=1, **Connect.arguments(self))

    def keyword(self, name):
        return next(NAMES) if name == "pool_name" else 1

    def taken(self):
        return self.pool.pool_size - self.pool._cnx_queue.qsize()


class AsyncConnect(Bench):
    modules = ("mysql.connector.aio",)
    server = "mariadb"
    insert = 'cursor = await conn.cursor()\nawait cursor.execute("INSERT INTO numbers VALUES (1)")'
    commit = "await conn.commit()"

    def arguments(self):
        return {**self.account.options(), "ssl_disabled": True}


class AsyncGetConnection(AsyncConnect):
    def keyword(self, name):
        return next(NAMES) if name == "pool_name" else 1

    async def room(self, kind):
        pool = kind(pool_name=next(NAMES), pool_size=1, **self.arguments())
        await pool.initialize_pool()
        return pool

    def taken(self):
        return self.pool.pool_size - self.pool._cnx_queue.qsize()


BENCHES = (GetConnection, Connect, AsyncGetConnection, AsyncConnect)
