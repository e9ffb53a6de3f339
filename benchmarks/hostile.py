"""Does anything crash, hang or grow on code that nobody wrote for us: the standard library with its tests, the corpus?

    python benchmarks/hostile.py CORPUS [PACKAGE…] > benchmarks/hostile.md

Each package (all, unless some are named) is checked as one project in a process of its own, the standard library of
the Python that runs this twice: with the drivers alone, and with one more that takes files, sockets and processes for
connections, so that there is something to follow everywhere. Exits with 1 if a process dies, if anything is an
internal error, or if a file cannot be read that `ast.parse` accepts.
"""

from __future__ import annotations

import ast
import json
import platform
import resource
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from leaklint import analysis
from leaklint.check import check
from leaklint.config import Settings
from leaklint.discover import File
from leaklint.drivers.spec import Acquisition, Driver

EVERYTHING = Driver(
    name="everything",
    title="files, sockets, processes",
    libraries=("io", "os", "socket", "subprocess", "tempfile"),
    acquisitions=(
        Acquisition(
            calls=("open", "builtins.open", "io.open", "os.popen", "socket.socket", "subprocess.Popen"),
            releases=("close", "kill", "wait"),
        ),
    ),
)
SLOWEST = 3
HOURS = 3600.0


class Told(NamedTuple):
    """What came of one package; `slowest` are seconds, bytes and names of files."""

    files: int
    bytes: int
    acquisitions: int
    seconds: float
    megabytes: float
    refused: list[str]
    faults: list[str]
    slowest: list[tuple[float, int, str]]


def child(root: Path, *, everything: bool) -> Told:
    """Check all Python files below a folder as one project."""
    settings = Settings(drivers={EVERYTHING.name: EVERYTHING} if everything else {})
    paths = [path for path in sorted(root.rglob("*.py")) if "site-packages" not in path.parts]
    files = [File(path=path, display=str(path.relative_to(root)), settings=settings) for path in paths]
    took: dict[Path, float] = {}
    check_file = analysis.check_file

    def timed(project: Any, module: Any, file: File, *rest: Any, **options: Any) -> Any:
        started = time.process_time()
        try:
            return check_file(project, module, file, *rest, **options)
        finally:
            took[file.path] = time.process_time() - started

    analysis.check_file = timed
    started = time.process_time()
    outcome = check(files)
    unread = [one for one in outcome.findings if one.code == "LKN902"]
    sizes = {path: path.stat().st_size for path in paths}
    slowest = sorted(((seconds, sizes[path], str(path.relative_to(root))) for path, seconds in took.items()))
    return Told(
        files=len(files),
        bytes=sum(sizes.values()),
        acquisitions=outcome.acquisitions,
        seconds=time.process_time() - started,
        megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        refused=[f"{one.filename}:{one.line}: {one.message}" for one in unread if accepted(root / one.filename)],
        faults=[note for note in (*outcome.notes, *(one.message for one in unread)) if "internal error" in note],
        slowest=slowest[: -SLOWEST - 1 : -1],
    )


def accepted(path: Path) -> bool:
    """Whether this Python can parse the file."""
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def checked(root: Path, *, everything: bool = False) -> Told | str:
    """The same in a process of its own, or how that died."""
    command = [sys.executable, __file__, "--child", str(root), "everything" if everything else "drivers"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=HOURS, check=False)
    except subprocess.TimeoutExpired:
        return "did not end"
    if done.returncode:
        return f"exit code {done.returncode}: {done.stderr.strip().rpartition(chr(10))[2]}"
    return Told(**json.loads(done.stdout))


def roots(corpus: Path, names: Sequence[str]) -> Iterator[tuple[str, Path, bool]]:
    stdlib = Path(sysconfig.get_path("stdlib"))
    name = f"the standard library of Python {platform.python_version()} with its tests"
    yield name, stdlib, False
    yield f"{name}, files and sockets taken for connections", stdlib, True
    packages = sorted(path for path in corpus.iterdir() if path.is_dir() and (not names or path.name in names))
    yield from ((path.name, path, False) for path in packages)


def main() -> int:
    if sys.argv[1:2] == ["--child"]:
        sys.stdout.write(json.dumps(child(Path(sys.argv[2]), everything=sys.argv[3] == "everything")._asdict()))
        return 0
    found = {
        name: checked(root, everything=everything) for name, root, everything in roots(Path(sys.argv[1]), sys.argv[2:])
    }
    sys.stdout.write(page(found))
    told = [one for one in found.values() if isinstance(one, Told)]
    return 1 if len(told) < len(found) or any(one.refused or one.faults for one in told) else 0


def page(found: dict[str, Told | str]) -> str:
    """The figures as Markdown."""
    told = {name: one for name, one in found.items() if isinstance(one, Told)}
    files, size = sum(one.files for one in told.values()), sum(one.bytes for one in told.values()) / 1e6
    lines = [
        "# Hostile input: real code",
        "",
        "Written by `python benchmarks/hostile.py CORPUS [PACKAGE…]`, for the packages that are listed. Seconds are",
        "processor time of one process; the size is the largest the process had; a file's seconds are those of",
        "following its own acquisitions.",
        "",
        f"{files:,} files, {size:.0f} MB, those of the standard library twice: "
        f"{len(found) - len(told)} processes died, "
        f"{sum(len(one.faults) for one in told.values())} internal errors, "
        f"{sum(len(one.refused) for one in told.values())} files refused that `ast.parse` accepts.",
        "",
        "| what | files | MB | acquisitions | seconds | size in MB | slowest file |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for name, one in told.items():
        worst = f"{one.slowest[0][2]} ({one.slowest[0][0]:.1f} s)" if one.slowest else ""
        lines.append(
            f"| {name} | {one.files:,} | {one.bytes / 1e6:.1f} | {one.acquisitions:,} | {one.seconds:.1f} "
            f"| {one.megabytes:.0f} | {worst} |"
        )
    lines += [f"\n{name}: {one}" for name, one in found.items() if isinstance(one, str)]
    lines += [f"\n{name}: {text}" for name, one in told.items() for text in (*one.refused, *one.faults)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
