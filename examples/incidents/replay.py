"""Watch a pool run dry, and hold once the leak is fixed: `python examples/incidents/replay.py 4`, or no number for all.

It starts a PostgreSQL of its own and works on a copy of the application: the folder stays as it is.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from temporary import postgres, program

HERE = Path(__file__).resolve().parent
ENOUGH = 1000  # no pool here lasts so long


class Run(NamedTuple):
    """How an application was driven: what it survived, the error that ended it, and the connections still in use."""

    survived: int
    error: str
    in_use: int


class Replay(NamedTuple):
    """One incident from its first request to the last."""

    before: Run
    findings: list[str]
    by_fix: bool
    left: list[str]
    after: Run


def incidents() -> list[Path]:
    return sorted(folder for folder in HERE.iterdir() if folder.name[0].isdigit())


def number_of(folder: Path) -> str:
    return folder.name.partition("-")[0]


def replay(folder: Path, port: int) -> Replay:
    """Exhaust the pool, find the leaks, mend a copy, and drive that ten times as long."""
    url = new_database(folder, port)
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for source in folder.iterdir():
            if source.is_file():
                shutil.copy(source, copy)
        before = drive(copy, url, ENOUGH)
        findings = check(copy)
        by_fix = not (folder / "right").exists()
        mend(copy, folder / "right")
        return Replay(before, findings, by_fix, check(copy), drive(copy, url, 10 * (before.survived + 1)))


def new_database(folder: Path, port: int) -> str:
    name = f"incident{number_of(folder)}"
    psql = [program("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
    subprocess.run([*psql, "-c", f"CREATE DATABASE {name}"], check=True)
    schema = folder / "schema.sql"
    if schema.exists():
        subprocess.run([*psql, "-d", name, "-f", str(schema)], check=True)
    return f"postgresql://postgres@127.0.0.1:{port}/{name}"


def drive(copy: Path, url: str, requests: int) -> Run:
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(HERE)}
    command = [sys.executable, "drive.py", str(requests)]
    ran = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return Run(**json.loads(ran.stdout))


def check(copy: Path, *options: str) -> list[str]:
    """The findings of `leaklint check`, one line each."""
    command = [sys.executable, "-m", "leaklint", "check", "--isolated", "--output-format", "concise", *options, "."]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    ran = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode not in (0, 1):
        raise RuntimeError(ran.stderr)
    return [line for line in ran.stdout.splitlines() if ": LKN" in line]


def mend(copy: Path, right: Path) -> None:
    """Where a person has to decide, take the files as a person changed them; otherwise let `--fix` do it."""
    if right.exists():
        shutil.copytree(right, copy, dirs_exist_ok=True)
    else:
        check(copy, "--fix")


def tell(folder: Path, told: Replay) -> None:
    print(f"\n{folder.name}")
    print(f"  before: {told.before.survived} requests survived, then {told.before.error}")
    print(f"          {told.before.in_use} connections in use, and nobody is using them")
    for finding in told.findings:
        print(f"  leaklint check: {finding}")
    print(f"  fixed by {'leaklint --fix' if told.by_fix else f'hand: see {folder.name}/right'}")
    print(f"  after:  {told.after.survived} requests survived{told.after.error and f', then {told.after.error}'}")
    print(f"          {told.after.in_use} connections in use")


def main() -> int:
    chosen = [folder for folder in incidents() if not sys.argv[1:] or number_of(folder) in sys.argv[1:]]
    with postgres() as port:
        told = []
        for folder in chosen:
            told.append(replay(folder, port))
            tell(folder, told[-1])
    return int(any(one.after.error or one.after.in_use for one in told))


if __name__ == "__main__":
    sys.exit(main())
