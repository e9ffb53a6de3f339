"""What of the findings was asked for: those that are not in the baseline, and those that came with a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from leaklint.commands.options import Options
from leaklint.commands.refusal import Refusal
from leaklint.config import Settings
from leaklint.discover import File
from leaklint.finding import Finding
from leaklint.reading import Sources
from leaklint.reports import Report

if TYPE_CHECKING:
    from leaklint.baseline import Comparison, Entry

Project = Callable[[], Sequence[File]]
"""All files that the report may rest on."""


def narrowed(report: Report, project: Project, options: Options, settings: Settings) -> Report:
    """The report without what is known, and without what has not come with a change since `--diff-base`."""
    file = baseline_file(options, settings)
    if file is not None:
        found = compared(report, read_baseline(file), file, options, settings)
        fixed = tuple(map(str, found.fixed))
        report = msgspec.structs.replace(report, findings=found.new, known=found.known, fixed=fixed)
    elif options.baseline_strict:
        raise Refusal("--baseline-strict needs a baseline: name one by --baseline or in the settings")
    return report if options.diff_base is None else came_since(report, project, options.diff_base)


def baseline_file(options: Options, settings: Settings, *, default: bool = False) -> Path | None:
    """The file that is named by the command line, or the settings; the usual one where that may be meant."""
    if options.baseline is None and not default:
        return Path(settings.baseline) if settings.baseline else None
    from leaklint.baseline import DEFAULT

    return Path(options.baseline or settings.baseline or DEFAULT)


def read_baseline(file: Path) -> tuple[Entry, ...]:
    from leaklint.baseline import BaselineError, read

    try:
        return read(file)
    except BaselineError as error:
        raise Refusal(str(error)) from error


def compared(
    report: Report, entries: tuple[Entry, ...], file: Path, options: Options, settings: Settings
) -> Comparison:
    """The findings held against a baseline, whose entries count as fixed where this run would have found them."""
    from leaklint.baseline import compare, lies_below
    from leaklint.selection import enabled

    def judged(entry: Entry) -> bool:
        return lies_below(entry, file.parent, options.paths or (".",)) and enabled(entry.code, settings)

    return compare(report.findings, report.lines, entries, file.parent, judged)


def came_since(report: Report, project: Project, revision: str) -> Report:
    from leaklint.changes import Changes, GitError

    try:
        changes = Changes(revision, report.lines)
        touched = {one for one in report.findings if changes.touch(one)}
        others = [one for one in report.findings if one not in touched]
        past = changes.then(project()) if others else None
    except GitError as error:
        raise Refusal(f"--diff-base {revision}: {error}") from error
    touched |= unknown_then(others, report, past) if past else set()
    findings = tuple(one for one in report.findings if one in touched)
    return msgspec.structs.replace(report, findings=findings, untouched=len(report.findings) - len(findings))


def unknown_then(findings: Sequence[Finding], report: Report, past: Mapping[str, File]) -> set[Finding]:
    """The findings, on lines that no change touches, that were not there when the files were as they were."""
    from leaklint.baseline import NEVER_KNOWN, compare, entries_for
    from leaklint.check import check

    leaks = [one for one in findings if one.code not in NEVER_KNOWN]
    asked = [past[name] for name in sorted({one.filename for one in leaks} & past.keys())]
    found = check(asked, around=past.values).findings
    entries = entries_for(found, Sources(asked).lines, Path.cwd())
    return set(compare(leaks, report.lines, entries, Path.cwd(), lambda _: False).new)
