"""One change after another, as somebody at work makes them: at each step the same is found as without a cache."""

from __future__ import annotations

import random

import pytest

from leaklint.cache import sight

POOL = "import sqlite3\n\n\nclass Pool:\n    def lease(self):\n        return {}\n"
OWNER = """import sqlite3
from base import Base


class Owner(Base):
    def __init__(self):
        self.conn = sqlite3.connect("x")
"""
VARIANTS = {
    "helper": (
        "def shut(conn):\n    conn.close()\n",
        "def shut(conn):\n    print(conn)\n",
        "from again import shut\n",
        "# noqa: LKN101\ndef shut(conn):\n    conn.close()\n",
        "def shut(conn:\n",
    ),
    "again": ("def shut(conn):\n    conn.close()\n", "shut = print\n", "x = 1\n"),
    "user": (
        "import sqlite3\nfrom helper import shut\n\n\ndef f():\n    conn = sqlite3.connect('x')\n    shut(conn)\n",
        "from helper import shut\n\n\ndef f():\n    shut(1)\n",
    ),
    "db": (
        "import sqlite3\n\n\ndef checkout():\n    return sqlite3.connect('x')\n",
        "def checkout():\n    return None\n",
        "from middle import checkout\n",
    ),
    "middle": ("import sqlite3\n\ncheckout = sqlite3.connect\n", "def checkout():\n    return 1\n", ""),
    "caller": (
        "from db import checkout\n\n\ndef g():\n    conn = checkout()\n    conn.execute('SELECT 1')\n",
        "x = 1\n",
    ),
    "pool": (POOL.format("sqlite3.connect('x')"), POOL.format("None"), "class Pool:\n    lease = None\n"),
    "taker": (
        "def h(pool):\n    conn = pool.lease()\n    conn.execute('SELECT 1')\n",
        "def h(pool):\n    return pool\n",
    ),
    "owner": (OWNER, OWNER + "\n\n    def stop(self):\n        self.conn.close()\n"),
    "base": (
        "class Base:\n    def stop(self):\n        self.conn.close()\n",
        "class Base:\n    pass\n",
        "class Base:\n    def stop(self):\n        pass\n",
    ),
    "done": (
        "from owner import Owner\n\n\ndef done():\n    owner = Owner()\n    owner.conn.close()\n",
        "def done(owner):\n    return owner\n",
    ),
    "plain": ("x = 1\n", "def total(rows):\n    return sum(rows)\n", "x = = 1\n", "x = 1  # noqa: LKN102\n"),
}


@pytest.mark.parametrize("size", ["small", "large", "huge"])
@pytest.mark.parametrize("seed", range(3))
def test_any_walk_finds_what_a_fresh_start_finds(project, monkeypatch, size, seed):
    """Of a large project no idle file is asked whom it calls; of a huge one, none is parsed."""
    if size != "small":
        for module in ("analysis", "glance", "growth"):
            monkeypatch.setattr(f"leaklint.{module}.FEW", 0)
    if size == "huge":
        monkeypatch.setattr("leaklint.analysis.MOST_UNASKED", 1)
    now = sight.time.time_ns()
    monkeypatch.setattr(sight.time, "time_ns", lambda: now + 3_600_000_000_000)  # how a file looks tells all
    choose = random.Random(seed)
    project.write(**{name: choose.choice(texts) for name, texts in VARIANTS.items()})
    for _ in range(25):
        changed = choose.sample(sorted(VARIANTS), choose.choice((0, 1, 1, 1, 2)))
        project.write(**{name: choose.choice(VARIANTS[name]) for name in changed})
        project.again(*(choose.sample(sorted(VARIANTS), 11) if choose.random() < 0.1 else ()))
