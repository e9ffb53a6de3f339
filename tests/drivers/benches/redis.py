"""redis-py: what is inserted is an increment, which nothing has to commit."""

from drivers.bench import Bench, settled


class GetConnection(Bench):
    modules = ("redis",)
    server = "redis"
    insert = 'conn.send_command("INCR", conn.username)\nconn.read_response()'
    commit = ""

    def room(self, kind):
        options = self.account.options(user="username")
        return kind(max_connections=1, **{key: value for key, value in options.items() if key != "database"})

    def taken(self):
        if hasattr(self.pool, "_get_in_use_connections"):
            return len(self.pool._get_in_use_connections())
        return len(self.pool._in_use_connections)

    async def stop(self):
        await settled(self.pool.disconnect())


class AsyncGetConnection(GetConnection):
    modules = ("redis.asyncio",)
    insert = 'await conn.send_command("INCR", conn.username)\nawait conn.read_response()'


BENCHES = (GetConnection, AsyncGetConnection)
