"""PyMySQL."""

from drivers.bench import Bench


class Connect(Bench):
    modules = ("pymysql",)
    server = "mariadb"

    def keyword(self, name):
        return True


BENCHES = (Connect,)
