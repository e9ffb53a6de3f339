"""User accounts behind a pool; every method borrows a connection and gives it back, or means to."""

from psycopg2.pool import ThreadedConnectionPool


class UserService:
    def __init__(self, dsn):
        self.pool = ThreadedConnectionPool(1, 5, dsn)

    def _conn(self):
        return self.pool.getconn()

    def _return(self, conn):
        self.pool.putconn(conn)

    def login(self, email, digest):
        conn = self._conn()
        cur = conn.cursor()
        cur.execute("SELECT id, digest FROM users WHERE email = %s", (email,))
        row = cur.fetchone()
        if row is None:
            return None
        self._return(conn)
        return row[0] if row[1] == digest else None

    def rename(self, user_id, name):
        conn = self._conn()
        with conn.cursor() as cur:
            cur.execute("UPDATE users SET name = %s WHERE id = %s", (name, user_id))
        conn.commit()
        self._return(conn)

    def count(self):
        conn = self._conn()
        try:
            cur = conn.cursor()
            cur.execute("SELECT count(*) FROM users")
            return cur.fetchone()[0]
        finally:
            self._return(conn)
