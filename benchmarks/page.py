"""What `speed.py` measured, as a page: the promises first, then every figure, then what people wrote of them."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Measured

if TYPE_CHECKING:
    from benchmarks.speed import Bench

WRITTEN = Path(__file__).with_name("profile.md")
"""What the figures mean, written by hand."""

RATIOS = (
    ("cold, 2 jobs", "all", "ruff", 10),
    ("warm", "all", "ruff", 1.5),
    ("one file changed", "all", "warm", 1.2),
    ("one file changed, on which findings rest", "all", "warm", 1.2),
    ("one file changed, on which half of all findings rest", "all", "warm", 1.2),
    ("one file changed, with leaks in it", "all", "warm", 1.2),
    ("cold, 2 jobs", "all", "flake8, 2 jobs", 1 / 20),
    ("leaklint, 2 jobs", "alone", "flake8, 2 jobs", 1 / 20),
    ("leaklint, 2 jobs", "alone", "pylint R1732, 2 jobs", 1 / 50),
)
"""What is promised: this run takes at most so many times what that one does."""

PARTS = (
    ("read", "reading all bytes"),
    ("scan", "searching all bytes for names by which something is acquired"),
    ("ast", "`ast.parse` of all files"),
    ("indexed", "`ast.parse` and `ast.walk` of what is indexed"),
    ("libcst", "`libcst.parse_module` of all files, from a sample"),
    ("mentioning", "`libcst.parse_module` of the files that use such a name, from a sample"),
    ("functions", "`libcst.parse_module` of the functions that may acquire"),
)


def page(bench: Bench) -> str:
    """Everything measured so far."""
    return "\n".join(
        [
            "# Speed",
            "",
            *head(bench),
            "",
            "| | measured | at most | kept |",
            "|---|--:|--:|---|",
            *promises(bench),
            "",
            *(f"- not measured: {failure}" for failure in bench.failures),
            *([""] if bench.failures else []),
            *table("On everything", bench.all, "ruff"),
            *table(f"On {few(bench)}", bench.alone, "leaklint, 2 jobs"),
            *least(bench.limits),
            *(["![Processor time against size](times.svg)", ""] if bench.memory else []),
            WRITTEN.read_text(encoding="utf-8"),
        ]
    )


def few(bench: Bench) -> str:
    from benchmarks.speed import ALONE, size_of

    return f"{' and '.join(ALONE)} ({sum(size_of(bench.corpus / name) for name in ALONE) / 1e6:.0f} MB)"


def head(bench: Bench) -> Iterator[str]:
    peers, own = bench.peers / "python", bench.own / "python"
    tools = ", ".join(f"{name} {version(peers, name)}" for name in ("ruff", "flake8", "pylint"))
    files = sum(1 for folder in bench.folders for _ in Path(folder).rglob("*.py"))
    yield (
        f"`python benchmarks/speed.py --rounds {bench.rounds}` of {datetime.now(UTC):%Y-%m-%d}: {platform.system()}, "
        f"{len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[2]:.0f}, "
        f"Python {platform.python_version()}, leaklint {version(own, 'leaklint-db')}, "
        f"libcst {version(own, 'libcst')}, {tools}. Medians of the rounds where programs took turns; what takes "
        "minutes ran once. Wall time is worth little where the load is above the number of processors."
    )
    yield ""
    names = ", ".join(Path(folder).name for folder in bench.folders)
    yield f"{files:,} files, {sum(bench.sizes):.0f} MB: {names}."


def version(python: Path, package: str) -> str:
    code = f"from importlib.metadata import version; print(version({package!r}))"
    done = subprocess.run([python, "-c", code], check=False, capture_output=True, text=True)
    return done.stdout.strip() or "?"


def promises(bench: Bench) -> Iterator[str]:
    """Each promise with what was measured: on the wall, and in processor time, on which other work weighs less."""
    for name, where, beside, most in RATIOS:
        measured: Mapping[str, Measured] = getattr(bench, where)
        if name in measured and beside in measured:
            one, other = measured[name], measured[beside]
            wall, cpu = one.wall / other.wall, one.cpu / other.cpu
            what = f"{name}, times {beside}" + (f", on {few(bench)}" if where == "alone" else "")
            yield row(what, f"{shown(wall)} (processor {shown(cpu)})", shown(most), kept=wall <= most)
    if bench.limits and "cold, 1 job" in bench.all and "start-up, nothing checked" in bench.all:
        needed = bench.limits["needed"] + bench.all["start-up, nothing checked"].cpu
        times = bench.all["cold, 1 job"].cpu / needed
        yield row("cold, 1 job, times what there is to do", f"{times:.2f}", "1.5", kept=times <= 1.5)
    if "cold, 1 job" in bench.all:
        most_memory = max(one.memory for name, one in bench.all.items() if not name.startswith(("ruff", "flake8")))
        yield row("memory of a process", f"{most_memory:.0f} MB", "300 MB", kept=most_memory <= 300)
    if len(bench.memory) > 1:
        (first, less), (last, more) = bench.memory[0], bench.memory[-1]
        growth = (more - less) / (last - first) * 10
        yield f"| memory per 10 MB of source, {first:.0f} to {last:.0f} MB | {growth:.1f} MB | | |"


def row(what: str, seen: str, bound: str, *, kept: bool) -> str:
    return f"| {what} | {seen} | {bound} | {'yes' if kept else 'no'} |"


def shown(ratio: float) -> str:
    return f"1/{1 / ratio:.1f}".removesuffix(".0") if ratio < 0.5 else f"{ratio:.2f}".removesuffix(".00")


def table(title: str, measured: Mapping[str, Measured], beside: str) -> Iterator[str]:
    """Every run, with its ratios to the one beside which they stand."""
    if beside not in measured:
        return
    one = measured[beside]
    yield from (f"## {title}", "")
    yield f"| run | wall | processor | memory | wall, times {beside} | processor |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name, m in measured.items():
        ratios = f"{m.wall / one.wall:.2f} | {m.cpu / one.cpu:.2f}"
        yield f"| {name} | {m.wall:.2f} s | {m.cpu:.2f} s | {m.memory:.0f} MB | {ratios} |"
    yield ""


def least(limits: Mapping[str, Any]) -> Iterator[str]:
    if not limits:
        return
    yield from ("## What there is to do, each by itself", "")
    yield from ("| work | processor | through | memory |", "|---|--:|--:|--:|")
    for key, what in PARTS:
        part = limits[key]
        yield f"| {what} | {part['seconds']:.2f} s | {part['bytes'] / 1e6:.1f} MB | {part['memory']:.0f} MB |"
    run = limits["run"]
    yield ""
    yield (
        f"A cold run parses {run['functions']:,} functions with libcst and interprets {run['statements']:,} statements "
        f"in {run['states']:,} states. The functions on which it spends most, without what they call, read and parse:"
    )
    yield from ("", "| function | processor | runs | states |", "|---|--:|--:|--:|")
    for slow in run["slowest"]:
        yield f"| `{slow['name']}` | {slow['seconds'] * 1000:.0f} ms | {slow['runs']} | {slow['states']:,} |"
    yield ""
