"""psycopg2, alone and with its pools."""

from drivers.bench import Bench


class Connect(Bench):
    modules = ("psycopg2",)


class Getconn(Bench):
    modules = ("psycopg2", "psycopg2.pool")

    def room(self, kind):
        return kind(1, 1, **self.account.options())

    def taken(self):
        return len(self.pool._used)

    async def stop(self):
        self.pool.closeall()


BENCHES = (Connect, Getconn)
