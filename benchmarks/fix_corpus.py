"""Fix copies of the pinned packages, and hold what comes out against what `--fix` promises.

    python benchmarks/fix_corpus.py CORPUS OUT [PACKAGE…]

Of every package that `download.py` put into CORPUS, OUT gets a fixed copy, its diff and the findings before and after.
Promised are: every changed file compiles; nothing is found that was not found before, and less wherever something was
changed; a second run changes nothing; and of the true leaks at a driver's own call (`triage.csv`), 70 % are fixed.
"""

import argparse
import contextlib
import csv
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import msgspec

from leaklint.check import check
from leaklint.config_load import Configurations
from leaklint.discover import discover
from leaklint.reading import Sources
from leaklint.review import review

HERE = Path(__file__).resolve().parent
PROMISED = 0.7
Finding = dict[str, Any]
Acquiring: TypeAlias = tuple[str, str, str]


class Package(NamedTuple):
    """A package before and after, and the folder in which that is noted."""

    name: str
    before: Path
    out: Path

    @property
    def after(self) -> Path:
        return self.out / self.name

    def note(self, suffix: str) -> Path:
        return self.out / f"{self.name}.{suffix}"

    def findings(self, suffix: str) -> list[Finding]:
        return [one for one in json.loads(self.note(suffix).read_text("utf-8")) if one["code"] < "LKN9"]


def leaklint(folder: Path, *options: str) -> str:
    """The diff or the report of a run in a folder; the summary comes last on standard error."""
    command = [sys.executable, "-m", "leaklint", "check", "--isolated", "--unsafe-fixes", *options, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{folder}: {done.stderr}")
    return done.stdout


def found_in(folder: Path) -> bytes:
    """The findings in a folder as JSON, without the fixes, which take the longer part of the time."""
    with contextlib.chdir(folder):
        files = discover(["."], Configurations(isolated=True)).files
        outcome = check(files, jobs=2)
        return msgspec.json.encode(review(outcome.findings, files, Sources(files), outcome.addressed).findings)


def fix(package: Package) -> None:
    """Fix a copy, and note the findings before, those left, and the diff; without a finding there is nothing to fix."""
    shutil.rmtree(package.after, ignore_errors=True)
    shutil.copytree(package.before, package.after)
    package.note("before.json").write_bytes(found_in(package.after))
    if not package.findings("before.json"):
        package.note("left.json").write_text("[]", "utf-8")
        package.note("again.diff").write_text("", "utf-8")
        return
    package.note("left.json").write_text(leaklint(package.after, "--fix", "--output-format", "json"), "utf-8")
    diff = subprocess.run(
        ["diff", "-ruN", "-U12", package.before, package.after], capture_output=True, text=True, check=False
    )
    package.note("diff").write_text(diff.stdout, "utf-8")
    package.note("again.diff").write_text(leaklint(package.after, "--diff"), "utf-8")


def changed(package: Package) -> list[Path]:
    paths = (path for path in package.before.rglob("*.py") if path.is_file())
    names = [path.relative_to(package.before) for path in paths]
    return [n for n in names if (package.before / n).read_bytes() != (package.after / n).read_bytes()]


def counted(findings: Iterable[Finding]) -> Counter[tuple[str, str, str]]:
    """Lines move, so findings are told apart by their functions."""
    return Counter((one["filename"], one["function"], one["driver"]) for one in findings)


def broken_promises(package: Package) -> Iterator[str]:
    before, left = counted(package.findings("before.json")), counted(package.findings("left.json"))
    for name, function, driver in left - before:
        yield f"{name}: {function} leaks a {driver} connection that it did not leak before"
    for path in changed(package):
        fewer = sum((before - left)[key] for key in before if key[0] == str(path))
        if not fewer:
            yield f"{path} was changed and no leak is gone"
        try:
            compile((package.after / path).read_bytes(), str(path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            yield f"{path} does not compile any more: {error}"
    if package.note("again.diff").read_text("utf-8"):
        yield "a second run changes something"


class Truth:
    """The leaks that were judged from the source, each at a driver's call in the function itself."""

    @cached_property
    def rows(self) -> frozenset[tuple[str, str, int]]:
        with (HERE / "triage.csv").open(encoding="utf-8", newline="") as file:
            return frozenset(
                (row["package"], row["path"], int(row["line"]))
                for row in csv.DictReader(file)
                if row["verdict"] == "leak" and row["scope"] == "local"
            )

    def of(self, package: Package, findings: Iterable[Finding]) -> list[Finding]:
        return [one for one in findings if (package.name, one["filename"], one["line"]) in self.rows]


def acquiring(folder: Path, finding: Finding) -> Acquiring:
    """The file, the function and the text of the acquisition, by which it is known again when lines have moved."""
    line = (folder / finding["filename"]).read_bytes().splitlines()[finding["line"] - 1]
    return finding["filename"], finding["function"], line.decode("utf-8", "replace").strip()


def gone_of(package: Package, true: list[Finding], before: list[Finding], left: list[Finding]) -> Counter[Acquiring]:
    """The true leaks that are fixed; those in the same words within a function cannot be told apart."""
    was = Counter(acquiring(package.before, one) for one in before)
    fewer = was - Counter(acquiring(package.after, one) for one in left)
    return fewer & Counter(acquiring(package.before, one) for one in true)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("packages", nargs="*")
    parser.add_argument("--told", action="store_true", help="run nothing: tell of what OUT holds")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    names = options.packages or sorted(path.name for path in options.corpus.iterdir() if path.is_dir())
    packages = [Package(name, (options.corpus / name).resolve(), options.out.resolve()) for name in names]
    totals: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    truth = Truth()
    for package in packages:
        if not options.told:
            fix(package)
        elif not package.note("again.diff").exists():
            continue
        before, left = package.findings("before.json"), package.findings("left.json")
        broken = list(broken_promises(package))
        true = truth.of(package, before)
        gone = sum(gone_of(package, true, before, left).values())
        files = len(changed(package))
        row = Counter(files=files, before=len(before), left=len(left), true=len(true), gone=gone, broken=len(broken))
        totals += row
        reasons.update(one["fix_refused"] for one in left)
        print(  # noqa: T201 - a report is what people run it for
            f"{package.name:45} {len(before):4} found, {len(left):4} left, {files:3} files changed, "
            f"of {len(true):3} true local leaks {gone:3} fixed",
            *(f"\n    {line}" for line in broken),
            flush=True,
        )
    share = totals["gone"] / totals["true"] if totals["true"] else 1.0
    print(dict(totals), f"{share:.0%} of the true local leaks are fixed")  # noqa: T201
    for reason, number in reasons.most_common():
        print(f"{number:5}  {reason}")  # noqa: T201
    return int(bool(totals["broken"]) or share < PROMISED)


if __name__ == "__main__":
    sys.exit(main())
