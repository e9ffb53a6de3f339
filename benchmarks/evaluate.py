"""Run leaklint on the corpus and hold what it reports against the verdicts in `triage.csv`.

    python benchmarks/evaluate.py CORPUS [PACKAGE ...]

Tells every false and every missed alarm among the sites that were judged, then the figures; a finding at a site that
nobody judged is counted apart. A site that is judged unclear counts neither way.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

TRIAGE = Path(__file__).with_name("triage.csv")
FOUND = re.compile(r"(?P<path>.+?):(?P<line>\d+):\d+: (?P<code>LKN\d+) (?P<message>.*)")
OUTCOMES = {
    ("leak", True): "true alarm",
    ("leak", False): "missed alarm",
    ("not", True): "false alarm",
    ("not", False): "rightly silent",
}


def reported(corpus: Path, package: str) -> dict[tuple[str, int], str]:
    """What is said of the package at the default confidence, by path below its folder and line."""
    command = [sys.executable, "-m", "leaklint", "check", package, "--isolated", "--output-format", "concise"]
    told = subprocess.run(command, cwd=corpus, capture_output=True, text=True, check=False)
    if told.returncode > 1 or "leak" not in told.stdout:
        sys.exit(f"leaklint failed on {package}: {told.stderr.strip()}")
    lines = filter(None, map(FOUND.match, told.stdout.splitlines()))
    return {(m["path"].partition("/")[2], int(m["line"])): f"{m['code']} {m['message']}" for m in lines}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main(corpus: Path, packages: list[str]) -> None:
    with TRIAGE.open(newline="") as file:
        judged = list(csv.DictReader(file))
    total: Counter[tuple[str, str]] = Counter()
    unread = 0
    for package in packages or sorted({row["package"] for row in judged}):
        found = reported(corpus, package)
        rows = [row for row in judged if row["package"] == package]
        unread += len(found.keys() - {(row["path"], int(row["line"])) for row in rows})
        for row in rows:
            said = found.get((row["path"], int(row["line"])))
            outcome = OUTCOMES.get((row["verdict"], said is not None), "unclear")
            total[row["scope"], outcome] += 1
            if outcome in {"false alarm", "missed alarm"}:
                say(f"{outcome}: {package}/{row['path']}:{row['line']}: {said or row['code']} | {row['reason']}")
    for scope in ("local", "wrapper"):
        true, false = total[scope, "true alarm"], total[scope, "false alarm"]
        figures = ", ".join(f"{total[scope, outcome]} {outcome}" for outcome in OUTCOMES.values())
        say(f"{scope}: {figures}; {true / max(true + false, 1):.1%} of what is said is true")
    say(f"{unread} findings at sites that were not judged")


if __name__ == "__main__":
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2:])
