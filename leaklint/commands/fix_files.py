"""`--fix` and `--diff`: fixes applied to the files themselves, or shown as a unified diff."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import msgspec

from leaklint.commands.diff import diff, shown
from leaklint.commands.emit import Output
from leaklint.commands.options import Options
from leaklint.discover import File
from leaklint.finding import Finding
from leaklint.fixes.apply import Repairs, may_fix, repair
from leaklint.reading import LEADS_OUT, leads_out, write_whole
from leaklint.reports import Report
from leaklint.reports.visible import clean
from leaklint.words import count

REFUSED = 2
Check = Callable[[Sequence[File]], Report]


class Done(NamedTuple):
    """The report of what is left, the fixes, and whatever could not be written."""

    report: Report
    repairs: Repairs
    originals: dict[str, bytes]
    refused: list[str]


def fixed(files: Sequence[File], check: Check, *, unsafe: bool) -> Done:
    """Fix what can be fixed, in memory."""
    originals = dict(read(files))
    reports: list[Report] = []

    def findings(texts: Mapping[str, bytes]) -> Sequence[Finding]:
        now = [
            msgspec.structs.replace(file, source=texts[file.display]) if file.display in texts else file
            for file in files
        ]
        reports.append(check(now))
        return reports[-1].findings

    repairs = repair(originals, findings, unsafe=unsafe)
    return Done(reports[-1], repairs, originals, [])


def read(files: Sequence[File]) -> Iterator[tuple[str, bytes]]:
    for file in files:
        if file.display.endswith(".ipynb"):
            continue
        if file.source is not None:
            yield file.display, file.source
            continue
        try:
            yield file.display, file.path.read_bytes()
        except OSError:
            continue


def finish(done: Done, files: Sequence[File], check: Check, options: Options, output: Output, *, unsafe: bool) -> int:
    """Write or show the changes, then tell what is left; the exit code."""
    if options.diff:
        changes = diff(done.originals, done.repairs.texts)
        output.show(shown(changes) if output.is_looked_at else changes)
        output.tell_people(summary(done, would=True, unsafe=unsafe), err=True)
        return int(bool(done.repairs.texts) and not options.exit_zero)
    roots = options.paths or (".",)
    stdin = next((file for file in files if file.source is not None), None)
    note = "" if stdin else dirty_note(roots)
    if stdin is not None:
        output.show(done.repairs.texts.get(stdin.display, done.originals.get(stdin.display, b"")))
    else:
        write(done, files, roots)
        done = done._replace(report=check(files)) if done.refused else done
        output.emit(done.report)
    output.warn([note] if note and done.repairs.texts else [])
    for message in done.refused:
        click.echo(f"error: {clean(message)}", err=True)
    output.tell_people(summary(done, would=False, unsafe=unsafe), err=stdin is not None or output.has_stdout)
    if done.refused:
        return REFUSED
    return int(bool(done.report.findings) and not options.exit_zero)


def write(done: Done, files: Sequence[File], roots: Sequence[str]) -> None:
    """Write each changed file whole, or leave it as it was and say why."""
    by_name = {file.display: file for file in files}
    for name, data in list(done.repairs.texts.items()):
        problem = written(by_name[name].path, done.originals[name], data, roots)
        if problem:
            done.refused.append(f"{name} was left as it is: {problem}")
            done.repairs.fixed.pop(name, None)


def written(path: Path, before: bytes, after: bytes, roots: Sequence[str]) -> str:
    """Why the file cannot be written; "" once it is."""
    try:
        if leads_out(path, roots):
            return LEADS_OUT
        if path.read_bytes() != before:
            return "it was changed meanwhile"
        if not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            return "it is read-only"
        write_whole(path, after)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def summary(done: Done, *, would: bool, unsafe: bool) -> str:
    """`Fixed 41 leaks in 17 files; 9 left: 6 need --unsafe-fixes, 3 refused`."""
    leaks = sum(done.repairs.fixed.values())
    files = sum(1 for number in done.repairs.fixed.values() if number)
    text = f"{'Would fix' if would else 'Fixed'} {count(leaks, 'leak')} in {count(files, 'file')}"
    left = [one for one in done.report.findings if not one.code.startswith("LKN9")]
    if not left:
        return f"{text}; none left."
    unwritten = 0 if would else sum(may_fix(one, unsafe=unsafe) for one in left)
    willing = sum(one.fix is not None for one in left) - unwritten
    reasons = [f"{willing} {'needs' if willing == 1 else 'need'} --unsafe-fixes"] if willing else []
    reasons += [f"{unwritten} could not be written"] if unwritten else []
    refused = len(left) - willing - unwritten
    reasons += [f"{refused} refused"] if refused else []
    return f"{text}; {len(left)} left: {', '.join(reasons)}."


def dirty_note(roots: Sequence[str]) -> str:
    """What to know where git has uncommitted changes."""
    by_folder: dict[Path, list[str]] = {}
    for root in map(Path, roots):
        folder, name = (root, ".") if root.is_dir() else (root.parent, root.name)
        by_folder.setdefault(folder, []).append(name)
    dirty = any(is_dirty(folder, names) for folder, names in by_folder.items())
    return "there were uncommitted changes: the fixes stand beside them." if dirty else ""


def is_dirty(folder: Path, names: Sequence[str]) -> bool:
    """Whether git knows these files otherwise than they are; without a repository nobody does."""
    try:
        asked = subprocess.run(
            ["git", "-C", str(folder), "status", "--porcelain", "--untracked-files=no", "--", *names],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return bool(asked.stdout.strip())
