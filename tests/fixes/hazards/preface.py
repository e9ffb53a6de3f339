# %% the first cell

"""What stands before the imports stays before them."""
__docformat__ = "restructuredtext"

# %% auto 0
__all__ = ["sizes"]

# %% the second cell
import sqlite3
import sys


def sizes(path):
    # safe: the import joins the others
    conn = sqlite3.connect(path)
    print(sys.argv, conn.execute("SELECT count(*) FROM files").fetchone())
    conn.close()
