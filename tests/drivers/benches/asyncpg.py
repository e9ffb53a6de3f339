"""asyncpg."""

from drivers.bench import Bench


class Connect(Bench):
    modules = ("asyncpg",)
    insert = 'await conn.execute("INSERT INTO numbers VALUES (1)")'
    commit = ""


class Acquire(Connect):
    def room(self, kind):
        from asyncpg import create_pool

        return create_pool(min_size=1, max_size=1, **self.account.options())

    def taken(self):
        return self.pool.get_size() - self.pool.get_idle_size()

    async def stop(self):
        self.pool.terminate()


BENCHES = (Connect, Acquire)
