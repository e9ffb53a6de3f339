"""aiopg."""

from drivers.bench import Bench


class Connect(Bench):
    modules = ("aiopg",)
    insert = 'cursor = await conn.cursor()\nawait cursor.execute("INSERT INTO numbers VALUES (1)")'
    commit = ""


class Acquire(Connect):
    def room(self, kind):
        from aiopg import create_pool

        return create_pool(minsize=1, maxsize=1, **self.account.options())

    def taken(self):
        return self.pool.size - self.pool.freesize

    async def stop(self):
        self.pool.terminate()


BENCHES = (Connect, Acquire)
