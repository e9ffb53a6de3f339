"""Keep an inventory in an SQLite file: a small command-line script."""

import csv
import sqlite3
import sys
from contextlib import closing


def open_inventory(path):
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE IF NOT EXISTS items (name TEXT PRIMARY KEY, amount INTEGER)")
    return conn


def add(path, name, amount):
    with sqlite3.connect(path) as conn:
        conn.execute("INSERT INTO items VALUES (?, ?)", (name, amount))


def load(path, source):
    conn = open_inventory(path)
    with open(source, newline="") as lines:
        for name, amount in csv.reader(lines):
            conn.execute("INSERT OR REPLACE INTO items VALUES (?, ?)", (name, int(amount)))
    conn.commit()
    conn.close()


def export(path, target):
    with closing(open_inventory(path)) as conn, open(target, "w", newline="") as lines:
        csv.writer(lines).writerows(conn.execute("SELECT name, amount FROM items"))


def missing(path):
    conn = None
    try:
        conn = open_inventory(path)
        return [name for (name,) in conn.execute("SELECT name FROM items WHERE amount = 0")]
    except sqlite3.DatabaseError as error:
        print(f"{path}: {error}", file=sys.stderr)
        return []
    finally:
        if conn is None:
            conn.close()


if __name__ == "__main__":
    load("inventory.db", sys.argv[1])
    print("\n".join(missing("inventory.db")))
