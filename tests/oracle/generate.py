"""Random programs: one function in which connections are acquired, handed round, released or not, and what it calls."""

from __future__ import annotations

import random

from tests.oracle.blocks import Blocks
from tests.oracle.helpers import HELPERS, nested
from tests.oracle.words import RAISES, Maker, indent

HEADER = """\
import asyncio
import atexit
import functools
import logging
import sqlite3
import sys
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress

import asyncpg
import psycopg
import psycopg2
from lib import awork, check, find, lock, manager, use, work

log = logging.getLogger("x")
REGISTRY = []
CACHE = {}
"""
FLAGS = ("ok = True", "ok = False", "ok = {} is None", "ok = {} is not None", "ok = check()")
STORES = ("box.x = {}", "REGISTRY.append({})", "CACHE['x'] = {}", "box.append({})")
CONTAINERS = (
    "conns.append({})", "conns.append({acquisition})", "conns = [{}]", "conns = [{acquisition}, {acquisition}]",
    "for c in conns:\n    c.close()", "for c in conns:\n    c.close()", "for c in conns:\n    work()\n    c.close()",
    "for c in conns:\n    if check():\n        c.close()", "conns = [{acquisition} for _ in items]",
    "[c.close() for c in conns]",
    "return conns", "for {} in [{acquisition}, {acquisition}]:\n    {}.close()", "held = {{'x': {acquisition}}}",
    "for c in held.values():\n    c.close()", "held['x'] = {}", "box.held = held", "conns.extend([{}])",
)  # fmt: skip
GUARDS = ("if not {0}.closed:\n    {0}.close()", "if {0} is not None and not {0}.closed:\n    {0}.close()")
FOUND = (
    "found = find()\nif found is None:\n    return",
    "given = find()",
    "given = find()\nif given:\n    {acquisition}.close()",
)
HANDED = ("return {}", "return ({}, 1)", "return [{}]", "return {acquisition}")
CALLS = {
    "shut": ("shut({})",),
    "keep": ("keep({})",),
    "look": ("look({})", "{0} = look({0})", "x = look({})"),
    "pair": ("{}, x = pair()", "x = pair()", "x, {} = pair()"),
    "maybe_open": ("{} = maybe_open(check())", "{} = maybe_open(True)", "{} = maybe_open(False)"),
    "open_it": ("{} = open_it()", "open_it().close()", "open_it()"),
}
INNER = (
    "inner()",
    "inner()",
    "inner()",
    "{} = inner()",
    "atexit.register(inner)\nreturn",
    "return inner",
    "REGISTRY.append(inner)\nreturn",
    "work(inner)",
)


class Generator(Blocks):
    """Writes one function."""

    def statement(self) -> list[str]:
        simple, compound = self.simple(), self.compound()
        if self.left <= 0 or not compound:
            return self.rng.choice(simple)()
        self.left -= 1
        return self.rng.choice(self.rng.choice((simple, compound)))()

    def simple(self) -> list[Maker]:
        makers: list[Maker] = [self.acquire] * 4 + [self.release] * 4 + [lambda: [self.work()]] * 5
        table = self.table()
        makers += [table[feature] for feature in sorted(table) if self.has(feature)]
        if self.helpers:
            makers += [self.called] * 4
        if self.nests:
            makers += [lambda: self.written(INNER)] * 2
            makers += [self.inner] if self.has("redefined functions") else []
        if self.boxes:
            makers += [lambda: self.written(CONTAINERS)] * 4
        if self.loops and self.has("break"):
            makers += [lambda: ["break"], lambda: ["continue"]]
        if self.yields:
            makers += [lambda: self.written(("yield 1", "yield {}"))] * 3
        return makers

    def table(self) -> dict[str, Maker]:
        """Simple statements by feature."""
        table: dict[str, Maker] = {
            "alias": lambda: [f"{self.name()} = {self.name()}"],
            "none": lambda: self.written(("{} = None",)),
            "tuple": self.tuples,
            "walrus": lambda: self.written(("use({} := {acquisition})", "if ({} := {acquisition}):\n    {}.close()")),
            "flags": lambda: self.written((*FLAGS, "ok = flag") if self.has("copied flags") else FLAGS),
            "raise": lambda: self.written((self.rng.choice(RAISES),)),
            "return": lambda: self.written(("return", "return None", "return 1")),
            "return handle": lambda: self.written(HANDED),
            "del": lambda: self.written(("del {}",)),
            "store": lambda: self.written(STORES),
            "keeper": lambda: self.written(("atexit.register({}.close)",)),
            "conditional": self.conditional,
            "exit": lambda: ["sys.exit(1)"],
            "assert": lambda: [f"assert {self.condition()}"],
            "import": lambda: ["import lib"],
            "find": lambda: self.written(FOUND),
            "closed": lambda: self.written(GUARDS),
            "discard": lambda: self.written(("{acquisition}", "{acquisition}.execute('q')", "work({acquisition})")),
        }  # fmt: skip
        if self.asynchronous:
            for feature in ("keeper", "closed", "discard"):
                table.pop(feature)
            table["unawaited"] = lambda: self.written(("{}.close()", "await asyncio.shield({}.close())"))
        if self.yields:
            table.pop("return handle")
        return table

    def written(self, choices: tuple[str, ...]) -> list[str]:
        """One of these lines with names and acquisitions filled in."""
        line = self.rng.choice(choices)
        return line.format(self.name(), self.name(), acquisition=self.acquisition()).split("\n")

    def called(self) -> list[str]:
        if "maybe_open" in self.helpers and self.has("arguments as guards") and self.one_in(2):
            return self.written(("{} = maybe_open(flag)",))
        known = [name for name in self.helpers if name in CALLS]
        return self.written(CALLS[self.rng.choice(known)]) if known else [self.work()]

    def release(self) -> list[str]:
        name = self.name()
        if self.one_in(4):
            test = self.rng.choice((name, f"{name} is not None", "flag", "ok" if self.has("flags") else name))
            return [f"if {test}:", *indent([self.released(name)])]
        return [self.released(name)]

    def tuples(self) -> list[str]:
        return self.written(
            (
                "{0}, x = {acquisition}, 1",
                "{0}, {1} = {1}, {0}",
                "x, {0} = work(), {acquisition}",
                "pair = ({0}, 1)",
                "{0}, x = work()",
            )
        )

    def conditional(self) -> list[str]:
        test = self.condition()
        choices = [
            f"{{0}} = {{acquisition}} if {test} else None",
            f"{{0}} = {{1}} if {test} else {{acquisition}}",
        ]
        if not self.boxes or self.has("or from a list"):
            choices.append("{0} = {0} or {acquisition}")
        return self.written(tuple(choices))

    def inner(self) -> list[str]:
        return nested(self.rng, self.name(), self.pooled) if self.nests else []

    def function(self) -> list[str]:
        start = [] if self.one_in(9) else [f"{name} = None" for name in self.names]
        body = start + (["ok = False"] if self.has("flags") else [])
        body += (
            [f"conns = {'[]' if self.has('empty containers') else 'list(items)'}", "held = {}"] if self.boxes else []
        )
        first = [] if self.one_in(4) and not self.nests else self.acquire()
        inner = self.inner()
        kept = ["REGISTRY.append(inner)"] if inner and self.has("early closures") else []
        first = [*inner, *kept, *first] if self.one_in(2) else [*first, *inner]
        for _ in range(self.rng.randint(2, 4)):
            first += self.statement()
        word = "async def" if self.asynchronous else "def"
        if self.yields:
            body, first = [*body, "yield 0"], [*first, "yield 2"]
        return [f"{word} main(pool, items, box, flag, given, mode):", *indent([*body, *first])]


KINDS = ("plain", "plain", "plain", "async", "helpers", "helpers", "nested", "containers", "generator")


def program(seed: int, features: frozenset[str], kind: str = "") -> str:
    """The program of that number; `kind` says which sort of function it is, if it matters."""
    rng = random.Random(seed)
    while True:
        chosen = kind or rng.choice(KINDS)
        source = attempt(rng, features, chosen if chosen in features else "plain")
        try:
            compile(source, "<generated>", "exec")
        except SyntaxError:
            continue
        return source


def attempt(rng: random.Random, features: frozenset[str], kind: str) -> str:
    generator = Generator(rng, features, size=rng.randint(1, 7))
    generator.asynchronous = kind == "async"
    generator.yields = kind == "generator"
    generator.direct = generator.direct and not (generator.yields and generator.pooled)
    generator.nests = kind == "nested"
    generator.boxes = kind == "containers"
    helpers: list[str] = []
    if kind == "helpers":
        generator.helpers = rng.sample(sorted(HELPERS), rng.randint(1, 3))
        generator.direct = generator.direct or "shut" in generator.helpers
        helpers = [rng.choice(HELPERS[name]) for name in generator.helpers]
    return HEADER + "\n\n" + "\n\n\n".join([*helpers, "\n".join(generator.function())]) + "\n"
