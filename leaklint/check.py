"""The pipeline, and the only module that knows every stage: paths → files → leaks → findings."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from leaklint.config import Settings
from leaklint.counted import Counted
from leaklint.discover import File
from leaklint.finding import Finding
from leaklint.intake import Texts, read
from leaklint.reading import Sources

if TYPE_CHECKING:
    from leaklint.cache.indexes import Indexes
    from leaklint.cache.memory import Memory
    from leaklint.cache.sight import Sight

STACK = 512 * 1024 * 1024
RECURSION = 60_000
Progress = Callable[[int, int], None]
Around = Callable[[], Iterable[File]]
T = TypeVar("T")


class Outcome(msgspec.Struct, frozen=True):
    """Every finding, sorted, and what was looked at to find them; `notes` are for `-v`.

    `addressed`: the files with a comment that may mean a rule of ours.
    """

    findings: tuple[Finding, ...]
    files: int
    acquisitions: int
    paths: int
    notes: tuple[str, ...] = ()
    addressed: frozenset[str] = frozenset()


class How(NamedTuple):
    """The way in which a run is to be done."""

    jobs: int
    progress: Progress | None
    fixes: bool
    cache: Path | None
    indexes: Indexes | None


def check(
    files: Sequence[File],
    *,
    jobs: int = 1,
    progress: Progress | None = None,
    fixes: bool = False,
    cache: Path | None = None,
    sources: Sources | None = None,
    around: Around | None = None,
    indexes: Indexes | None = None,
) -> Outcome:
    """Check the files as one project; nothing is filtered by rule, confidence or comment.

    `fixes`: propose a fix for each finding, or say why there is none. `cache`: the file of what earlier runs found.
    `sources`: the texts, where somebody else needs them too. `around` tells the other files of the project; they are
    not reported on, but may say what those that are do. `indexes`: those of runs before, in this process.
    """
    counted = Counted()
    how = How(jobs, progress, fixes, cache, indexes)
    for settings, group in by_engine(files).items():
        counted.take(of_project(group, settings, sources or Sources(group), around, how))
    return Outcome(
        tuple(sorted(counted.findings, key=lambda finding: finding.place)),
        len(files),
        counted.acquisitions,
        counted.paths,
        tuple(dict.fromkeys(counted.notes)),
        frozenset(counted.addressed),
    )


def by_engine(files: Iterable[File]) -> dict[bytes, list[File]]:
    """The files by what of their settings changes the analysis."""
    groups: dict[bytes, list[File]] = {}
    known: dict[int, bytes] = {}
    for file in files:
        settings = known.get(id(file.settings))
        if settings is None:
            settings = known[id(file.settings)] = engine_settings(file.settings)
        groups.setdefault(settings, []).append(file)
    return groups


def engine_settings(settings: Settings) -> bytes:
    """What of the settings changes the analysis, comparable."""
    return msgspec.json.encode((settings.raises, settings.drivers, sorted(settings.functions.items())))


def of_project(group: Sequence[File], settings: bytes, sources: Sources, around: Around | None, how: How) -> Counted:
    """What there is to know of files with the same settings for the engine."""
    whole = group
    if around is not None:
        texts = read(group, sources)
        if is_lonely(group, texts):
            return quiet(group, texts)
        whole = [*group, *others(group, around(), settings)]
    from leaklint.cache.sight import Sight

    sight = Sight(how.cache, settings, whole, group, fixes=how.fixes)
    told = sight.told(lambda paths: digests_of([file for file in whole if str(file.path) in paths]))
    if told is not None:
        return told
    return known_of(group, whole, sources if whole is group else Sources(whole), sight, how)


def is_lonely(files: Sequence[File], texts: Texts) -> bool:
    from leaklint.glance import lonely

    return lonely(files, texts)


def others(files: Sequence[File], around: Iterable[File], settings: bytes) -> Iterator[File]:
    """The other files of their project that are checked with the same settings."""
    given = {file.path for file in files}
    return (file for file in around if file.path not in given and engine_settings(file.settings) == settings)


def digests_of(files: Sequence[File]) -> Mapping[str, bytes]:
    """What stands for what is in these files by now."""
    from leaklint.cache.place import digest

    return {str(path): digest(text) for path, text in read(files, Sources(files)).sources.items()}


def known_of(files: Sequence[File], whole: Sequence[File], sources: Sources, sight: Sight, how: How) -> Counted:
    """What there is to know of some files of a project; heavy modules are imported only for what is not known."""
    from leaklint.cache.memory import Memory

    memory = Memory(sight, how.indexes)
    asked = {str(file.path) for file in files}
    unknown = [file for file in whole if str(file.path) not in memory.digests]
    texts = read(unknown, sources)
    memory.look_into(texts)
    known = settled(memory, unknown, texts, asked)
    if known is not None:
        return known
    texts = read(whole, sources, memory.sizes)
    memory.look_into(texts)
    found = unread(files, texts)
    from leaklint.glance import idle

    if idle(whole, texts):
        return quiet(files, texts)
    from leaklint.analysis import Analysis

    analysis = Analysis(whole, texts, memory, jobs=how.jobs, fixes=how.fixes, asked={file.path for file in files})
    past = on_big_stack(lambda: analysis.run(how.progress))
    found.take(past.counted(asked))
    memory.keep(past, analysis.project.modules.looked_for, found, analysis.gist(past))
    return found


def settled(memory: Memory, files: Sequence[File], texts: Texts, asked: Collection[str]) -> Counted | None:
    """What is known without looking further: nothing changed, or nothing of which anybody takes notice.

    `texts`: those of files that may have changed.
    """
    if texts.findings or not memory.looks_alike or any(str(path) in memory.altered for path in texts.notebooks):
        return None
    counted = memory.counted(asked)
    if counted is None:
        return None
    from leaklint import settle

    changes = [
        settle.Change(file, texts.sources[file.path], memory.digests[path], memory.altered[path])
        for file in files
        if (path := str(file.path)) in memory.altered
    ]
    gist = memory.gist
    if changes:
        gist = settle.settled(gist, changes, memory.digests) if gist is not None else None
        if gist is None:
            return None
        counted = settle.recounted(counted, [one.file for one in changes if one.path in asked], gist.rows)
    memory.keep_sight(counted, gist)
    return counted


def unread(files: Iterable[File], texts: Texts) -> Counted:
    """What there is to say of those of the files that could not be read."""
    names = {file.display for file in files}
    return Counted(findings=[finding for finding in texts.findings if finding.filename in names])


def quiet(files: Sequence[File], texts: Texts) -> Counted:
    """What there is to know of files in which nothing is acquired: which of them speak of our rules all the same."""
    from leaklint import selection, suppression

    found = unread(files, texts)
    for file in files:
        if suppression.addressed(texts.sources.get(file.path, b""), selection.rule_names):
            found.addressed.append(str(file.path))
    return found


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
