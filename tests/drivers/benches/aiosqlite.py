"""aiosqlite."""

import threading
from pkgutil import resolve_name

from drivers.bench import Bench


class Connect(Bench):
    modules = ("aiosqlite",)
    server = "sqlite3"
    insert = 'await conn.execute("INSERT INTO numbers VALUES (1)")'
    commit = "await conn.commit()"

    def arguments(self):
        return {"database": self.account.database}

    async def stop(self):
        """Close what was dropped: before 0.22 it is a thread of its own, for which the interpreter waits."""
        for thread in threading.enumerate():
            if isinstance(thread, resolve_name("aiosqlite.Connection")):
                await thread.close()


BENCHES = (Connect,)
