"""User accounts behind a psycopg2 pool: nobody can log in after lunch."""

import logging
import time

import psycopg2
from psycopg2.pool import PoolError, ThreadedConnectionPool

logger = logging.getLogger(__name__)


class UserService:
    """Every method borrows a connection from the pool and gives it back, or means to."""

    def __init__(self, dsn: str) -> None:
        self.pool = ThreadedConnectionPool(minconn=2, maxconn=20, dsn=dsn)
        self.taken: dict[int, float] = {}

    def _conn(self):
        """Take a connection and make sure that the server is still there."""
        try:
            conn = self.pool.getconn()
            self.taken[id(conn)] = time.monotonic()
            try:
                conn.cursor().execute("SELECT 1")
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                logger.warning("connection was dead, taking another one")
                conn.close()
                conn = self.pool.getconn()
            return conn
        except PoolError:
            logger.error("connection pool is full")
            raise

    def _return(self, conn) -> None:
        self.pool.putconn(conn)
        self.taken.pop(id(conn), None)

    def login(self, email: str, digest: str) -> int | None:
        conn = self._conn()
        cur = conn.cursor()
        cur.execute("SELECT id, digest FROM users WHERE email = %s", (email,))
        row = cur.fetchone()
        if row is None:
            return None
        self._return(conn)
        return row[0] if row[1] == digest else None

    def rename(self, user_id: int, name: str) -> None:
        conn = self._conn()
        with conn.cursor() as cur:
            cur.execute("UPDATE users SET name = %s WHERE id = %s", (name, user_id))
        conn.commit()
        self._return(conn)

    def lock(self, user_id: int, reason: str) -> None:
        conn = self._conn()
        try:
            with conn.cursor() as cur:
                cur.execute("UPDATE users SET locked = %s WHERE id = %s", (reason, user_id))
            conn.commit()
        finally:
            self._return(conn)

    def warm_up(self, statements: list[str]) -> None:
        for statement in statements:
            conn = self.pool.getconn()
            conn.cursor().execute(statement)
