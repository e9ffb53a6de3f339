"""What was found in a file is found anew when anything that it rests on changes, wherever that is, and only then."""

from __future__ import annotations

CLOSING = "def shut(conn):\n    conn.close()\n"
NOT_CLOSING = "def shut(conn):\n    print(conn)\n"
USER = """import sqlite3
from helper import shut


def read():
    conn = sqlite3.connect("x")
    shut(conn)
"""
OPEN = 'import sqlite3\n\n\ndef checkout():\n    return sqlite3.connect("x")\n'
LENT = "KEPT = None\n\n\ndef checkout():\n    return KEPT\n"
CALLER = 'from db import checkout\n\n\ndef work():\n    conn = checkout()\n    conn.execute("SELECT 1")\n'
BYSTANDER = 'import sqlite3\n\n\ndef other():\n    conn = sqlite3.connect("y")\n    conn.execute("SELECT 1")\n'


def test_a_helper_that_stops_closing_makes_its_callers_leak(project):
    project.write(helper=CLOSING, user=USER)
    assert project.again() == []
    project.write(helper=NOT_CLOSING)
    assert [line.split()[:2] for line in project.again()] == [["user:6", "LKN101"]]
    project.write(helper=CLOSING)
    assert project.again() == []


def test_only_what_changed_is_looked_at_again(project):
    project.write(helper=CLOSING, user=USER, db=OPEN, caller=CALLER, bystander=BYSTANDER)
    first = project.again()
    project.write(bystander=BYSTANDER + "\n\ndef added():\n    return 1\n")
    assert project.again() == first
    assert project.looked_at == ["bystander"]
    project.write(helper=CLOSING + "\n")
    assert project.again() == first
    assert project.looked_at == ["user"]


def test_nothing_is_looked_at_where_nothing_changed(project):
    project.write(helper=CLOSING, user=USER, db=OPEN, caller=CALLER)
    first = project.again()
    assert project.again() == first
    assert project.looked_at == []


def test_a_function_that_stops_giving_makes_its_callers_silent(project):
    project.write(db=OPEN, caller=CALLER, bystander=BYSTANDER)
    assert [line.split()[0] for line in project.again()] == ["bystander:5", "caller:5"]
    project.write(db=LENT)
    assert [line.split()[0] for line in project.again()] == ["bystander:5"]
    assert "bystander" not in project.looked_at
    project.write(db=OPEN)
    assert [line.split()[0] for line in project.again()] == ["bystander:5", "caller:5"]


def test_a_wrapper_of_a_wrapper_is_followed_to_its_end(project):
    middle = "from db import checkout\n\n\ndef lease():\n    return checkout()\n"
    far = CALLER.replace("db", "middle").replace("checkout", "lease")
    project.write(db=LENT, middle=middle, far=far, bystander=BYSTANDER)
    assert [line.split()[0] for line in project.again()] == ["bystander:5"]
    project.write(db=OPEN)
    assert [line.split()[0] for line in project.again()] == ["bystander:5", "far:5"]


def test_a_module_that_was_missing_counts_once_it_is_there(project):
    project.write(user=USER, bystander=BYSTANDER)
    assert [line.split()[0] for line in project.again("user", "bystander")] == ["bystander:5", "user:6"]
    project.write(helper=CLOSING)
    assert [line.split()[0] for line in project.again("user", "bystander")] == ["bystander:5"]
    assert project.looked_at == ["user"]


def test_a_file_around_those_given_is_rested_on_too(project):
    project.write(helper=CLOSING, user=USER)
    assert project.again("user") == []
    project.write(helper=NOT_CLOSING)
    assert [line.split()[0] for line in project.again("user")] == ["user:6"]


def test_a_base_class_that_stops_closing(project):
    base = "class Base:\n    def stop(self):\n        self.conn.close()\n"
    derived = """import sqlite3
from base import Base


class Store(Base):
    def __init__(self):
        self.conn = sqlite3.connect("x")


def use():
    store = Store()
    store.stop()
"""
    project.write(base=base, derived=derived)
    assert [line for line in project.again() if "LKN301" not in line] == []
    project.write(base=base.replace("self.conn.close()", "pass"))
    assert project.again() != []
    assert project.looked_at == ["derived"]


def test_a_dependency_is_thrown_into_because_another_file_says_so(project):
    source = """import sqlite3


def get_db():
    conn = sqlite3.connect("x")
    for _ in range(3):
        yield conn
    conn.close()
"""
    app = "from fastapi import Depends\nfrom source import get_db\n\n\ndef endpoint(db={}):\n    return db\n"
    project.write(source=source, app=app.format("None"), bystander=BYSTANDER)
    project.again()
    project.write(app=app.format("Depends(get_db)"))
    project.again()
    assert "source" in project.looked_at


def test_another_method_of_the_name_ends_the_agreement(project):
    pool = "import sqlite3\n\n\nclass {}:\n    def lease_one(self):\n        return {}\n"
    user = 'def work(thing):\n    conn = thing.lease_one()\n    conn.execute("SELECT 1")\n'
    project.write(one=pool.format("One", 'sqlite3.connect("x")'), user=user, bystander=BYSTANDER)
    assert [line.split()[0] for line in project.again()] == ["bystander:5", "user:2"]
    project.write(two=pool.format("Two", "None"))
    assert [line.split()[0] for line in project.again()] == ["bystander:5"]


def test_somebody_else_who_releases_a_field(project):
    owner = """import sqlite3


class Owner:
    def __init__(self):
        self.conn = sqlite3.connect("x")
"""
    project.write(owner=owner, bystander=BYSTANDER)
    assert any("LKN301" in line for line in project.again())
    project.write(elsewhere="from owner import Owner\n\n\ndef f():\n    o = Owner()\n    o.conn.close()\n")
    assert not any("LKN301" in line for line in project.again())


def test_a_file_that_goes_takes_its_findings_along(project):
    project.write(bystander=BYSTANDER, db=OPEN, caller=CALLER)
    assert len(project.again()) == 2
    (project.root / "src" / "bystander.py").unlink()
    assert [line.split()[0] for line in project.again()] == ["caller:5"]


def test_a_syntax_error_comes_and_goes(project):
    project.write(bystander=BYSTANDER, plain="x = 1\n")
    assert len(project.again()) == 1
    project.write(plain="x = = 1\n")
    assert any("LKN902" in line for line in project.again())
    assert any("LKN902" in line for line in project.again())
    project.write(plain="x = 1\n")
    assert len(project.again()) == 1
