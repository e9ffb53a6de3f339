"""How much work a run is: upper bounds on what it opens, parses and interprets, and on how that grows.

Seconds depend on the machine; these numbers do not. A change that needs more has to say why, here.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.operations import Operations, counted
from leaklint import growth as growth_of_project
from leaklint.cache import sight
from leaklint.check import check
from leaklint.config import Settings
from leaklint.discover import File, display_name

SETTINGS = Settings()
IDLE = '"""Nothing here acquires anything."""\n\n\ndef total(rows):\n    return sum(row.price for row in rows)\n'
POOL = """from psycopg2.pool import ThreadedConnectionPool

pool = ThreadedConnectionPool(1, 8, "dbname=shop")


def lease():
    return pool.getconn()


def give_back(conn):
    pool.putconn(conn)


def unrelated(rows):
    return [row for row in rows if row]
"""
USER = """from pool import give_back, lease


def orders_{number}(customer):
    conn = lease()
    try:
        with conn.cursor() as cursor:
            cursor.execute("SELECT 1", customer)
            for row in cursor:
                if row[0] > {number}:
                    return row
    finally:
        give_back(conn)


def prices_{number}(rows):
    found = []
    for row in rows:
        found.append(row.price)
    return found
"""


def operations(folder: Path, sources: dict[str, str], cache: Path | None = None) -> tuple[Operations, list[str]]:
    """What checking these sources takes, and the codes found; they are left alone where they are the same."""
    files = []
    for name, text in sources.items():
        path = folder / f"{name}.py"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
        files.append(File(path, display_name(str(path)), SETTINGS))
    with counted() as done:
        outcome = check(files, cache=cache)
    return done, [finding.code for finding in outcome.findings]


def shop(users: int, idle: int) -> dict[str, str]:
    return {
        "pool": POOL,
        **{f"user{number}": USER.format(number=number) for number in range(users)},
        **{f"idle{number}": IDLE + "#" * 40_000 for number in range(idle)},
    }


def test_a_project_costs_what_matters_in_it(tmp_path):
    done, codes = operations(tmp_path, shop(users=20, idle=40))
    assert codes == []
    assert done.opened <= 61, "each file once"
    assert len(done.functions) <= 22, "each function that uses a connection once, no other"
    assert done.parsed_by_libcst <= 5_600
    assert done.statements <= 260
    assert done.states <= 260


@pytest.fixture
def kept(tmp_path, monkeypatch) -> Path:
    """The cache of a run an hour ago."""
    cache = tmp_path / "kept" / "cache.sqlite"
    now = time.time_ns()
    operations(tmp_path, shop(users=20, idle=40), cache)
    monkeypatch.setattr(sight.time, "time_ns", lambda: now + 3_600_000_000_000)
    operations(tmp_path, shop(users=20, idle=40), cache)
    return cache


def test_where_nothing_changed_no_file_is_opened(tmp_path, kept):
    done, _ = operations(tmp_path, shop(users=20, idle=40), kept)
    assert (done.opened, done.indexed, done.functions, done.statements, done.states) == (0, [], [], 0, 0)


def test_where_one_file_changed_that_one_is_analysed(tmp_path, kept):
    sources = shop(users=20, idle=40)
    sources["user7"] += "\n\ndef more():\n    return 1\n"
    done, _ = operations(tmp_path, sources, kept)
    assert done.opened <= 3, "the file itself, and the pool for its index and for its lines"
    assert done.parsed_by_ast <= 500, "the file itself; the index of the pool is kept"
    assert len(done.functions) <= 3, "its function, and the two of the pool that it calls"
    assert done.parsed_by_libcst <= 400
    assert done.statements <= 18
    assert done.states <= 18


def test_files_without_any_such_name_are_parsed_only_for_their_syntax(tmp_path):
    few, _ = operations(tmp_path, shop(users=5, idle=30))
    many, _ = operations(tmp_path, shop(users=5, idle=60))
    assert len(many.indexed) - len(few.indexed) <= 30, "once each, to tell of syntax errors"
    assert (many.functions, many.statements, many.states) == (few.functions, few.statements, few.states)


def growth(measured: Iterable[int]) -> list[float]:
    numbers = list(measured)
    return [after / before for before, after in pairwise(numbers)]


def test_straight_code_costs_in_proportion_to_its_length(tmp_path):
    head = "import sqlite3\n\n\ndef load():\n    conn = sqlite3.connect('x')\n"
    sizes = (50, 100, 200, 400)
    runs = [
        operations(tmp_path, {"long": head + "    conn.execute('SELECT 1')\n" * size + "    conn.close()\n"})[0]
        for size in sizes
    ]
    assert all(ratio <= 2.1 for ratio in growth(run.states for run in runs))


def test_files_cost_in_proportion_to_their_number(tmp_path):
    runs = [operations(tmp_path, shop(users=count, idle=0))[0] for count in (10, 20, 40)]
    for ratios in (growth(run.states for run in runs), growth(run.parsed_by_libcst for run in runs)):
        assert all(ratio <= 2.1 for ratio in ratios)


def test_a_chain_of_500_wrappers_is_followed_to_its_end(tmp_path):
    links = [f"def link{n}():\n    return link{n - 1}()\n" for n in range(1, 501)]
    text = "import sqlite3\n\n\ndef link0():\n    return sqlite3.connect('x')\n\n\n" + "\n\n".join(links)
    text += "\n\ndef user():\n    conn = link500()\n    conn.execute('SELECT 1')\n"
    done, codes = operations(tmp_path, {"chain": text})
    assert codes == ["LKN101"]
    assert done.statements <= 1_100


@pytest.mark.parametrize("step", [1, -1], ids=["downwards", "upwards"])
def test_wrappers_in_one_file_are_found_in_one_round(tmp_path, step, monkeypatch):
    rounds: list[Path] = []
    listen = growth_of_project.listen
    monkeypatch.setattr(growth_of_project, "listen", lambda *a: (rounds.append(a[2]), listen(*a)))
    links = [f"def link{n}():\n    return link{n - 1}()\n" for n in range(1, 101)][::step]
    text = "import sqlite3\n\n\ndef link0():\n    return sqlite3.connect('x')\n\n\n" + "\n\n".join(links)
    operations(tmp_path, {"chain": text})
    assert len(rounds) <= 2, "and once more, since the names that were found are looked for everywhere"


@pytest.mark.parametrize("length", [2, 40])
def test_functions_that_call_one_another_in_a_ring_come_to_an_end(tmp_path, length):
    ring = [
        f"def f{n}(flag):\n    if flag:\n        return f{(n + 1) % length}(flag)\n    return sqlite3.connect('x')\n"
        for n in range(length)
    ]
    user = "\n\ndef user():\n    conn = f0(1)\n    conn.execute('SELECT 1')\n"
    done, codes = operations(tmp_path, {"ring": "import sqlite3\n\n\n" + "\n\n".join(ring) + user})
    assert codes == ["LKN101"]
    assert done.statements <= 40 * length


def test_5000_methods_of_one_name_are_no_trouble(tmp_path):
    classes = [f"class C{n}:\n    def lease_it(self):\n        return sqlite3.connect('x')\n" for n in range(5000)]
    users = [f"def user{n}(thing):\n    conn = thing.lease_it()\n    conn.execute('SELECT 1')\n" for n in range(50)]
    text = "import sqlite3\n\n\n" + "\n\n".join(classes + users)
    done, _ = operations(tmp_path, {"many": text})
    assert len(done.functions) <= 5_050
    assert done.statements <= 5_500
