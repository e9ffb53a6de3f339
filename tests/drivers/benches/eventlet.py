"""eventlet.db_pool around psycopg2."""

from pkgutil import resolve_name

from drivers.bench import Bench


class Get(Bench):
    modules = ("eventlet.db_pool", "psycopg2")

    def room(self, kind):
        return kind(resolve_name("psycopg2"), min_size=0, max_size=1, **self.account.options())

    def taken(self):
        return self.pool.current_size - len(self.pool.free_items)


BENCHES = (Get,)
