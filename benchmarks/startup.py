"""What starting leaklint costs, in comparison with importing click alone: medians of interleaved runs.

`python benchmarks/startup.py [ROUNDS]` prints the table that stands in `README.md` beside this file, and exits with 1
if one of leaklint's two quick runs takes more than 2.5 times what click's import takes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
MOST = 2.5
QUIET = "import os\n\n\ndef size(path):\n    return os.stat(path).st_size\n"
LEAKY = "import sqlite3\n\n\ndef count(path):\n    return sqlite3.connect(path).execute('SELECT 1').fetchone()\n"

COMMANDS = {
    'python -c "import click"': ["-c", "import click"],
    "leaklint --version": ["-m", "leaklint", "--version"],
    "leaklint on a file without acquisitions": ["-m", "leaklint", "quiet.py"],
    "leaklint on a file with one": ["-m", "leaklint", "--no-cache", "leaky.py"],
    "leaklint on a file with one, cached": ["-m", "leaklint", "leaky.py"],
    "flake8 without leaklint": ["-m", "flake8", "--isolated", "--disable-noqa", "--select=E9", "quiet.py"],
    "flake8 on a file without acquisitions": ["-m", "flake8", "--isolated", "--select=LKN", "quiet.py"],
}
BOUND = ("leaklint --version", "leaklint on a file without acquisitions")


def measured(rounds: int, folder: Path) -> dict[str, float]:
    """Seconds for each command; they take turns, so that a busy moment costs all of them."""
    (folder / "quiet.py").write_text(QUIET)
    (folder / "leaky.py").write_text(LEAKY)
    plugin, bare = environment(folder / "site", plugin=True), environment(folder / "none", plugin=False)
    took: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds + 1):
        for name, arguments in COMMANDS.items():
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, *arguments],
                cwd=folder,
                env=bare if "without leaklint" in name else plugin,
                capture_output=True,
                check=False,
            )
            took[name].append(time.perf_counter() - start)
    return {name: median(times[1:]) for name, times in took.items()}  # the first run compiles


def environment(site: Path, *, plugin: bool) -> dict[str, str]:
    """This clone on the path; with a `plugin`, flake8 finds it, installed or not."""
    site.mkdir()
    if plugin:
        folder = site / "leaklint_db-0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: leaklint-db\nVersion: 0\n")
        (folder / "entry_points.txt").write_text("[flake8.extension]\nLKN = leaklint.flake8_plugin:LeakChecker\n")
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "PYTHONPATH": f"{site}{os.pathsep}{ROOT}", "XDG_CACHE_HOME": str(site)}


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder:
        took = measured(rounds, Path(folder))
    unit = next(iter(took.values()))
    print("| run | ms | times click |\n|---|---|---|")  # noqa: T201
    for name, seconds in took.items():
        print(f"| `{name}` | {seconds * 1000:.0f} | {seconds / unit:.2f} |")  # noqa: T201
    return int(any(took[name] > MOST * unit for name in BOUND))


if __name__ == "__main__":
    sys.exit(main())
