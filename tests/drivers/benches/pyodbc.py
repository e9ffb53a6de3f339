"""pyodbc with the ODBC driver of PostgreSQL."""

from drivers.bench import Bench

DRIVER = "PostgreSQL Unicode"


class Connect(Bench):
    modules = ("pyodbc",)

    def arguments(self):
        names = self.account.options(host="SERVER", port="PORT", user="UID", password="PWD")
        return {"driver": DRIVER, **names}


BENCHES = (Connect,)
