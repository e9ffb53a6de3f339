"""psycopg_pool; its null pool keeps no connection that nobody uses."""

from drivers.bench import Bench, settled


class Getconn(Bench):
    modules = ("psycopg_pool",)
    insert = 'conn.execute("INSERT INTO numbers VALUES (1)")'

    async def room(self, kind):
        null = "Null" in kind.__name__
        pool = kind(self.account.url("postgresql"), min_size=0 if null else 1, max_size=1, timeout=1, open=False)
        await settled(pool.open())
        return pool

    def taken(self):
        stats = self.pool.get_stats()
        return stats["pool_size"] - stats["pool_available"]

    async def stop(self):
        await settled(self.pool.close(timeout=0))


class AsyncGetconn(Getconn):
    insert = 'await conn.execute("INSERT INTO numbers VALUES (1)")'
    commit = "await conn.commit()"


BENCHES = (Getconn, AsyncGetconn)
