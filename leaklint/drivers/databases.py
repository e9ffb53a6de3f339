"""databases: silent on purpose, since what is acquired is no value.

`Database.connect()` returns nothing: it opens the pool of an object that was built long before, and usually is the
application's. `connection()` takes on entry only.
"""

from leaklint.drivers.spec import Driver

DATABASES = Driver(name="databases", title="databases", libraries=("databases",))
