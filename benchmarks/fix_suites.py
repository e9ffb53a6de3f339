"""Run the tests of real packages before and after `--fix --unsafe-fixes`: each must end as it did.

    python benchmarks/fix_suites.py OUT [PACKAGE…]

Source distributions are fetched and unpacked below OUT, each with an environment of its own for what its tests need.
What comes out is written as a table to `fix_suites.md`, with how many of the changed lines the tests have run.
"""

import argparse
import difflib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent


class Suite(NamedTuple):
    """A pinned package, what its tests need besides, and the arguments with which pytest runs them."""

    requirement: str
    needs: tuple[str, ...]
    arguments: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.requirement.partition("==")[0]


SUITES = (
    Suite(
        "persist-queue==1.1.0",
        ("msgpack", "cbor2", "aiofiles", "aiosqlite", "pytest-asyncio"),
        ("persistqueue/tests", "--ignore=persistqueue/tests/test_mysqlqueue.py"),
    ),
    Suite("records==0.6.0", ("tablib[pandas]", "openpyxl"), ("tests",)),
    Suite(
        "trac==1.6", ("jinja2", "babel", "multipart"), ("-o", "python_files=*.py", "trac/db/tests", "trac/wiki/tests")
    ),
)


class Ended(NamedTuple):
    """How every test ended, and which lines were run in which file."""

    outcomes: dict[str, str]
    lines: dict[str, set[int]]

    def summary(self) -> str:
        return ", ".join(f"{number} {word}" for word, number in sorted(Counter(self.outcomes.values()).items()))


def run(command: list[str | Path], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def prepared(suite: Suite, out: Path) -> tuple[Path, Path]:
    """The unpacked package and its Python, fetched and installed where that was not done before."""
    home = out / suite.name
    before, python = home / "before", home / "venv" / "bin" / "python"
    if not python.exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:"]
        subprocess.run([*pip, "--dest", home, suite.requirement], check=True)
        (archive,) = home.glob("*.tar.gz")
        with tarfile.open(archive) as sdist:
            sdist.extractall(home, filter="data")
        next(path for path in home.iterdir() if path.is_dir()).rename(before)
        subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
        needs = (suite.requirement, "pytest", "coverage", *suite.needs)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *needs], check=True)
    return before, python


def tested(suite: Suite, tree: Path, python: Path) -> Ended:
    """The package's own tests, with its modules taken from the tree."""
    report, data, lines = (tree.parent / f"{tree.name}.{kind}" for kind in ("xml", "coverage", "json"))
    where = {"PYTHONPATH": str(tree), "COVERAGE_FILE": str(data), "COVERAGE_CORE": "ctrace"}
    pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *suite.arguments]
    done = run([python, "-m", "coverage", "run", "--source=.", *pytest], tree, **where)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{suite.name}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    run([python, "-m", "coverage", "json", "-q", "-i", "-o", lines], tree, **where)
    files = json.loads(lines.read_text("utf-8"))["files"]
    return Ended(
        {
            f"{case.get('classname')}.{case.get('name')}": outcome(case)
            for case in ElementTree.parse(report).iter("testcase")
        },
        {name: set(file["executed_lines"]) for name, file in files.items()},
    )


def outcome(case: ElementTree.Element) -> str:
    kinds = {"failure": "failed", "error": "failed", "skipped": "skipped"}
    return next((kinds[child.tag] for child in case if child.tag in kinds), "passed")


def fixed(before: Path, out: Path) -> tuple[Path, str]:
    """A fixed copy, and the summary of the fixing."""
    after = before.with_name("after")
    shutil.rmtree(after, ignore_errors=True)
    shutil.copytree(before, after)
    options = ["--isolated", "--fix", "--unsafe-fixes", "--output-format", "concise", "."]
    done = run([sys.executable, "-m", "leaklint", "check", *options], after, PYTHONPATH=str(REPOSITORY))
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{out.name}: {done.stderr}")
    return after, done.stdout.splitlines()[-1]


def changed_lines(before: Path, after: Path) -> dict[str, set[int]]:
    """By file, the lines of the fixed copy that were not there before."""
    found: dict[str, set[int]] = {}
    for path in after.rglob("*.py"):
        name = path.relative_to(after)
        old, new = (
            (tree / name).read_text("utf-8", "replace").splitlines() if (tree / name).exists() else []
            for tree in (before, after)
        )
        if old != new:
            parts = difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
            found[str(name)] = {n + 1 for kind, _, _, low, high in parts if kind != "equal" for n in range(low, high)}
    return found


def row(suite: Suite, out: Path) -> tuple[str, bool]:
    """One line of the table, and whether every test ended as before."""
    before, python = prepared(suite, out)
    after, said = fixed(before, out)
    first, second = tested(suite, before, python), tested(suite, after, python)
    changed = changed_lines(before, after)
    ran = sum(len(lines & second.lines.get(name, set())) for name, lines in changed.items())
    differing = [
        name for name in first.outcomes | second.outcomes if first.outcomes.get(name) != second.outcomes.get(name)
    ]
    for name in differing:
        print(f"{suite.name}: {name}: {first.outcomes.get(name)} → {second.outcomes.get(name)}")  # noqa: T201
    same = "the same" if not differing else f"{len(differing)} differ"
    return f"| {suite.requirement} | {said} | {ran} | {first.summary()} | {same} |", not differing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("packages", nargs="*")
    options = parser.parse_args()
    wanted = [suite for suite in SUITES if suite.name in options.packages or not options.packages]
    rows = [row(suite, options.out.resolve()) for suite in wanted]
    table = "\n".join(
        [
            "# The tests of real packages, before and after `--fix --unsafe-fixes`",
            "",
            "Written by `fix_suites.py`.",
            "",
            "| package | what `--fix` says | changed lines run | its tests before | after |",
            "|---|---|---|---|---|",
            *(text for text, _ in rows),
        ]
    )
    print(table)  # noqa: T201 - a report is what people run it for
    if not options.packages:
        (HERE / "fix_suites.md").write_text(f"{table}\n", "utf-8")
    return int(not all(same for _, same in rows))


if __name__ == "__main__":
    sys.exit(main())
