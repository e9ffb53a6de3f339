"""`leaklint baseline`: make, renew, shorten and show the file of findings that a project lives with for now."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import click

from leaklint.baseline import Comparison, Entry, entries_for, lies_below, write
from leaklint.commands.check import report_of, settings_of
from leaklint.commands.narrow import baseline_file, compared, read_baseline
from leaklint.commands.options import CheckCommand, Options, with_options
from leaklint.commands.refusal import Refusal, refusals
from leaklint.config import Settings
from leaklint.reports import Report
from leaklint.reports.visible import clean
from leaklint.words import count

NAMES = {"help_option_names": ["-h", "--help"]}


class Baseline(NamedTuple):
    """The file, and what was asked for."""

    file: Path
    options: Options
    settings: Settings

    @classmethod
    def of(cls, given: dict[str, Any]) -> Baseline:
        options = Options(**given)
        settings = settings_of(options)
        file = baseline_file(options, settings, default=True)
        assert file is not None
        return cls(file, options, settings)

    def found(self) -> tuple[list[Entry], Report]:
        """What a baseline of now would hold."""
        report = report_of(self.options)
        return entries_for(report.findings, report.lines, self.file.parent), report

    def compared(self, report: Report) -> Comparison:
        return compared(report, read_baseline(self.file), self.file, self.options, self.settings)

    def looks_at(self, entry: Entry) -> bool:
        return lies_below(entry, self.file.parent, self.options.paths or (".",))

    def write(self, entries: Iterable[Entry], change: str = "") -> int:
        entries = list(entries)
        try:
            write(self.file, entries)
        except OSError as error:
            raise Refusal(f"{self.file} cannot be written: {error.strerror or error}") from error
        click.echo(f"Wrote {self.file}: {told(entries)}{change}.")
        return 0


def told(entries: Iterable[Entry]) -> str:
    entries = list(entries)
    return f"{count(len(entries), 'finding')} in {count(len({entry.file for entry in entries}), 'file')}"


@click.group(name="baseline", short_help="Live with the findings of today, and stop new ones.", context_settings=NAMES)
def command() -> None:
    """Live with the findings of today, and stop new ones.

    `leaklint --baseline` reports what is not in the file .leaklint-baseline.json, or in the one that it or the key
    `baseline` of the settings names. The file never grows by itself.
    """


paths = click.argument("paths", nargs=-1, type=click.Path())
options = with_options(
    *("--select", "--extend-select", "--ignore", "--raises", "--min-confidence"),
    *("--force-exclude", "--config", "--isolated", "--baseline", "--jobs"),
)


@command.command(cls=CheckCommand, context_settings=NAMES)
@paths
@options
def create(**given: Any) -> int:
    """Write all findings into a new file."""
    with refusals():
        baseline = Baseline.of(given)
        if baseline.file.exists():
            raise Refusal(f"{baseline.file} exists: `leaklint baseline update` renews it")
        return baseline.write(baseline.found()[0])


@command.command(cls=CheckCommand, context_settings=NAMES)
@paths
@options
def update(**given: Any) -> int:
    """Write the findings of now: new ones come in, fixed ones go; what lies elsewhere stays."""
    with refusals():
        baseline = Baseline.of(given)
        elsewhere = [entry for entry in read_baseline(baseline.file) if not baseline.looks_at(entry)]
        entries, report = baseline.found()
        difference = baseline.compared(report)
        change = f"; {len(difference.new):,} came in, {len(difference.fixed):,} went"
        return baseline.write([*elsewhere, *entries], change)


@command.command(cls=CheckCommand, context_settings=NAMES)
@paths
@options
def prune(**given: Any) -> int:
    """Take out what is fixed; nothing comes in."""
    with refusals():
        baseline = Baseline.of(given)
        left = list(read_baseline(baseline.file))
        fixed = baseline.compared(baseline.found()[1]).fixed
        for entry in fixed:
            left.remove(entry)
        return baseline.write(left, f"; {len(fixed):,} went")


@command.command(cls=CheckCommand, context_settings=NAMES)
@paths
@options
def show(**given: Any) -> int:
    """Print the findings that the file holds; nothing is checked."""
    with refusals():
        baseline = Baseline.of(given)
        entries = [entry for entry in read_baseline(baseline.file) if baseline.looks_at(entry)]
        click.echo("\n".join([*(clean(str(entry)) for entry in entries), f"{baseline.file}: {told(entries)}."]))
        return 0
