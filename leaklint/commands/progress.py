"""A progress bar for runs that take longer than a moment, on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int], None]

PATIENCE = 1.0  # seconds before a bar appears
PAUSE = 0.1  # seconds between two looks of it
WIDTH = 24


@contextmanager
def progress_bar(*, show: bool) -> Iterator[Progress | None]:
    """What the analysis is to call with the files done and their total, or `None` where nobody would see it."""
    if not show:
        yield None
        return
    drawn = time.monotonic() + PATIENCE - PAUSE
    shown = False

    def progress(done: int, total: int) -> None:
        nonlocal drawn, shown
        if time.monotonic() - drawn >= PAUSE:
            drawn, shown = time.monotonic(), True
            sys.stderr.write(f"\r{bar(done, total)}\x1b[K")
            sys.stderr.flush()

    try:
        yield progress
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def bar(done: int, total: int) -> str:
    full = WIDTH * done // max(total, 1)
    return f"checking [{'#' * full}{'.' * (WIDTH - full)}] {done:,} of {total:,} files"
