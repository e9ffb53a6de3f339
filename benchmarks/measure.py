"""Programs run and measured: seconds on the wall, seconds of processor time, and the most memory of any process."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

LONGEST = 600
"""Seconds after which a program is stopped."""


class Failed(Exception):
    """A program that did not do its job."""


class Measured(NamedTuple):
    """Medians of several runs; `memory` in MB is that of the largest process, children included."""

    wall: float
    cpu: float
    memory: float


def once(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Measured:
    """Run a program to its end, whatever its exit code says of the files it was given; raises `Failed`."""
    start = time.perf_counter()
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise Failed(str(error)) from error
    timer = threading.Timer(LONGEST, os.killpg, (process.pid, signal.SIGKILL))
    timer.start()
    _, status, used = os.wait4(process.pid, 0)
    timer.cancel()
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in range(64):
        raise Failed(f"exit code {process.returncode} after {wall:.0f} s")
    return Measured(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def median(runs: Sequence[Measured]) -> Measured:
    return Measured(*(statistics.median(values) for values in zip(*runs, strict=True)))
