"""Measure leaklint beside other linters and beside what reading the files costs, all in one run, as ratios.

    python benchmarks/speed.py [--corpus FOLDER] [--rounds N]

Fetches the pinned packages (see `download.py`) and, into environments of their own below the corpus, the linters of
`tools.txt`. Writes `RESULTS.md` and `times.svg` beside this file, after each part anew; what fails is named there. The
programs take turns, so that a busy moment costs all of them; what takes minutes runs once, beside leaklint on the same
packages.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from benchmarks.measure import Failed, Measured, median, once  # noqa: E402 - found through the line above
from benchmarks.page import page  # noqa: E402
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

ALONE = ("sqlalchemy", "celery")
"""The packages on which pylint and flake8 with leaklint run: on all of them they would take an hour."""

POINTS = (1, 2, 4, 6, 7, 8)

LEAF = Path("sqlalchemy", "sqlalchemy", "dialects", "postgresql", "pg8000.py")
IMPORTED = Path("mlflow", "mlflow", "utils", "__init__.py")
FOUNDATION = Path("sqlalchemy", "sqlalchemy", "log.py")
ACQUIRING = Path("apache-superset", "superset", "extensions", "metadb.py")
CHANGED = {
    "one file changed": LEAF,
    "one file changed, on which findings rest": IMPORTED,
    "one file changed, on which half of all findings rest": FOUNDATION,
    "one file changed, with leaks in it": ACQUIRING,
}
"""Three files in which nothing is acquired: what is known of no other file rests on the first, of ten on the second, of
nearly three hundred on the third. And one with leaks."""


def environment(folder: Path, *packages: str) -> Path:
    """The programs of an environment, made if it is not there."""
    if not (folder / "made").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *packages], check=True)
        (folder / "made").touch()
    return folder / "bin"


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.py"))


@contextmanager
def changed(path: Path, addition: str) -> Iterator[None]:
    """While this is added to a file."""
    original = path.read_bytes()
    try:
        path.write_bytes(original + addition.encode())
        yield
    finally:
        path.write_bytes(original)


class Bench:
    """The programs, what they are run on, and what came of it."""

    def __init__(self, corpus: Path, rounds: int) -> None:
        self.corpus = corpus
        self.rounds = rounds
        tools = corpus / ".tools"
        self.peers = environment(tools / "peers", "-r", str(HERE / "tools.txt"))
        self.own = environment(tools / "leaklint", "-e", f"{ROOT}[flake8]", "-r", str(HERE / "tools.txt"))
        self.cache = tools / "cache"
        self.folders = [str(corpus / name) for name in PACKAGES]
        self.sizes = [size_of(corpus / name) / 1e6 for name in PACKAGES]
        self.all: dict[str, Measured] = {}
        self.alone: dict[str, Measured] = {}
        self.limits: dict[str, Any] = {}
        self.memory: list[tuple[float, float]] = []
        self.failures: list[str] = []

    def once(self, command: Sequence[str]) -> Measured:
        """Whichever clone an environment was made from, it is this one that is measured."""
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        own = {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(self.cache / "none")}
        return once(command, self.corpus, {**inherited, **own})

    def try_to(self, name: str, measure: Callable[[], None]) -> None:
        """One failure must not cost what else is measured."""
        try:
            measure()
        except (Failed, OSError, subprocess.SubprocessError, ValueError) as error:
            self.failures.append(f"{name}: {error}")

    def publish(self) -> None:
        """Write down all that is known by now."""
        (HERE / "RESULTS.md").write_text(page(self), encoding="utf-8")

    # The commands.

    def leaklint(self, *options: str) -> list[str]:
        return [str(self.own / "leaklint"), "check", "--isolated", "--output-format", "concise", *options]

    def ruff(self, *folders: str) -> list[str]:
        return [str(self.peers / "ruff"), "check", "--isolated", "--no-cache", "--select", "SIM115", *folders]

    def flake8(self, where: Path, *options: str) -> list[str]:
        return [str(where / "python"), "-m", "flake8", "--isolated", "--jobs", "2", *options]

    def pylint(self, *folders: str) -> list[str]:
        options = ["--disable=all", "--enable=R1732", "--jobs=2", "--rcfile=/dev/null", "--recursive=y"]
        return [str(self.peers / "python"), "-m", "pylint", *options, *folders]

    # The measurements.

    def quick(self) -> None:
        """What runs on everything, turn by turn."""
        took: dict[str, list[Measured]] = {}
        cached = ["--cache-dir", str(self.cache)]
        warm = self.leaklint(*cached, *self.folders)

        def run(name: str, command: Sequence[str]) -> None:
            self.try_to(name, lambda: took.setdefault(name, []).append(self.once(command)))

        self.once(self.ruff(*self.folders))  # the first to read a file waits for the disk
        self.once(self.leaklint("--no-cache", self.folders[0]))  # the first to import a module compiles it
        for turn in range(self.rounds):
            addition = f"\n\ndef added_{turn}():\n    return {turn}\n"
            run("ruff", self.ruff(*self.folders))
            run("cold, 1 job", self.leaklint("--no-cache", "--jobs", "1", *self.folders))
            run("cold, 2 jobs", self.leaklint("--no-cache", "--jobs", "2", *self.folders))
            shutil.rmtree(self.cache, ignore_errors=True)
            run("cold, 2 jobs, filling the cache", self.leaklint(*cached, "--jobs", "2", *self.folders))
            run("warm", warm)
            for name, path in CHANGED.items():
                with changed(self.corpus / path, addition):
                    run(name, warm)
                self.once(warm)
            single = str(self.corpus / ACQUIRING)
            run("a single file, as a hook does", self.leaklint("--no-cache", single))
            run("start-up, nothing checked", [str(self.own / "leaklint"), "rule", "LKN101"])
        self.all = {name: median(runs) for name, runs in took.items()}

    def slow(self) -> None:
        """What takes minutes, beside leaklint: flake8 on everything, all the others on a few packages."""
        some = [str(self.corpus / name) for name in ALONE]
        everything = {"flake8, 2 jobs": self.flake8(self.peers, *self.folders)}
        few = {
            "leaklint, 2 jobs": self.leaklint("--no-cache", "--jobs", "2", *some),
            "leaklint, 1 job": self.leaklint("--no-cache", "--jobs", "1", *some),
            "ruff": self.ruff(*some),
            "flake8, 2 jobs": self.flake8(self.peers, *some),
            "flake8 with leaklint, 2 jobs": self.flake8(self.own, "--extend-select", "LKN", *some),
            "pylint R1732, 2 jobs": self.pylint(*some),
        }
        for into, commands in ((self.alone, few), (self.all, everything)):
            for name, command in commands.items():
                self.try_to(name, partial(self.note, into, name, command))
                self.publish()

    def note(self, into: dict[str, Measured], name: str, command: Sequence[str]) -> None:
        into[name] = self.once(command)

    def growth(self) -> None:
        """Processor time and memory against size."""
        lines: dict[str, list[tuple[float, float]]] = {"leaklint, cold": [], "leaklint, warm": [], "ruff SIM115": []}
        for count in POINTS:
            folders, size = self.folders[:count], sum(self.sizes[:count])
            shutil.rmtree(self.cache, ignore_errors=True)
            cold = self.once(self.leaklint("--cache-dir", str(self.cache), "--jobs", "1", *folders))
            warm = self.once(self.leaklint("--cache-dir", str(self.cache), *folders))
            peer = self.once(self.ruff(*folders))
            self.memory.append((size, cold.memory))
            for name, found in zip(lines, (cold, warm, peer), strict=True):
                lines[name].append((size, found.cpu))
        (HERE / "times.svg").write_text(
            plot(lines, "MB of Python", "seconds of processor time, 1 job"), encoding="utf-8"
        )

    def least(self) -> None:
        command = [self.own / "python", HERE / "limits.py", *self.folders]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        self.limits = json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=HERE / "corpus")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    corpus: Path = given.corpus.resolve()
    subprocess.run([sys.executable, HERE / "download.py", corpus, *PACKAGES], check=True)
    bench = Bench(corpus, given.rounds)
    for measure in (bench.quick, bench.least, bench.growth, bench.slow):
        bench.try_to(measure.__name__, measure)
        bench.publish()


if __name__ == "__main__":
    main()
