"""MariaDB Connector/Python."""

import itertools

from drivers.bench import Bench

NAMES = map("pool{}".format, itertools.count(1))


class Connect(Bench):
    modules = ("mariadb",)
    server = "mariadb"


class GetConnection(Connect):
    def keyword(self, name):
        return next(NAMES)

    def room(self, kind):
        return kind(pool_name=next(NAMES), pool_size=1, **self.account.options())

    def taken(self):
        return len(self.pool._connections_used)


BENCHES = (GetConnection, Connect)
