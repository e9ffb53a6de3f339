"""aioodbc with the ODBC driver of PostgreSQL."""

from drivers.benches import pyodbc


class Connect(pyodbc.Connect):
    modules = ("aioodbc",)
    insert = (
        'cursor = await conn.cursor()\nawait cursor.execute("INSERT INTO numbers VALUES (1)")\nawait cursor.close()'
    )
    commit = "await conn.commit()"

    def arguments(self):
        names = self.account.options(host="SERVER", port="PORT", user="UID", password="PWD")
        words = {"DRIVER": f"{{{pyodbc.DRIVER}}}", **names}
        return {"dsn": ";".join(f"{word}={value}" for word, value in words.items())}


class Acquire(Connect):
    def room(self, kind):
        from aioodbc import create_pool

        return create_pool(minsize=1, maxsize=1, **self.arguments())

    def taken(self):
        return self.pool.size - self.pool.freesize

    async def stop(self):
        self.pool.close()


BENCHES = (Connect, Acquire)
