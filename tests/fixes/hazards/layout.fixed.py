# ruff: noqa
# fmt: off
"""Code whose form makes it hard to move."""

import contextlib
import sqlite3


def comments(path):
    # safe: every comment stays
    with contextlib.closing(sqlite3.connect(path)) as conn:  # open
        # before
        conn.execute("SELECT 1")  # use
# far left
        # behind
        # shut
    # end
    return path


def one_line(path):
    # refuse: several statements share a line with the acquisition
    conn = sqlite3.connect(path); conn.execute("SELECT 1"); conn.close()


def semicolon_at_the_end(path):
    # safe: the release goes, its neighbour stays
    with contextlib.closing(sqlite3.connect(path)) as conn:
        conn.execute("SELECT 1")
        conn.commit()


def semicolon_behind_the_end(path, tell):
    # refuse: statements share a line at the end of the block
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    conn.close(); tell(path)


def one_line_suite(path, bad):
    # safe: the suite keeps its line
    with contextlib.closing(sqlite3.connect(path)) as conn:
        if bad: return None
        conn.execute("SELECT 1")
    return path


def strings(path):
    # safe: the lines of a string are not shifted
    with contextlib.closing(sqlite3.connect(path)) as conn:
        conn.execute("""
SELECT 1
    FROM t
""")


def formatted(path, table):
    # safe: nor those of an f-string
    with contextlib.closing(sqlite3.connect(path)) as conn:
        conn.execute(f"""
SELECT {table}
    FROM t
""")


def backslash(path):
    # safe: a continued line stays continued
    with contextlib.closing(sqlite3.connect(path)) as conn:
        value = conn.execute("SELECT 1") \
            .fetchone()
    return value


def backslash_in_the_acquisition(path):
    # safe: here too
    with contextlib.closing(sqlite3.connect(path)) as conn:
        conn.execute("SELECT 1")


def parentheses(path):
    # safe: parentheses around the acquisition
    with contextlib.closing(sqlite3.connect(path)) as conn:
        conn.execute("SELECT 1")


def commented_parentheses(path):
    # safe: `finally` leaves the comment where it is
    conn = (  # a note
        sqlite3.connect(path)
    )
    try:
        conn.execute("SELECT 1")
    finally:
        conn.close()


def several_lines(path):
    # safe: the call keeps its lines
    with contextlib.closing(
        sqlite3.connect(
            path,
            timeout=5,  # seconds
        )
    ) as conn:
        conn.execute("SELECT 1")


def hanging(path):
    # safe: arguments that hang move together
    with contextlib.closing(sqlite3.connect(path,
                                            timeout=5)) as conn:
        conn.execute("SELECT 1")


def tabs(path):
	# safe: the file's own indentation is used
	with contextlib.closing(sqlite3.connect(path)) as conn:
		conn.execute("SELECT 1")
		if path:
			conn.commit()


def two_spaces(path):
  # safe: two of them are a level here
  with contextlib.closing(sqlite3.connect(path)) as conn:
    conn.execute("SELECT 1")
    conn.commit()


def annotated(path):
    # safe: the annotation stays
    conn: sqlite3.Connection
    with contextlib.closing(sqlite3.connect(path)) as conn:
        conn.execute("SELECT 1")


def docstring_behind(path):
    # safe: a nested function's docstring keeps its text
    with contextlib.closing(sqlite3.connect(path)) as conn:

        def rows():
            """Rows
        of t."""
            return conn.execute("SELECT 1").fetchall()

        found = rows()
    return found


@staticmethod
def decorated(path):
    # safe: decorators are no part of it
    with contextlib.closing(sqlite3.connect(path)) as conn:
        conn.execute("SELECT 1")


def finally_with_a_comment(path):
    # safe: the comment outlives its `finally`
    with contextlib.closing(sqlite3.connect(path)) as conn:
        conn.execute("SELECT 1")
        conn.execute("SELECT 2")
        # always


def comment_inside_finally(path):
    # refuse: there are comments in the suite that would be left empty
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    try:
        conn.execute("SELECT 2")
    finally:
        # whatever happened
        conn.close()


def ünïcödé(pfad):
    # safe: columns count characters
    größe = "ä"; größe += "ß"
    with contextlib.closing(sqlite3.connect(pfad)) as conn:  # ö
        conn.execute("SELECT 'ä'")
    return größe


def last_line_without_an_end(path):
    # safe: the file goes on without one
    with contextlib.closing(sqlite3.connect(path)) as conn:
        try:
            conn.execute("SELECT 1")
        except ValueError:
            path = None