# %% the first cell

"""What stands before the imports stays before them."""
__docformat__ = "restructuredtext"

# %% auto 0
__all__ = ["sizes"]

# %% the second cell
import sqlite3
import contextlib
import sys


def sizes(path):
    # safe: the import joins the others
    with contextlib.closing(sqlite3.connect(path)) as conn:
        print(sys.argv, conn.execute("SELECT count(*) FROM files").fetchone())
