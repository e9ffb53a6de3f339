"""The proof of a rewrite, given rewrites that are wrong on purpose: each step of it has to notice its own."""

from __future__ import annotations

import ast

import msgspec
import pytest

from leaklint.drivers import DRIVERS
from leaklint.finding import Finding
from leaklint.fixes.case import Case, Facts, Proposal, Refused
from leaklint.fixes.edits import Change
from leaklint.fixes.text import Text
from leaklint.fixes.verify import verify

FINDING = Finding(
    code="LKN102",
    name="leak-on-exception",
    message="",
    severity="warning",
    confidence="high",
    filename="a.py",
    line=1,
    column=1,
    end_line=1,
    end_column=1,
    function="load",
    driver="sqlite3",
    resource="connection",
)
BEFORE = """from contextlib import closing
import sqlite3

def load(path, log):
    conn = sqlite3.connect(path)
    cur = conn.cursor()
    cur.execute("SELECT 1")  # all of them
    rows = cur.fetchall()
    conn.close()
    log(rows)
    return rows
"""
RIGHT = """from contextlib import closing
import sqlite3

def load(path, log):
    with closing(sqlite3.connect(path)) as conn:
        cur = conn.cursor()
        cur.execute("SELECT 1")  # all of them
        rows = cur.fetchall()
    log(rows)
    return rows
"""


def proven(before: str, *changes: Change, driver: str = "sqlite3", left: tuple[Finding, ...] = ()) -> str:
    """The proof of any change at all; `left` is what the analysis would find in the new text."""
    tree = ast.parse(before)
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    call = next(node for node in calls if ast.unparse(node.func).endswith(("connect", "getconn")))
    resource = next(one for one in DRIVERS if one.name == driver).acquisitions[
        ast.unparse(call.func).endswith("getconn")
    ]
    case = Case(Text(before), tree, call, Facts("LKN102", driver, resource))
    proposal = Proposal(changes, "safe", "", frozenset({"close", "putconn"}))
    return verify(case, proposal, FINDING, lambda text: [FINDING] if text == before else left)


def rewritten(before: str, after: str, **others: object) -> str:
    return proven(before, Change(0, len(before), after), **others)  # type: ignore[arg-type]


def test_what_is_right_is_proven():
    assert rewritten(BEFORE, RIGHT) == RIGHT


def test_changes_that_want_the_same_text():
    with pytest.raises(Refused, match="want the same text"):
        proven(BEFORE, Change(0, 5, "a"), Change(3, 8, "b"))


WRONG = {
    "it has to parse": ("    with closing", "   with closing", "would not parse"),
    "it has to compile": ("    return rows", "    return rows\n    nonlocal path", "would not parse"),
    "comments stay": ("  # all of them", "", "comment `# all of them` would be lost"),
    "calls stay": ("    log(rows)\n", "", "the call of `log` would be lost"),
    "names are bound": ("closing(sqlite3", "contextlib.closing(sqlite3", "`contextlib` would be unbound"),
    "the acquisition stays": ("sqlite3.connect(path))", "sqlite3.connect(path + ''))", "as often as it was"),
    "nothing reads the handle": ("    log(rows)", "    log(rows, conn)", "`conn` would be read after the release"),
    "nothing reads what hangs on it": ("return rows", "return cur", "`cur` would be read after the release"),
    "nothing is read where a fetch is": (
        "        rows = cur.fetchall()\n    log(rows)\n",
        "        log(cur)\n    rows = cur.fetchall()\n",
        "`cur` would be read after the release",
    ),
    "nothing that hangs on it is taken out of the block": (
        "        rows = cur.fetchall()\n    log(rows)\n    return rows",
        "        rows = cur.fetchall()\n        log(rows)\n        return cur",
        "`cur` would be read after the release",
    ),
}


@pytest.mark.parametrize("step", WRONG)
def test_what_is_wrong_is_refused(step: str):
    right, wrong, words = WRONG[step]
    assert RIGHT.count(right) == 1
    with pytest.raises(Refused, match=words):
        rewritten(BEFORE, RIGHT.replace(right, wrong))


def test_the_finding_has_to_be_gone():
    with pytest.raises(Refused, match=r"would still leak \(LKN102\)"):
        rewritten(BEFORE, RIGHT, left=(FINDING,))


def test_no_other_may_come():
    other = msgspec.structs.replace(FINDING, function="save")
    with pytest.raises(Refused, match="something else would leak in `save`"):
        rewritten(BEFORE, RIGHT, left=(other,))


def test_the_file_has_to_be_readable():
    unread = msgspec.structs.replace(FINDING, code="LKN901", function="")
    with pytest.raises(Refused, match="could not be read"):
        rewritten(BEFORE, RIGHT, left=(unread,))


OUTER = """import sqlite3

def load(path):
    def tell():
        return conn
    found = sqlite3.connect(path)
    found.close()
    return tell

conn = 1
"""


def test_a_new_name_hides_none_that_is_read_further_in():
    after = OUTER.replace("found.close()", "found.close()\n    conn = None")
    with pytest.raises(Refused, match="would be hidden"):
        rewritten(OUTER, after)


def test_a_name_keeps_its_meaning():
    after = BEFORE.replace("log(rows)", "log(rows)\n    import sqlite3")
    with pytest.raises(Refused, match="`sqlite3` would mean something else"):
        rewritten(BEFORE, after)


POOL = """import psycopg2

def load(pool):
    conn = pool.getconn()
    if not conn.ready():
        pool.putconn(conn)
        return None
    rows = conn.rows()
    pool.putconn(conn)
    return rows
"""
POOL_RIGHT = """import psycopg2

def load(pool):
    conn = pool.getconn()
    try:
        if not conn.ready():
            return None
        rows = conn.rows()
    finally:
        pool.putconn(conn)
    return rows
"""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("            return None", "            pool.putconn(conn)\n            return None"),
        ("    return rows", "    pool.putconn(conn)\n    return rows"),
        ("        pool.putconn(conn)", "        pool.putconn(conn)\n        pool.putconn(conn)"),
    ],
)
def test_nothing_is_released_twice(right: str, wrong: str):
    assert rewritten(POOL, POOL_RIGHT, driver="psycopg2") == POOL_RIGHT
    with pytest.raises(Refused, match="`conn` would be released a second time"):
        rewritten(POOL, POOL_RIGHT.replace(right, wrong), driver="psycopg2")


def test_a_second_release_that_the_driver_forgives_may_stay():
    after = RIGHT.replace("    log(rows)", "        conn.close()\n    log(rows)")
    assert rewritten(BEFORE, after) == after


def test_what_was_read_too_late_before_may_be_so_still():
    before, after = (text.replace("log(rows)", "log(rows, cur.description)") for text in (BEFORE, RIGHT))
    assert rewritten(before, after) == after


def test_a_name_bound_anew_is_another_handle():
    more = "    log(rows)\n    cur = path.cursor()\n    log(cur)\n"
    before, after = (text.replace("    log(rows)\n", more) for text in (BEFORE, RIGHT))
    assert rewritten(before, after) == after
