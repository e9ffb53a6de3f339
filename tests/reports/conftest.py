"""Findings over a made-up module, and rules to go with them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from leaklint.finding import Edit, Exit, Finding, Fix, Step
from leaklint.reports import Report, render

MODULE = """\
import psycopg2


def load(dsn, sql):
    conn = psycopg2.connect(dsn)
    cur = conn.cursor()
    cur.execute(sql)
    rows = cur.fetchall()
    for row in rows:
        print(row)

    conn.close()
    return rows


def tabs():
\tnom = "größe 日本"; c = connect("日本"); c.run("\x1b[31m"); more()
\treturn c


def rebind(urls):
    for url in urls:
        conn = psycopg2.connect(
            url,
        )
        conn.cursor()
"""
LINES = MODULE.split("\n")


def span(line: int, text: str) -> dict[str, int]:
    start = LINES[line - 1].index(text) + 1
    return {"line": line, "column": start, "end_line": line, "end_column": start + len(text)}


def step(line: int, text: str, message: str) -> Step:
    return Step(**span(line, text), message=message)


def finding(line: int, text: str, /, **changes: Any) -> Finding:
    values: dict[str, Any] = {
        "code": "LKN102",
        "name": "leak-on-exception",
        "message": "connection `conn` is not released when `cur.execute()` raises",
        "severity": "error",
        "confidence": "high",
        "filename": "app/db.py",
        **span(line, text),
        "function": "load",
        "driver": "psycopg2",
        "resource": "connection",
    }
    return Finding(**(values | changes))


ON_EXCEPTION = finding(
    5,
    "psycopg2.connect(dsn)",
    exits=(
        Exit("raise", 7, 5, "`cur.execute()` raises"),
        Exit("raise", 6, 11, "`conn.cursor()` raises"),
        Exit("raise", 8, 12, "`cur.fetchall()` raises"),
        Exit("return", 13, 5, "returns"),
    ),
    trace=(
        step(5, "psycopg2.connect(dsn)", "acquired here"),
        step(7, "cur.execute(sql)", "if this raises, ..."),
        step(12, "conn.close()", "... this is skipped"),
    ),
    fix=Fix("safe", "use `contextlib.closing`", (Edit(5, 5, 5, 33, "with closing(psycopg2.connect(dsn)) as conn:"),)),
)
CROWDED = finding(
    17,
    'connect("日本")',
    code="LKN103",
    name="leak-on-return",
    message="connection `c` is left open",
    severity="warning",
    confidence="medium",
    function="tabs",
    exits=(Exit("return", 18, 2, "left by this `return`"),),
    trace=(step(17, 'c.run("\x1b[31m")', "used here"), step(17, "more()", "and here")),
    fix_refused="the name is used after the block",
)
LOOPED = finding(
    23,
    "psycopg2.connect(",
    code="LKN104",
    name="lost-by-rebinding",
    message="connection `conn` is lost when the loop comes round",
    severity="warning",
    end_line=25,
    end_column=10,
    function="rebind",
    exits=(Exit("lost", 23, 9, "rebound"),),
    trace=(
        step(26, "conn.cursor()", "used"),
        step(22, "for url in urls", "the loop comes round"),
        step(23, "conn", "rebound: nothing holds the first connection"),
    ),
)

PAGE = """Released on the normal ways out, not when a call raises.

    ## What it does
    Follows exceptions.
"""


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"LKN102": "leak-on-exception", "LKN103": "leak-on-return", "LKN104": "lost-by-rebinding"}
    known = tuple(SimpleNamespace(code=code, name=name, default=True, __doc__=PAGE) for code, name in names.items())
    monkeypatch.setattr("leaklint.rules.RULES", known, raising=False)


@pytest.fixture
def rendered() -> Callable[..., str]:
    """The report of some findings in one format; keywords go to the `Report`."""

    def make(format_: str, *findings: Finding, lines: list[str] = LINES, **keywords: Any) -> str:
        values: dict[str, Any] = {"files": 41, "acquisitions": 18, "paths": 63, "width": 100}
        return render(format_, Report(findings=findings, lines=lambda *_: lines, **(values | keywords)))

    return make


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    return finding


@pytest.fixture
def on_exception() -> Finding:
    return ON_EXCEPTION


@pytest.fixture
def crowded() -> Finding:
    return CROWDED


@pytest.fixture
def looped() -> Finding:
    return LOOPED
