"""sqlite3 of the running Python."""

from drivers.bench import Bench


class Connect(Bench):
    modules = ("sqlite3",)
    server = "sqlite3"
    insert = 'conn.execute("INSERT INTO numbers VALUES (1)")'

    def arguments(self):
        return {"database": self.account.database}


BENCHES = (Connect,)
