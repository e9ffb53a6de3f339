"""Code that leaks, in the words of one bench, and what it does to the database before and after `leaklint --fix`."""

from __future__ import annotations

import gc
import inspect
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from drivers.bench import Bench, becomes, entered, settled
from leaklint import cli
from leaklint.drivers.spec import Acquisition

# `check(fails)` raises a LookupError where it is asked to.
SHAPES = {
    "a late release": """
conn = {acquire}
{insert}
{commit}
check(fails)
{release}
""",
    "an early return": """
conn = {acquire}
{insert}
if fails:
    return
{commit}
{release}
""",
    "a handler that fits too little": """
conn = {acquire}
try:
    {insert}
    check(fails)
    {commit}
except ValueError:
    {release}
    raise
{release}
""",
    "several releases": """
conn = {acquire}
{insert}
if not fails:
    {commit}
    {release}
    return
check(fails)
{release}
""",
    "a late try": """
conn = {acquire}
check(fails)
try:
    {insert}
    {commit}
finally:
    {release}
""",
    "a context manager": """
conn = {acquire}
yield conn
{insert}
{commit}
{release}
""",
    "no release": """
conn = {acquire}
{insert}
check(fails)
{commit}
""",
    "with only": """
with {acquire} as conn:
    {insert}
    check(fails)
""",
    "closed only": """
conn = {acquire}
try:
    {insert}
    check(fails)
    {commit}
finally:
    {close}
""",
    "not awaited": """
conn = {acquire}
try:
    {insert}
    check(fails)
    {commit}
finally:
    {forgotten}
""",
}


class Outcome(NamedTuple):
    """What one run of the function left behind."""

    raised: str
    rows: int
    taken: int


def shapes_of(acquisition: Acquisition) -> list[str]:
    """The leaks that this acquisition can have."""
    impossible = {
        "a late try": acquisition.lazy,  # nothing is taken that early
        "with only": acquisition.entered != "transaction only",
        "closed only": not acquisition.closes,
        "not awaited": method_of(acquisition.template.release) not in acquisition.awaited,
    }
    return [shape for shape in SHAPES if not impossible.get(shape)]


def method_of(release: str) -> str:
    return release.partition("(")[0].rpartition(".")[2]


def written(bench: Bench, shape: str, *, commits: bool) -> str:
    """A module whose function `work` acquires, inserts a row, and leaks on some way out."""
    acquisition = bench.acquisition
    release = acquisition.template.release.format(name="conn", pool="pool")
    words = {
        "acquire": bench.acquired(),
        "insert": bench.insert,
        "commit": bench.commit if commits else "",
        "release": release,
        "forgotten": release.removeprefix("await "),
        "close": closing(acquisition),
    }
    source = "arguments: dict" if bench.by_call else f"pool: {bench.way.rpartition('.')[0]}"
    awaits = acquisition.template.asynchronous or acquisition.awaiting != "no"
    define = "async def" if awaits else "def"
    if shape == "a context manager":
        define = f"@contextlib.{'async' * awaits}contextmanager\n{define}"
    imports = "".join(f"import {module}\n" for module in ("contextlib", *bench.modules))
    lines = "".join(filled(line, words) for line in SHAPES[shape].strip().splitlines())
    return f"{imports}\n\n{define} work({source}, fails: bool):\n{lines}"


def filled(line: str, words: dict[str, str]) -> str:
    """One line of a shape, each line of what it stands for at its indentation."""
    text = line.lstrip()
    indentation = f"    {line[: len(line) - len(text)]}"
    return "".join(f"{indentation}{one}\n" for one in text.format(**words).splitlines())


def closing(acquisition: Acquisition) -> str:
    """Ends the connection and keeps its slot."""
    close = acquisition.closes[0] if acquisition.closes else ""
    return f"await conn.{close}()" if close in acquisition.awaited else f"conn.{close}()"


def fixed(text: str, path: Path) -> str:
    """The module after `leaklint --fix`, the same where that refuses."""
    path.write_text(text)
    assert cli.run(["check", "--isolated", "--quiet", "--fix", str(path)]) == (path.read_text() == text)
    return path.read_text()


def refusal(path: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """What leaklint says of the one leak that it does not rewrite."""
    capfd.readouterr()
    assert cli.run(["check", "--isolated", "--output-format", "json", str(path)]) == 1
    (finding,) = json.loads(capfd.readouterr().out)
    return finding["fix_refused"] or finding["fix"]["message"]


async def outcome(bench: Bench, text: str, *, fails: bool, patience: float) -> Outcome:
    """Run the function of a module once on a fresh bench, and look at the database from outside."""
    await bench.start()
    namespace: dict[str, Any] = {"check": check}
    exec(text, namespace)
    raised = ""
    try:
        result = namespace["work"](bench.arguments() if bench.pool is None else bench.pool, fails)
        if inspect.isawaitable(result) or result is None:
            await settled(result)
        else:
            async with entered(result):
                check(fails)
    except LookupError as error:
        raised = type(error).__name__
    gc.collect()
    await becomes(bench.taken, 0, patience)
    return Outcome(raised, bench.account.rows(), bench.taken())


def check(fails: bool) -> None:
    if fails:
        raise LookupError("as it was asked for")
