"""peewee: silent on purpose, since what is acquired is neither a value nor anybody's.

`Database.connect()` returns a boolean. The connection is state of the thread, opened by the first query where need be,
and `db.connection_context()` closes it without the database object being released.
"""

from leaklint.drivers.spec import Driver

PEEWEE = Driver(name="peewee", title="peewee", libraries=("peewee", "playhouse"))
