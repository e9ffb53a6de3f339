"""psycopg 3."""

from drivers.bench import Bench


class Connect(Bench):
    modules = ("psycopg",)
    insert = 'conn.execute("INSERT INTO numbers VALUES (1)")'

    def arguments(self):
        return self.account.options(database="dbname")


class AsyncConnect(Connect):
    insert = 'await conn.execute("INSERT INTO numbers VALUES (1)")'
    commit = "await conn.commit()"


BENCHES = (Connect, AsyncConnect)
