# ruff: noqa
# fmt: off
"""Code whose form makes it hard to move."""

import sqlite3


def comments(path):
    # safe: every comment stays
    conn = sqlite3.connect(path)  # open
    # before
    conn.execute("SELECT 1")  # use
# far left
    # behind
    conn.close()  # shut
    # end
    return path


def one_line(path):
    # refuse: several statements share a line with the acquisition
    conn = sqlite3.connect(path); conn.execute("SELECT 1"); conn.close()


def semicolon_at_the_end(path):
    # safe: the release goes, its neighbour stays
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    conn.commit(); conn.close()


def semicolon_behind_the_end(path, tell):
    # refuse: statements share a line at the end of the block
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    conn.close(); tell(path)


def one_line_suite(path, bad):
    # safe: the suite keeps its line
    conn = sqlite3.connect(path)
    if bad: conn.close(); return None
    conn.execute("SELECT 1")
    conn.close()
    return path


def strings(path):
    # safe: the lines of a string are not shifted
    conn = sqlite3.connect(path)
    conn.execute("""
SELECT 1
    FROM t
""")
    conn.close()


def formatted(path, table):
    # safe: nor those of an f-string
    conn = sqlite3.connect(path)
    conn.execute(f"""
SELECT {table}
    FROM t
""")
    conn.close()


def backslash(path):
    # safe: a continued line stays continued
    conn = sqlite3.connect(path)
    value = conn.execute("SELECT 1") \
        .fetchone()
    conn.close()
    return value


def backslash_in_the_acquisition(path):
    # safe: here too
    conn = \
        sqlite3.connect(path)
    conn.execute("SELECT 1")
    conn.close()


def parentheses(path):
    # safe: parentheses around the acquisition
    conn = (
        sqlite3.connect(path)
    )
    conn.execute("SELECT 1")
    conn.close()


def commented_parentheses(path):
    # safe: `finally` leaves the comment where it is
    conn = (  # a note
        sqlite3.connect(path)
    )
    conn.execute("SELECT 1")
    conn.close()


def several_lines(path):
    # safe: the call keeps its lines
    conn = sqlite3.connect(
        path,
        timeout=5,  # seconds
    )
    conn.execute("SELECT 1")
    conn.close()


def hanging(path):
    # safe: arguments that hang move together
    conn = sqlite3.connect(path,
                           timeout=5)
    conn.execute("SELECT 1")
    conn.close()


def tabs(path):
	# safe: the file's own indentation is used
	conn = sqlite3.connect(path)
	conn.execute("SELECT 1")
	if path:
		conn.commit()
	conn.close()


def two_spaces(path):
  # safe: two of them are a level here
  conn = sqlite3.connect(path)
  conn.execute("SELECT 1")
  try:
    conn.commit()
  finally:
    conn.close()


def annotated(path):
    # safe: the annotation stays
    conn: sqlite3.Connection = sqlite3.connect(path)
    conn.execute("SELECT 1")
    conn.close()


def docstring_behind(path):
    # safe: a nested function's docstring keeps its text
    conn = sqlite3.connect(path)

    def rows():
        """Rows
        of t."""
        return conn.execute("SELECT 1").fetchall()

    found = rows()
    conn.close()
    return found


@staticmethod
def decorated(path):
    # safe: decorators are no part of it
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    conn.close()


def finally_with_a_comment(path):
    # safe: the comment outlives its `finally`
    conn = sqlite3.connect(path)
    conn.execute("SELECT 1")
    try:
        conn.execute("SELECT 2")
    finally:  # always
        conn.close()


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
    conn = sqlite3.connect(pfad)  # ö
    conn.execute("SELECT 'ä'")
    conn.close()
    return größe


def last_line_without_an_end(path):
    # safe: the file goes on without one
    conn = sqlite3.connect(path)
    try:
        conn.execute("SELECT 1")
    except ValueError:
        path = None
    conn.close()