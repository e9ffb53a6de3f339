"""The words of the generated programs: names, acquisitions, releases, conditions."""

from __future__ import annotations

import random
from collections.abc import Callable

TYPES = ("ValueError", "KeyError", "Exception", "BaseException", "(ValueError, KeyError)", "psycopg2.Error", "")
RAISES = ("raise ValueError", "raise KeyError", "raise OSError", "raise ValueError('x')", "raise KeyError('x')")
Maker = Callable[[], list[str]]


def indent(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines or ["pass"]]


class Words:
    """What one function is written in; `names` are the handles that it works with."""

    def __init__(self, rng: random.Random, features: frozenset[str], size: int = 7) -> None:
        self.rng = rng
        self.features = features
        self.left = size
        self.loops = 0
        self.finals = 0
        self.yields = False
        self.asynchronous = False
        self.names = rng.sample(["conn", "other"], rng.choice((1, 1, 2)))
        self.flags = ["flag", "given"]
        self.helpers: list[str] = []
        self.nests = False
        self.pooled = rng.randrange(3) == 0
        self.direct = not self.pooled or rng.randrange(5) == 0
        self.boxes = False

    # Small parts.

    def has(self, feature: str) -> bool:
        return feature in self.features

    def one_in(self, n: int) -> bool:
        return self.rng.randrange(n) == 0

    def name(self) -> str:
        return self.rng.choice(self.names)

    def acquisition(self) -> str:
        if self.asynchronous:
            choices = ['await asyncpg.connect("x")', "await pool.acquire()"]
            choices += ['await asyncio.wait_for(asyncpg.connect("x"), 1)'] if self.has("wait for") else []
            return self.rng.choice(choices)
        choices = ["pool.getconn()"] * 3 if self.pooled else []
        if self.direct:
            choices += ['psycopg2.connect("x")'] * 3 + ['sqlite3.connect("x")', 'psycopg.connect("x")']
        if "open_it" in self.helpers:
            choices += ["open_it()"] * 2
        if "maybe_open" in self.helpers:
            choices += ["maybe_open(check())"]
        return self.rng.choice(choices)

    def released(self, name: str) -> str:
        """One statement that releases; on a slot, `close()` only seems to."""
        if self.asynchronous:
            return self.rng.choice((f"await {name}.close()", f"await pool.release({name})"))
        choices = [f"pool.putconn({name})"] * 4 if self.pooled else []
        if self.direct or self.one_in(8):
            choices += [f"{name}.close()"] * 4
        if "shut" in self.helpers and self.direct:
            choices += [f"shut({name})"]
        return self.rng.choice(choices)

    def work(self) -> str:
        call = "await awork()" if self.asynchronous else "work()"
        choices = [call, call, call, "log.info('x')"]
        if self.has("cursor"):
            name = self.name()
            choices += [f"await {name}.execute('q')"] if self.asynchronous else [
                f"{name}.execute('q')", f"{name}.commit()", f"{name}.rollback()", f"cur = {name}.cursor()",
                "print('x')",
            ]  # fmt: skip
        if self.has("lend"):
            choices += [f"use({self.name()})"]
        return self.rng.choice(choices)

    def condition(self) -> str:
        name = self.name()
        choices = ["check()", "flag", "flag", "not flag"]
        if self.has("flags"):
            choices += ["ok", "not ok", "given is None", "given", "mode == 'a'"]
        choices += [name, f"not {name}", f"{name} is None", f"{name} is not None"]
        if self.one_in(5):
            return f"{self.rng.choice(choices)} {self.rng.choice(('and', 'or'))} {self.rng.choice(choices)}"
        return self.rng.choice(choices)

    def statement(self) -> list[str]:
        """One statement, simple or compound."""
        raise NotImplementedError

    def block(self, most: int = 3) -> list[str]:
        lines: list[str] = []
        for _ in range(self.rng.randint(1, most)):
            lines += self.statement()
        return indent(lines)

    def acquire(self) -> list[str]:
        return [f"{self.name()} = {self.acquisition()}"]
