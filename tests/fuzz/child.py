"""Checks what it reads, in a process of its own: one JSON line for each source, then what the process took."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Checked(NamedTuple):
    """What came of one source."""

    seconds: float
    findings: list[list[Any]]
    notes: list[str]


class Told(NamedTuple):
    """What a process said, and its largest size in MB."""

    results: list[Checked]
    megabytes: float
    errors: str


def check_in_child(sources: Sequence[bytes], seconds: float = 60) -> Told:
    """Check each source as a project of its own; raises if the process dies or hangs."""
    work = "".join(source.hex() + "\n" for source in sources)
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.child"],
        input=work,
        capture_output=True,
        text=True,
        timeout=seconds,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr[-2000:]}"
    *lines, last = done.stdout.splitlines()
    return Told([Checked(*json.loads(line)) for line in lines], json.loads(last), done.stderr)


def main() -> None:
    from leaklint.check import check
    from leaklint.config import Settings
    from leaklint.discover import File

    settings = Settings()
    for number, line in enumerate(sys.stdin):
        name = f"hostile_{number}.py"
        started = time.process_time()
        outcome = check([File(path=Path(name), display=name, settings=settings, source=bytes.fromhex(line.strip()))])
        findings = [[f.line, f.code, f.confidence] for f in outcome.findings]
        sys.stdout.write(json.dumps([time.process_time() - started, findings, list(outcome.notes)]) + "\n")
        sys.stdout.flush()
    sys.stdout.write(json.dumps(largest()) + "\n")


def largest() -> float:
    """The largest size of this process in MB; `ru_maxrss` has in it what the process was that started this one."""
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024)


if __name__ == "__main__":
    main()
