"""DuckDB, which commits each statement unless told otherwise."""

from drivers.bench import Bench


class Connect(Bench):
    modules = ("duckdb",)
    server = "duckdb"
    insert = 'conn.execute("INSERT INTO numbers VALUES (1)")'
    commit = ""

    def arguments(self):
        return {"database": self.account.database}


BENCHES = (Connect,)
