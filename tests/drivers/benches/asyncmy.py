"""asyncmy."""

from drivers.bench import Bench


class Connect(Bench):
    modules = ("asyncmy",)
    server = "mariadb"
    insert = 'async with conn.cursor() as cursor:\n    await cursor.execute("INSERT INTO numbers VALUES (1)")'
    commit = "await conn.commit()"

    def arguments(self):
        return self.account.options()


class Acquire(Connect):
    def room(self, kind):
        from asyncmy import create_pool

        return create_pool(minsize=1, maxsize=1, **self.arguments())

    def taken(self):
        return self.pool.size - self.pool.freesize

    async def stop(self):
        self.pool.terminate()


BENCHES = (Connect, Acquire)
