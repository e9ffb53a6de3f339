"""Sources made to explode the states of an interpreter: each within five seconds and 500 MB."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from tests.fuzz.child import Told, check_in_child

SECONDS, MEGABYTES = 5, 500
HEAD = "import psycopg2\nfrom lib import check, work\n\n"
LEAKING = {"LKN101", "LKN102", "LKN103", "LKN104", "LKN105"}


def function(*lines: str) -> str:
    return HEAD + "def main(flag, pool, *flags):\n" + "".join(f"    {line}\n" for line in lines)


def optional_resources(count: int) -> str:
    """Each is there or not, and is released at the end if it is."""
    start = [f"c{n} = None" for n in range(count)]
    opened = [line for n in range(count) for line in (f"if flags[{n}]:", f"    c{n} = psycopg2.connect('x')")]
    closed = [line for n in range(count) for line in (f"    if c{n} is not None:", f"        c{n}.close()")]
    return function(*start, "try:", *("    " + line for line in opened), "    work()", "finally:", *closed)


def nested_finally(depth: int) -> str:
    lines = []
    for level in range(depth):
        lines += [f"{'    ' * level}c{level} = psycopg2.connect('x')", f"{'    ' * level}try:"]
    lines.append("    " * depth + "work()")
    for level in reversed(range(depth)):
        lines += [f"{'    ' * level}finally:", f"{'    ' * level}    c{level}.close()"]
    return function(*lines)


def nested_handlers(depth: int) -> str:
    lines = ["c = psycopg2.connect('x')", *("    " * level + "try:" for level in range(depth))]
    lines.append("    " * depth + "work()")
    for level in reversed(range(depth)):
        pad = "    " * level
        lines += [f"{pad}except E{level}:", f"{pad}    work()", f"{pad}finally:", f"{pad}    check()"]
    return function(*lines, "c.close()")


def sequential_flags(count: int, tested: str = "flag") -> str:
    lines = [line for n in range(count) for line in (f"if {tested.format(n)}:", f"    x{n} = work()")]
    return function("conn = psycopg2.connect('x')", *lines, "conn.close()")


def correlated_flags(count: int) -> str:
    """Every flag is set under a condition and asked twice."""
    lines = [f"f{n} = check()" for n in range(count)]
    lines += [line for n in range(count) for line in (f"if f{n}:", "    work()")]
    lines += [line for n in range(count) for line in (f"if not f{n}:", "    conn.commit()")]
    return function("conn = psycopg2.connect('x')", *lines, "conn.close()")


def many_acquisitions(count: int) -> str:
    return function(*(line for n in range(count) for line in (f"c{n} = psycopg2.connect('x')", f"c{n}.execute('q')")))


def long_function(lines: int) -> str:
    return function(
        "conn = psycopg2.connect('x')", *(f"x{n} = work(x{n - 1}, {n})" for n in range(lines)), "conn.close()"
    )


def nested_loops(depth: int) -> str:
    lines = ["    " * n + f"for x{n} in work():" for n in range(depth)]
    pad = "    " * depth
    inner = [f"{pad}conn = psycopg2.connect('x')", f"{pad}if check():", f"{pad}    continue", f"{pad}conn.close()"]
    return function("conn = None", *lines, *inner)


def aliases(count: int) -> str:
    lines = [line for n in range(count) for line in ("if check():", f"    a{n} = conn", "else:", f"    a{n} = None")]
    return function("conn = psycopg2.connect('x')", *lines, *(f"if a{n}: a{n}.close()" for n in range(count)))


def long_and(count: int) -> str:
    test = " and ".join(f"flags[{n}] is not None" for n in range(count))
    return function("conn = psycopg2.connect('x')", f"if {test}:", "    conn.close()")


def chained_helpers(count: int) -> str:
    """Functions that call one another in a row, and the last one the first."""
    parts = [f"def f{n}(c):\n    work()\n    return f{(n + 1) % count}(c)\n" for n in range(count)]
    return HEAD + "\n".join(parts) + "\ndef main():\n    c = psycopg2.connect('x')\n    f0(c)\n    c.close()\n"


def wrapped_wrappers(count: int) -> str:
    parts = ["def f0():\n    return psycopg2.connect('x')\n"]
    parts += [f"def f{n}():\n    return f{n - 1}()\n" for n in range(1, count)]
    return HEAD + "\n".join(parts) + f"\ndef main():\n    c = f{count - 1}()\n    work()\n    c.close()\n"


def nested_functions(depth: int) -> str:
    lines = ["conn = psycopg2.connect('x')"]
    lines += ["    " * n + f"def f{n}():" for n in range(depth)]
    lines += ["    " * depth + "conn.close()"]
    lines += ["    " * n + f"f{n}()" for n in reversed(range(depth))]
    return function(*lines)


def branching_closures(count: int) -> str:
    """Each nested function calls the one before it twice."""
    lines = ["conn = psycopg2.connect('x')", "def f0():", "    work()"]
    for n in range(1, count):
        lines += [f"def f{n}():", f"    f{n - 1}()", f"    f{n - 1}()"]
    return function(*lines, f"f{count - 1}()", "conn.close()")


def wide_match(count: int) -> str:
    lines = [line for n in range(count) for line in (f"    case {n}:", f"        x = work({n})")]
    return function("conn = psycopg2.connect('x')", "match flag:", *lines, "conn.close()")


CASES: dict[str, tuple[Callable[[], str], bool]] = {
    "40 optional resources": (lambda: optional_resources(40), False),
    "30 nested finally": (lambda: nested_finally(30), False),
    "18 nested handlers": (lambda: nested_handlers(18), True),
    "200 ifs on one flag": (lambda: sequential_flags(200), True),
    "200 ifs on calls": (lambda: sequential_flags(200, "check()"), True),
    "200 ifs on 200 flags": (lambda: sequential_flags(200, "flags[{}]"), True),
    "40 correlated flags": (lambda: correlated_flags(40), True),
    "60 acquisitions": (lambda: many_acquisitions(60), True),
    "3,000 lines": (lambda: long_function(3000), True),
    "10 nested loops": (lambda: nested_loops(10), True),
    "30 aliases": (lambda: aliases(30), True),
    "a condition of 300": (lambda: long_and(300), True),
    "200 helpers in a ring": (lambda: chained_helpers(200), True),
    "60 wrappers of one another": (lambda: wrapped_wrappers(60), True),
    "18 nested functions": (lambda: nested_functions(18), False),
    "25 closures that call twice": (lambda: branching_closures(25), True),
    "a match of 500": (lambda: wide_match(500), True),
}


def checked(source: str) -> Told:
    ast.parse(source)
    return check_in_child([source.encode()], seconds=60)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_stays_small(name: str) -> None:
    make, leaks = CASES[name]
    told = checked(make())
    (result,) = told.results
    assert result.seconds < SECONDS
    assert told.megabytes < MEGABYTES
    assert not told.errors
    assert "LKN902" not in {code for _, code, _ in result.findings}
    assert bool(LEAKING & {code for _, code, _ in result.findings}) is leaks


def test_a_cap_is_told_and_lowers_the_confidence() -> None:
    (result,) = checked(correlated_flags(40)).results
    assert any("too many states" in note for note in result.notes)
    assert [confidence for _, _, confidence in result.findings] == ["medium"]
    (small,) = checked(correlated_flags(2)).results
    assert not small.notes
    assert [confidence for _, _, confidence in small.findings] == ["high"]
