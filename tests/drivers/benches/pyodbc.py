"""pyodbc with the ODBC driver of PostgreSQL."""

from pkgutil import resolve_name

from drivers.bench import Bench

DRIVER = "PostgreSQL Unicode"


class Connect(Bench):
    modules = ("pyodbc",)

    @classmethod
    def missing(cls):
        known = DRIVER in resolve_name("pyodbc").drivers()
        return "" if known else f"the ODBC driver {DRIVER} is not installed: apt-get install -y odbc-postgresql"

    def arguments(self):
        names = self.account.options(host="SERVER", port="PORT", user="UID", password="PWD")
        return {"driver": DRIVER, **names}


BENCHES = (Connect,)
