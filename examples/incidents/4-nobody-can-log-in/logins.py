"""Who is logged in: another module that takes the service's connections."""

import os

from service import UserService

db = UserService(os.environ["DATABASE_URL"])


def start(email, digest):
    user_id = db.login(email, digest)
    if user_id is None:
        return False
    conn = db._conn()
    conn.cursor().execute("INSERT INTO logins VALUES (%s)", (user_id,))
    conn.commit()
    db._return(conn)
    return True
