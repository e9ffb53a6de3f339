"""Call graphs made to be hard, and a project of 2,000 files in which little changes: what they take.

`python benchmarks/graphs.py` writes `graphs.md` beside this file. Each run is a process of its own, so that the memory
is its own; seconds are of processor time.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.limits import apart  # noqa: E402
from benchmarks.operations import counted  # noqa: E402
from leaklint.cache import sight  # noqa: E402
from leaklint.check import check  # noqa: E402
from leaklint.config import Settings  # noqa: E402
from leaklint.discover import File  # noqa: E402

PAGE = Path(__file__).with_suffix(".md")
HEAD = "import sqlite3\n\n\n"
USER = "\n\ndef user():\n    conn = {}\n    conn.execute('SELECT 1')\n"
FILES, ACQUIRING = 2_000, 200
SETTINGS = Settings()
COUNTS = ("findings", "opened", "indexed", "functions", "statements")
HOUR = 3_600_000_000_000

Sources = dict[str, str]


def chain(length: int = 500) -> Sources:
    """Wrappers of wrappers."""
    links = [f"def f{n}():\n    return f{n - 1}()\n" for n in range(1, length + 1)]
    first = "def f0():\n    return sqlite3.connect('x')\n\n\n"
    return {"chain": HEAD + first + "\n\n".join(links) + USER.format(f"f{length}()")}


def giving_chain(length: int = 500) -> Sources:
    """Helpers that hand what they are given on to helpers; the last one releases."""
    links = [f"def f{n}(conn):\n    f{n - 1}(conn)\n" for n in range(1, length + 1)]
    text = HEAD + "def f0(conn):\n    conn.close()\n\n\n" + "\n\n".join(links)
    return {"giving": text + f"\n\ndef user():\n    conn = sqlite3.connect('x')\n    f{length}(conn)\n"}


def ring(length: int = 100) -> Sources:
    """Functions that call one another in a ring."""
    body = "def f{n}(flag):\n    if flag:\n        return f{next}(flag)\n    return sqlite3.connect('x')\n"
    links = [body.format(n=n, next=(n + 1) % length) for n in range(length)]
    return {"ring": HEAD + "\n\n".join(links) + USER.format("f0(1)")}


def clique(size: int = 30) -> Sources:
    """Functions that all call all the others."""
    calls = "".join(f"    if flag == {n}:\n        return f{n}(flag)\n" for n in range(size))
    links = [f"def f{n}(flag):\n{calls}    return sqlite3.connect('x')\n" for n in range(size)]
    return {"clique": HEAD + "\n\n".join(links) + USER.format("f0(1)")}


def namesakes(count: int = 5_000) -> Sources:
    """Methods of one name, and 50 functions that call it on who knows what."""
    classes = [f"class C{n}:\n    def lease_it(self):\n        return sqlite3.connect('x')\n" for n in range(count)]
    users = [f"def user{n}(thing):\n    conn = thing.lease_it()\n    conn.execute('SELECT 1')\n" for n in range(50)]
    return {"many": HEAD + "\n\n".join(classes + users)}


GRAPHS: dict[str, Callable[[], Sources]] = {
    "500 wrappers of one another": chain,
    "500 helpers that pass a connection on": giving_chain,
    "a ring of 100 functions": ring,
    "30 functions that all call one another": clique,
    "5,000 methods of one name": namesakes,
}

POOL = """from psycopg2.pool import ThreadedConnectionPool

pool = ThreadedConnectionPool(1, 8, "dbname=shop")


def lease():
    return pool.getconn()


def give_back(conn):
    pool.putconn(conn)
"""
ORDERS = """from pool import give_back, lease


def orders_{number}(customer):
    conn = lease()
    try:
        return conn.cursor().fetchall()
    finally:
        give_back(conn)
"""
IDLE = "def total(rows):\n    return sum(row.price for row in rows)\n"
MORE = "\n\ndef more(rows):\n    return len(rows)\n"
FORGETFUL = POOL.replace("pool.putconn(conn)", "conn.commit()")


def project() -> Sources:
    users = {f"orders{number}": ORDERS.format(number=number) for number in range(ACQUIRING)}
    return {"pool": POOL, **users, **{f"idle{number}": IDLE for number in range(FILES - 1 - ACQUIRING)}}


CHANGES: dict[str, Sources] = {
    "nothing changed": {},
    "a function added where nothing is acquired": {"idle7": IDLE + MORE},
    "a function added where something is": {"orders7": ORDERS.format(number=7) + MORE},
    "the helper no longer gives connections back": {"pool": FORGETFUL},
}


def measured(folder: Path, sources: Sources, cache: Path | None = None) -> dict[str, Any]:
    """What checking these sources takes; those that lie there already are left alone."""
    files = []
    for name, text in sources.items():
        path = folder / f"{name}.py"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
        files.append(File(path, path.name, SETTINGS))
    start = time.process_time()
    with counted() as done:
        outcome = check(files, cache=cache)
    return {
        "seconds": time.process_time() - start,
        "findings": len(outcome.findings),
        "opened": done.opened,
        "indexed": len(done.indexed),
        "functions": len(done.functions),
        "statements": done.statements,
    }


def graphs(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, made in GRAPHS.items():
        yield name, apart(lambda made=made: measured(folder, made()))  # type: ignore[misc]


def changes(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The first run of the project, and one after each change; nothing else is different each time."""
    cache = folder / "kept" / "cache.sqlite"
    whole = project()
    yield "the first run", apart(lambda: measured(folder, whole, cache))
    later = time.time_ns() + HOUR
    with patch.object(sight.time, "time_ns", lambda: later):  # what was written just now is looked at once more
        for name, changed in CHANGES.items():
            apart(lambda: measured(folder, whole, cache))
            yield name, apart(lambda changed=changed: measured(folder, {**whole, **changed}, cache))  # type: ignore[misc]


def table(rows: Iterator[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    yield "| what | seconds | memory (MB) | findings | searched | indexed | functions parsed | statements interpreted |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for name, row in rows:
        numbers = " | ".join(f"{row[key]:,}" for key in COUNTS)
        yield f"| {name} | {row['seconds']:.1f} | {row['memory']:.0f} | {numbers} |"


def page(folder: Path) -> Iterator[str]:
    (folder / "graphs").mkdir()
    (folder / "project").mkdir()
    yield "# Hard call graphs, and a large project\n"
    yield "Written by `python benchmarks/graphs.py`. Seconds are processor time of one process; the memory is the most"
    yield "that this process had, some 30 MB of which are Python itself. Counts do not depend on the machine.\n"
    yield from table(graphs(folder / "graphs"))
    yield f"\n{FILES:,} files, {ACQUIRING} of which take a connection from a helper in another one, with a cache:\n"
    yield from table(changes(folder / "project"))


def main() -> None:
    """Write the page, or tell all rows as JSON."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if sys.argv[1:] == ["--json"]:
            sys.stdout.write(json.dumps({**dict(graphs(folder)), **dict(changes(folder))}))
        else:
            PAGE.write_text("\n".join(page(folder)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
