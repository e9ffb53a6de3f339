"""mysqlclient."""

from drivers.bench import Bench


class Connect(Bench):
    modules = ("MySQLdb",)
    server = "mariadb"


BENCHES = (Connect,)
