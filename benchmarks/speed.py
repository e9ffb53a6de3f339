"""Measure leaklint beside other linters and beside what reading the files costs, all in one run, as ratios.

    python benchmarks/speed.py [--corpus FOLDER] [--rounds N]

Fetches the pinned packages (see `download.py`) and, into environments of their own below the corpus, the linters of
`tools.txt`. Writes `RESULTS.md` and `times.svg` beside this file. The programs take turns, so that a busy moment costs
all of them; what takes minutes runs once, on one package, beside leaklint on the same package.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from benchmarks.measure import Measured, median, once  # noqa: E402 - found through the line above
from benchmarks.plot import plot  # noqa: E402

PACKAGES = (
    "celery",
    "apache-airflow-core",
    "django",
    "apache-superset",
    "langchain-community",
    "sqlalchemy",
    "mlflow",
    "pandas",
)
"""In this order they make the points of the plot: each is put to those before it."""

ALONE = "celery"
"""The package on which flake8 and pylint run: on all of them they would take an hour."""

POINTS = (1, 3, 5, 8)


def environment(folder: Path, *packages: str) -> Path:
    """The programs of an environment, made if it is not there."""
    if not folder.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *packages], check=True)
    return folder / "bin"


PROMISED = ("ruff", "cold, 2 jobs", "cold, 1 job", "warm", "one file changed")


class Bench:
    """The programs and what they are run on."""

    def __init__(self, corpus: Path, rounds: int) -> None:
        self.corpus = corpus
        self.rounds = rounds
        tools = corpus / ".tools"
        self.peers = environment(tools / "peers", "-r", str(HERE / "tools.txt"))
        self.own = environment(tools / "leaklint", "-e", f"{ROOT}[flake8]", "-r", str(HERE / "tools.txt"))
        self.cache = tools / "cache"
        self.folders = [str(corpus / name) for name in PACKAGES]
        self.all: dict[str, Measured] = {}
        self.alone: dict[str, Measured] = {}
        self.least: dict[str, Any] = {}
        self.memory: list[tuple[float, float]] = []

    def leaklint(self, *options: str) -> list[str]:
        return [str(self.own / "leaklint"), "check", "--isolated", "--output-format", "concise", *options]

    def quick(self) -> None:
        """What runs on everything, turn by turn."""
        cached = ["--cache-dir", str(self.cache)]
        ruff = [str(self.peers / "ruff"), "check", "--isolated", "--no-cache", "--preview", "--select", "SIM115"]
        single = self.corpus / "sqlalchemy" / "sqlalchemy" / "pool" / "base.py"
        changed = self.corpus / "sqlalchemy" / "sqlalchemy" / "util" / "queue.py"
        original = changed.read_bytes()
        took: dict[str, list[Measured]] = {}

        def run(name: str, command: Sequence[str]) -> None:
            took.setdefault(name, []).append(once(command, self.corpus))

        try:
            for turn in range(self.rounds):
                run("ruff", [*ruff, *self.folders])
                run("cold, 1 job", self.leaklint("--no-cache", "--jobs", "1", *self.folders))
                run("cold, 2 jobs", self.leaklint("--no-cache", "--jobs", "2", *self.folders))
                shutil.rmtree(self.cache, ignore_errors=True)
                run("cold, 2 jobs, filling the cache", self.leaklint(*cached, "--jobs", "2", *self.folders))
                run("warm", self.leaklint(*cached, *self.folders))
                changed.write_bytes(original + f"\n\ndef added_{turn}():\n    return {turn}\n".encode())
                run("one file changed", self.leaklint(*cached, *self.folders))
                changed.write_bytes(original)
                run("a single file", self.leaklint("--no-cache", str(single)))
        finally:
            changed.write_bytes(original)
        self.all = {name: median(runs) for name, runs in took.items()}

    def slow(self) -> None:
        """What takes minutes, beside leaklint, on one package."""
        folder = str(self.corpus / ALONE)
        flake8 = ["-m", "flake8", "--isolated", "--jobs", "2"]
        pylint = ["-m", "pylint", "--disable=all", "--enable=R1732", "--jobs=2", "--rcfile=/dev/null"]
        commands: dict[str, list[str]] = {
            "leaklint, 2 jobs": self.leaklint("--no-cache", "--jobs", "2", folder),
            "flake8, 2 jobs": [str(self.peers / "python"), *flake8, folder],
            "pylint R1732, 2 jobs": [str(self.peers / "python"), *pylint, "--recursive=y", folder],
            "flake8 with leaklint, 2 jobs": [str(self.own / "python"), *flake8, "--extend-select", "LKN", folder],
        }
        for name, command in commands.items():
            self.alone[name] = once(command, self.corpus)

    def growth(self) -> None:
        """Processor time against size."""
        ruff = [str(self.peers / "ruff"), "check", "--isolated", "--no-cache", "--preview", "--select", "SIM115"]
        lines: dict[str, list[tuple[float, float]]] = {"leaklint, cold": [], "leaklint, warm": [], "ruff SIM115": []}
        for count in POINTS:
            folders = self.folders[:count]
            size = sum(size_of(Path(folder)) for folder in folders) / 1e6
            shutil.rmtree(self.cache, ignore_errors=True)
            cold = once(self.leaklint("--cache-dir", str(self.cache), "--jobs", "1", *folders), self.corpus)
            warm = once(self.leaklint("--cache-dir", str(self.cache), *folders), self.corpus)
            peer = once([*ruff, *folders], self.corpus)
            self.memory.append((size, cold.memory))
            for name, found in zip(lines, (cold, warm, peer), strict=True):
                lines[name].append((size, found.cpu))
        (HERE / "times.svg").write_text(
            plot(lines, "MB of Python", "seconds of processor time, 1 job"), encoding="utf-8"
        )

    def limits(self) -> None:
        command = [self.own / "python", HERE / "limits.py", *self.folders]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        found: dict[str, Any] = json.loads(done.stdout)
        start = [once([str(self.own / "leaklint"), "rule", "LKN101"], self.corpus) for _ in range(self.rounds)]
        found["start"] = median(start).cpu
        self.least = found


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.py"))


def table(measured: Mapping[str, Measured], beside: str) -> list[str]:
    """Rows for Markdown, each with its ratio to the one beside which they stand."""
    one = measured[beside]
    rows = [
        f"| {name} | {m.wall:.2f} s | {m.cpu:.2f} s | {m.memory:.0f} MB "
        f"| {m.wall / one.wall:.2f} | {m.cpu / one.cpu:.2f} |"
        for name, m in measured.items()
    ]
    return ["| run | wall | processor | memory | wall ratio | processor ratio |", "|---|---|---|---|---|---|", *rows]


def promises(bench: Bench) -> list[str]:
    """Each promise with what was measured."""
    rows: list[tuple[str, str, str, bool]] = []
    ruff, two, one, warm, changed = (bench.all[name] for name in PROMISED)
    rows.append(("cold, 2 jobs, times ruff", f"{two.wall / ruff.wall:.1f}", "10", two.wall <= ruff.wall * 10))
    rows.append(("warm, times ruff", f"{warm.wall / ruff.wall:.2f}", "1.5", warm.wall <= ruff.wall * 1.5))
    rows.append(
        ("one file changed, times warm", f"{changed.wall / warm.wall:.2f}", "1.2", changed.wall <= warm.wall * 1.2)
    )
    most = max(measured.memory for measured in bench.all.values())
    rows.append(("memory", f"{most:.0f} MB", "300 MB", most <= 300))
    if bench.least:
        needed = bench.least["needed"] + bench.least["start"]
        rows.append(
            ("cold, 1 job, times what there is to do", f"{one.cpu / needed:.2f}", "1.5", one.cpu <= needed * 1.5)
        )
    if bench.memory:
        (first, less), (last, more) = bench.memory[0], bench.memory[-1]
        rows.append(("memory per 10 MB of source", f"{(more - less) / (last - first) * 10:.0f} MB", "", True))
    own = bench.alone.get("leaklint, 2 jobs")
    for name, times in (("flake8, 2 jobs", 20), ("pylint R1732, 2 jobs", 50)):
        peer = bench.alone.get(name)
        if own is not None and peer is not None:
            kept = own.wall * times <= peer.wall
            rows.append((f"cold, 2 jobs, of the time of {name}", f"1/{peer.wall / own.wall:.1f}", f"1/{times}", kept))
    lines = [f"| {what} | {seen} | {bound} | {'yes' if kept else 'no'} |" for what, seen, bound, kept in rows]
    return ["| | measured | at most | kept |", "|---|---|---|---|", *lines]


def version(python: Path, package: str) -> str:
    code = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def report(bench: Bench) -> str:
    """Everything measured so far."""
    tools = ", ".join(f"{name} {version(bench.peers / 'python', name)}" for name in ("ruff", "flake8", "pylint"))
    own = bench.own / "python"
    files = [path for folder in bench.folders for path in Path(folder).rglob("*.py")]
    size = sum(path.stat().st_size for path in files) / 1e6
    parts = [
        "# Speed",
        "",
        f"`python benchmarks/speed.py --rounds {bench.rounds}` of {datetime.now(UTC):%Y-%m-%d}: {platform.system()}, "
        f"{len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[2]:.0f}, "
        f"Python {platform.python_version()}, leaklint {version(own, 'leaklint-db')}, "
        f"libcst {version(own, 'libcst')}, {tools}. "
        "The programs took turns, so that others' load falls on all of them; wall time is worth little where the load "
        "is above the number of processors.",
        "",
        f"{len(files):,} files, {size:.0f} MB: {', '.join(PACKAGES)}.",
        "",
        *promises(bench),
        "",
        "## Beside ruff, on everything",
        "",
        *table(bench.all, "ruff"),
        "",
    ]
    if bench.alone:
        megabytes = size_of(bench.corpus / ALONE) / 1e6
        parts += [f"## Beside flake8 and pylint, on {ALONE} ({megabytes:.1f} MB)", ""]
        parts += [*table(bench.alone, "leaklint, 2 jobs"), ""]
    if bench.least:
        parts += ["## What there is to do", "", *limits_table(bench.least), ""]
    if bench.memory:
        parts += ["![Processor time against size](times.svg)", ""]
    return "\n".join(parts)


def limits_table(limits: Mapping[str, Any]) -> list[str]:
    """Seconds in one process, with what went through."""
    rows = (
        ("start", "start-up, nothing checked", ""),
        ("read", "reading all bytes", f"{limits['bytes'] / 1e6:.1f} MB"),
        ("scan", "searching all bytes for the names of acquisitions", ""),
        ("ast all", "`ast.parse` of all files", ""),
        (
            "ast and walk of indexed",
            "`ast.parse` and `ast.walk` of what is indexed",
            f"{limits['indexed bytes'] / 1e6:.1f} MB",
        ),
        ("libcst all", "`libcst.parse_module` of all files, from a sample", ""),
        (
            "libcst of files that mention an acquisition",
            "`libcst.parse_module` of files that mention one, from a sample",
            "",
        ),
        (
            "libcst of functions",
            "`libcst.parse_module` of the functions that may acquire",
            f"{limits['functions bytes'] / 1e6:.2f} MB",
        ),
    )
    lines = [f"| {what} | {limits[key]:.2f} s | {through} |" for key, what, through in rows]
    return ["| work | processor | size |", "|---|---|---|", *lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=HERE / "corpus")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    corpus: Path = given.corpus.resolve()
    subprocess.run([sys.executable, HERE / "download.py", corpus, *PACKAGES], check=True)
    bench = Bench(corpus, given.rounds)
    for measure in (bench.quick, bench.limits, bench.growth, bench.slow):
        measure()
        (HERE / "RESULTS.md").write_text(report(bench), encoding="utf-8")


if __name__ == "__main__":
    main()
