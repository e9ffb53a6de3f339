"""The pipeline, and the only module that knows every stage: paths → files → leaks → findings."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from leaklint.config import Settings
from leaklint.counted import Counted
from leaklint.discover import File
from leaklint.finding import Finding
from leaklint.intake import Texts, read
from leaklint.reading import Sources

if TYPE_CHECKING:
    from leaklint.cache.memory import Memory

STACK = 512 * 1024 * 1024
RECURSION = 60_000
Progress = Callable[[int, int], None]
Around = Callable[[], Iterable[File]]
T = TypeVar("T")


class Outcome(msgspec.Struct, frozen=True):
    """Every finding, sorted, and what was looked at to find them; `notes` are for `-v`."""

    findings: tuple[Finding, ...]
    files: int
    acquisitions: int
    paths: int
    notes: tuple[str, ...] = ()


def check(
    files: Sequence[File],
    *,
    jobs: int = 1,
    progress: Progress | None = None,
    fixes: bool = False,
    cache: Path | None = None,
    sources: Sources | None = None,
    around: Around | None = None,
) -> Outcome:
    """Check the files as one project; nothing is filtered by rule, confidence or comment.

    `fixes`: propose a fix for each finding, or say why there is none. `cache`: the file of what earlier runs found.
    `sources`: the texts, where somebody else needs them too. `around` tells the other files of the project; they are
    not reported on, but may say what those that are do.
    """
    counted = Counted()
    groups: dict[bytes, list[File]] = {}
    for file in files:
        groups.setdefault(engine_settings(file.settings), []).append(file)
    for settings, group in groups.items():
        texts = read(group, sources or Sources(group))
        if around is not None and is_lonely(group, texts):
            continue
        whole = group if around is None else [*group, *others(group, around(), settings)]
        if len(whole) > len(group):
            texts = read(whole, Sources(whole))
        from leaklint.cache.memory import Memory

        memory = Memory(cache, whole, texts, settings, fixes=fixes)
        counted.take(known_of(group, whole, texts, memory, jobs=jobs, progress=progress, fixes=fixes))
    findings = tuple(sorted(counted.findings, key=lambda finding: finding.place))
    return Outcome(findings, len(files), counted.acquisitions, counted.paths, tuple(dict.fromkeys(counted.notes)))


def is_lonely(files: Sequence[File], texts: Texts) -> bool:
    from leaklint.glance import lonely

    return lonely(files, texts)


def others(files: Sequence[File], around: Iterable[File], settings: bytes) -> Iterator[File]:
    """The other files of their project that are checked with the same settings."""
    given = {file.path for file in files}
    return (file for file in around if file.path not in given and engine_settings(file.settings) == settings)


def engine_settings(settings: Settings) -> bytes:
    """What of the settings changes the analysis, comparable."""
    return msgspec.json.encode((settings.raises, settings.drivers, sorted(settings.functions.items())))


def known_of(
    files: Sequence[File],
    whole: Sequence[File],
    texts: Texts,
    memory: Memory,
    *,
    jobs: int,
    progress: Progress | None,
    fixes: bool,
) -> Counted:
    """What there is to know of some files of a project; heavy modules are imported only for what is not known."""
    names = {file.display for file in files}
    asked = {file.path for file in files}
    counted = Counted(findings=[finding for finding in texts.findings if finding.filename in names])
    if not memory.is_current():
        from leaklint.glance import idle

        if idle(whole, texts):
            return counted
        from leaklint.analysis import Analysis

        memory.past = on_big_stack(
            lambda: Analysis(whole, texts, memory.past, memory.indexes, jobs=jobs, fixes=fixes, asked=asked).run(
                progress
            )
        )
        memory.keep(memory.past)
    counted.take(memory.past.counted({str(file.path) for file in files}))
    return counted


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
