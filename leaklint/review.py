"""Everything that was found to what is reported: rules selected, comments heeded, confidence high enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from leaklint import selection, suppression, undriven
from leaklint.discover import File
from leaklint.finding import Finding
from leaklint.reading import Sources
from leaklint.suppression import Comment, Suppressions

UNUSED = "LKN901"


class Review(msgspec.Struct, frozen=True):
    """What to report, how much was left out for a comment or for low confidence, and comments gone wrong."""

    findings: tuple[Finding, ...]
    suppressed: int = 0
    unsure: int = 0
    warnings: tuple[str, ...] = ()


def review(findings: Iterable[Finding], files: Sequence[File], sources: Sources, addressed: Collection[str]) -> Review:
    """What of the findings is to be reported; `addressed` are the files with a comment that may mean a rule of ours."""
    by_name: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_name[finding.filename].append(finding)
    concerned = [file for file in files if file.display in by_name or str(file.path) in addressed]
    reviews = [of_file(file, by_name.get(file.display, ()), sources) for file in concerned]
    kept = [finding for one in reviews for finding in one.findings]
    return Review(
        tuple(sorted(kept, key=lambda finding: finding.place)),
        sum(one.suppressed for one in reviews),
        sum(one.unsure for one in reviews),
        tuple(warning for one in reviews for warning in one.warnings),
    )


def of_file(file: File, findings: Sequence[Finding], sources: Sources) -> Review:
    """A finding of low confidence justifies a comment, though it may not be reported itself."""
    data = sources.data(file.display)
    cells = {finding.cell for finding in findings} | {None}
    comments = {cell: suppression.read_ours(sources.data(file.display, cell)) for cell in cells}
    silencing: list[tuple[Comment, str]] = []
    heard: list[Finding] = []
    for finding in findings:
        if not selection.wanted(finding.code, file.settings, file.path):
            continue
        if comment := suppression.silenced(finding, comments[finding.cell]):
            silencing.append((comment, finding.code))
        else:
            heard.append(finding)
    kept = [one for one in heard if selection.confident(one, file.settings.min_confidence)]
    readable = all(one.code != selection.UNREADABLE for one in findings)
    extra = unused(file, comments[None], silencing) if readable and not file.display.endswith(".ipynb") else ()
    return Review((*kept, *extra), len(silencing), len(heard) - len(kept), misspelt(file, data))


def undriven_libraries(files: Iterable[File], sources: Sources) -> Iterator[str]:
    """The database libraries that files import and of which no driver speaks; looked for when they are asked for."""
    found: set[str] = set()
    for file in files:
        known = {library for driver in file.settings.drivers.values() for library in driver.libraries}
        found |= undriven.imported(sources.data(file.display), known)
    yield from sorted(found)


def misspelt(file: File, data: bytes) -> tuple[str, ...]:
    """Warnings about comments that do not do what they seem to."""
    if not suppression.ANY.search(data):
        return ()
    found = suppression.misspelt(data, selection.rule_names())
    return tuple(f"{file.display}:{line}: this comment {problem}" for line, problem in found)


def unused(file: File, comments: Suppressions, used: Sequence[tuple[Comment, str]]) -> Iterator[Finding]:
    """A comment for a rule that is off here may be needed by somebody else's run: it is not called unused."""
    ours = any(code.startswith("LKN") for comment in comments.comments for code in comment.codes)
    if ours and selection.wanted(UNUSED, file.settings, file.path):

        def judged(prefix: str) -> bool:
            codes = (rule.code for rule in selection.rules() if rule.code.startswith(prefix))
            return all(selection.wanted(code, file.settings, file.path) for code in codes)

        yield from suppression.unused(file.display, comments, used, judged)
