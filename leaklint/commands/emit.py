"""Where each report goes: one to standard output, others to files, people's text aside to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, NamedTuple

import click
import msgspec

from leaklint.commands.options import Options
from leaklint.commands.refusal import Refusal
from leaklint.config import Settings
from leaklint.reading import write_whole
from leaklint.reports import PEOPLE, Report, render
from leaklint.reports.visible import clean

DEFAULT_WIDTH = 120


class Destination(NamedTuple):
    """A report and the file it goes to; no file is standard output."""

    format: str
    file: str


def destinations(written: Iterable[str]) -> list[Destination]:
    """At most one report for people and one for machines may go without a file."""
    parsed = [Destination(name, file) for name, _, file in (one.partition(":") for one in written)]
    shown = [one for one in parsed if not one.file]
    for machine in (False, True):
        alike = [one.format for one in shown if (one.format not in PEOPLE) == machine]
        if len(alike) > 1:
            raise click.UsageError(
                f"{' and '.join(alike)} cannot both go to standard output: write `{alike[-1]}:FILE`.",
            )
    return parsed


def coloured(choice: str, stream: IO[Any]) -> bool:
    """`--color`, then NO_COLOR, then FORCE_COLOR and CLICOLOR_FORCE, then what the stream is."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    from shutil import get_terminal_size

    return get_terminal_size().columns


class Output:
    """All that a run of `check` writes."""

    def __init__(self, options: Options, settings: Settings) -> None:
        self._options = options
        self._destinations = destinations(options.output_format or settings.formats or ("text",))
        self.may_show_progress = not options.quiet and sys.stderr.isatty()

    @property
    def tells_fixes(self) -> bool:
        """Whether some report tells of each finding how it can be fixed, or why not."""
        return any(one.format in {"text", "json", "sarif"} for one in self._destinations)

    @property
    def has_stdout(self) -> bool:
        """Whether a report for machines goes to standard output."""
        return any(not one.file and one.format not in PEOPLE for one in self._destinations)

    @property
    def is_looked_at(self) -> bool:
        """Whether a terminal is at the other end, or somebody who asked for its colours."""
        return sys.stdout.isatty() or coloured(self._options.color, sys.stdout)

    def warn(self, messages: Iterable[str]) -> None:
        if not self._options.quiet:
            for message in messages:
                click.echo(f"warning: {clean(message)}", err=True)

    def tell(self, messages: Iterable[str]) -> None:
        """What only `-v` asks for."""
        if self._options.verbose:
            for message in messages:
                click.echo(f"note: {clean(message)}", err=True)

    def show(self, text: str | bytes, *, err: bool = False) -> None:
        """Text that is no report; only a terminal, or who asks for it, gets its colours."""
        self._write(text, err=err, colour=coloured(self._options.color, sys.stderr if err else sys.stdout))

    def tell_people(self, message: str, *, err: bool) -> None:
        """One line for people, unless they want findings and nothing else."""
        if not self._options.quiet:
            self._write(f"{message}\n", err=err, colour=False)

    def lines(self, rows: Iterable[str]) -> int:
        self._write("".join(f"{row}\n" for row in rows), err=False, colour=False)
        return 0

    def emit(self, report: Report) -> None:
        for name, file in self._destinations:
            if file:
                self._write_file(file, render(name, report))
        shown = [one.format for one in self._destinations if not one.file]
        machine = next((name for name in shown if name not in PEOPLE), "")
        if machine:
            self._write(render(machine, report).encode(), err=False, colour=False)
        people = next((name for name in shown if name in PEOPLE), "")
        self._emit_for_people(people, report, err=bool(machine or not people))

    def _emit_for_people(self, name: str, report: Report, *, err: bool) -> None:
        """Without a format of their own, people are told the sum of it on standard error."""
        stream = sys.stderr if err else sys.stdout
        colour = coloured(self._options.color, stream)
        width = terminal_width() if stream.isatty() else DEFAULT_WIDTH
        report = msgspec.structs.replace(report, colour=colour, width=width)
        if self._options.statistics:
            from leaklint.reports.statistics import statistics

            self._write(statistics(report), err=err, colour=colour)
        elif name:
            self._write(render(name, report), err=err, colour=colour)
        elif not report.brief:
            from leaklint.reports.summary import summary

            self._write(summary(report), err=err, colour=colour)

    def _write_file(self, file: str, text: str) -> None:
        try:
            write_whole(Path(file), text.encode())
        except OSError as error:
            raise Refusal(f"{file} cannot be written: {error.strerror or error}") from error

    def _write(self, text: str | bytes, *, err: bool, colour: bool) -> None:
        """A reader who has had enough does not change the outcome of the run."""
        try:
            click.echo(text, nl=False, err=err, color=colour)
            (sys.stderr if err else sys.stdout).flush()
        except BrokenPipeError:
            from leaklint.cli import quiet_stdout

            quiet_stdout()
