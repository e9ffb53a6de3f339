"""Sources that nobody wrote: whatever the bytes, the command answers, soon, and without a traceback."""

from __future__ import annotations

import ast
import random
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.child import Told, check_in_child

STDLIB = Path(sysconfig.get_path("stdlib"))
HEAD = b"import psycopg2\n"
OPENING = HEAD + b"def main():\n    conn = psycopg2.connect('x')\n"
CLOSING = b"    conn.close()\n"
TOKENS = (
    b"psycopg2.connect('x')",
    b"conn",
    b"(",
    b")",
    b"[",
    b"]",
    b":",
    b"\n",
    b"    ",
    b"\t",
    b"def f():",
    b"with ",
    b"try:",
    b"finally:",
    b"except* E:",
    b"lambda:",
    b"await ",
    b"yield ",
    b"async ",
    b"match x:",
    b"case _:",
    b"*",
    b"**",
    b":=",
    b"=",
    b"'",
    b'"""',
    b"f'{",
    b"\\",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"# coding: latin-1\n",
    b"\r",
    b"\x0c",
    b"return",
    b"del conn",
    b"nonlocal conn",
    b".close()",
)


def files(count: int, seed: int) -> list[Path]:
    """Some files of the standard library, of different sizes."""
    found = sorted(path for path in STDLIB.glob("*.py") if path.stat().st_size < 60_000)
    return random.Random(seed).sample(found, min(count, len(found)))


def assert_calm(told: Told, seconds: float = 20) -> None:
    assert "Traceback" not in told.errors
    assert told.megabytes < 1000
    assert all(result.seconds < seconds for result in told.results)


def test_random_bytes() -> None:
    rng = random.Random(1)
    sources = [rng.randbytes(rng.randrange(400)) for _ in range(100)]
    assert_calm(check_in_child([*sources, *(HEAD + b"psycopg2.connect()\n" + source for source in sources)]))


def test_random_tokens() -> None:
    rng = random.Random(2)
    sources = [OPENING + b"".join(rng.choices(TOKENS, k=rng.randrange(40))) + CLOSING for _ in range(300)]
    assert_calm(check_in_child(sources, seconds=120))


def mutated(source: bytes, rng: random.Random) -> bytes:
    """The file with connections in it, and some places of it broken."""
    lines = source.split(b"\n")
    for _ in range(rng.randrange(1, 8)):
        at = rng.randrange(len(lines))
        match rng.randrange(6):
            case 0:
                del lines[at : at + rng.randrange(1, 4)]
            case 1:
                lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
            case 2:
                pad = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
                lines.insert(at, pad + b"conn = psycopg2.connect('x')")
            case 3:
                lines.insert(at, lines[rng.randrange(len(lines))])
            case 4:
                lines[at] = lines[at].replace(b"(", rng.choice(TOKENS), 1)
            case _:
                lines[at] += rng.choice(TOKENS)
        lines = lines or [b""]
    return HEAD + b"\n".join(lines)


@pytest.mark.slow
def test_mutated_files() -> None:
    rng = random.Random(3)
    sources = [mutated(path.read_bytes(), rng) for path in files(20, 3) for _ in range(3)]
    assert_calm(check_in_child(sources, seconds=300), seconds=30)


@pytest.mark.slow
def test_connections_everywhere() -> None:
    """Files that still parse, with an acquisition before every tenth statement: nothing is refused."""
    sources = [planted(path.read_text("utf-8")) for path in files(12, 4)]
    told = check_in_child(sources, seconds=300)
    assert_calm(told, seconds=60)
    assert not [finding for result in told.results for finding in result.findings if finding[1] == "LKN902"]


def planted(source: str) -> bytes:
    tree = ast.parse(source)
    count = 0
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and isinstance(node, ast.FunctionDef):
            count += 1
            if count % 10 == 0:
                body.insert(0, ast.parse("conn = psycopg2.connect('x')").body[0])
    tree.body[:0] = ast.parse("import psycopg2").body if not starts_with_future(tree) else []
    return ast.unparse(ast.fix_missing_locations(tree)).encode()


def starts_with_future(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)


def indented(depth: int) -> bytes:
    return b"".join(b" " * (n + 4) + b"if x:\n" for n in range(depth)) + b" " * (depth + 4) + b"pass\n"


DEEP: dict[str, Callable[[], bytes]] = {
    "2,000 parentheses": lambda: OPENING + b"    x = " + b"(" * 2000 + b"1" + b")" * 2000 + b"\n" + CLOSING,
    "2,000 brackets around the acquisition": lambda: (
        OPENING + b"    x = " + b"[" * 2000 + b"psycopg2.connect()" + b"]" * 2000 + b"\n"
    ),
    "150 parentheses": lambda: OPENING + b"    x = " + b"(" * 150 + b"conn" + b")" * 150 + b"\n" + CLOSING,
    "2,000 ifs": lambda: OPENING + indented(2000) + CLOSING,
    "90 ifs": lambda: OPENING + indented(90) + CLOSING,
    "a chain of 20,000 calls": lambda: OPENING + b"    x = q" + b".f()" * 20_000 + b"\n" + CLOSING,
    "a chain of 20,000 calls on the handle": lambda: OPENING + b"    x = conn" + b".f()" * 20_000 + b"\n" + CLOSING,
    "a chain of 20,000 names": lambda: OPENING + b"    x = conn" + b".f" * 20_000 + b"\n" + CLOSING,
    "a sum of 20,000": lambda: OPENING + b"    x = " + b" + ".join([b"conn"] * 20_000) + b"\n" + CLOSING,
    "an or of 5,000": lambda: OPENING + b"    x = " + b" or ".join([b"conn"] * 5_000) + b"\n" + CLOSING,
    "an or of 390": lambda: OPENING + b"    x = " + b" or ".join([b"conn"] * 390) + b"\n" + CLOSING,
    "5,000 strings in a row": lambda: OPENING + b"    x = " + b" ".join([b"'a'"] * 5_000) + b"\n" + CLOSING,
    "an elif ladder of 1,000": lambda: (
        OPENING
        + b"    if x == 0:\n        pass\n"
        + b"".join(b"    elif x == %d:\n        work()\n" % n for n in range(1, 1000))
        + CLOSING
    ),
    "1,000 conditional expressions": lambda: OPENING + b"    x = " + b"a if b else " * 1000 + b"conn\n" + CLOSING,
    "1,000 lambdas": lambda: OPENING + b"    x = " + b"lambda: " * 1000 + b"conn\n" + CLOSING,
    "1,000 nots": lambda: OPENING + b"    x = " + b"not " * 1000 + b"conn\n" + CLOSING,
    "a line of 5 MB": lambda: OPENING + b"    x = '" + b"a" * 5_000_000 + b"'\n" + CLOSING,
    "a list of 100,000": lambda: OPENING + b"    x = [" + b"1, " * 100_000 + b"]\n" + CLOSING,
    "literals in odd places": lambda: (
        OPENING
        + b"    if 1.5: pass\n"
        + CLOSING
        + b"class C:\n    x = b'a'\n    2j\n    ...\n    @1.5\n    def f(x=b''): 1j\n"
    ),
    "NUL bytes": lambda: OPENING + b"    x = '\x00'\n\x00" + CLOSING,
    "no end of line": lambda: OPENING + CLOSING.rstrip(),
    "a form feed": lambda: OPENING + b"\x0c" + CLOSING,
    "carriage returns": lambda: (OPENING + CLOSING).replace(b"\n", b"\r"),
    "a byte order mark": lambda: b"\xef\xbb\xbf" + OPENING + CLOSING,
    "UTF-16": lambda: (OPENING + CLOSING).decode().encode("utf-16"),
    "a wrong declaration": lambda: b"# coding: nothing-at-all\n" + OPENING + CLOSING,
    "another encoding": lambda: b"# coding: latin-1\n" + OPENING + b"    x = '\xe9'\n" + CLOSING,
    "decorators": lambda: OPENING + b"    @f\n" * 2000 + b"    def g():\n        pass\n" + CLOSING,
    "100 nested functions": lambda: (
        OPENING
        + b"".join(b" " * (n + 4) + b"def f%d():\n" % n for n in range(90))
        + b" " * 94
        + b"conn.close()\n"
        + CLOSING
    ),
    "a thousand targets": lambda: OPENING + b"    " + b"x = " * 1000 + b"conn\n" + CLOSING,
    "a thousand items": lambda: OPENING + b"    with (" + b"work() as x, " * 1000 + b"):\n        pass\n" + CLOSING,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", DEEP)
def test_deep(name: str) -> None:
    assert_calm(check_in_child([DEEP[name]()], seconds=120))


@pytest.mark.slow
def test_one_bad_file_spares_the_others() -> None:
    good = OPENING + b"    work()\n" + CLOSING
    told = check_in_child([DEEP["2,000 parentheses"](), good, b"\x00", good], seconds=120)
    assert [finding[1] for finding in told.results[1].findings] == ["LKN102"]
    assert told.results[1].findings == told.results[3].findings
