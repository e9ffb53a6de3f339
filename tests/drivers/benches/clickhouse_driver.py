"""clickhouse-driver: nothing has to be committed."""

from drivers.bench import Bench


class Client(Bench):
    modules = ("clickhouse_driver",)
    server = "clickhouse"
    insert = 'conn.execute("INSERT INTO numbers SELECT 1")'
    commit = ""

    def arguments(self):
        by_url = self.way.endswith("from_url")
        return {"url": self.account.url("clickhouse")} if by_url else self.account.options()


class Connect(Client):
    insert = 'conn.cursor().execute("INSERT INTO numbers SELECT 1")'


BENCHES = (Client, Connect)
