"""The pipeline, and the only module that knows every stage: paths → files → leaks → findings."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from leaklint.discover import File
from leaklint.finding import Finding

STACK = 512 * 1024 * 1024
RECURSION = 60_000
Progress = Callable[[int, int], None]
T = TypeVar("T")


class Outcome(msgspec.Struct, frozen=True):
    """Every finding, sorted, and what was looked at to find them; `notes` are for `-v`."""

    findings: tuple[Finding, ...]
    files: int
    acquisitions: int
    paths: int
    notes: tuple[str, ...] = ()


def check(files: Sequence[File], *, jobs: int = 1, progress: Progress | None = None, fixes: bool = False) -> Outcome:
    """Check the files as one project; nothing is filtered by rule, confidence or comment. `fixes` asks for them too."""
    from leaklint.glance import idle

    if idle(files):
        return Outcome((), len(files), 0, 0)
    from leaklint.analysis import analyse

    return on_big_stack(lambda: analyse(files, progress, jobs=jobs, fixes=fixes))


def on_big_stack(work: Callable[[], T]) -> T:
    """Run in a thread whose stack is large enough for deeply nested code; exceptions come through."""
    results: list[T] = []
    errors: list[BaseException] = []

    def target() -> None:
        try:
            results.append(work())
        except BaseException as error:  # whatever it is, it is raised again in the caller's thread
            errors.append(error)

    before, limit = threading.stack_size(STACK), sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION))
    try:
        thread = threading.Thread(target=target, name="leaklint")
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
        sys.setrecursionlimit(limit)
    if errors:
        raise errors[0]
    return results[0]
