"""Findings to text: a `Report` is what every format is given, `FORMATS` lists the formats, one module each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TypeAlias

import msgspec

from leaklint.finding import Finding
from leaklint.words import nearest, quoted

Lines: TypeAlias = Callable[[str, int | None], Sequence[str]]

PEOPLE = ("text", "concise")
FORMATS = (*PEOPLE, "json", "sarif", "github", "gitlab", "junit")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The findings to report, in order, and what the run has to say about itself.

    `lines` gives the source lines of a file, or of one cell of a notebook. `suppressed` and `unsure` count what a
    comment or low confidence kept back, `known` what the baseline holds, `untouched` what no change touches. `fixed`
    tells what of the baseline is found no more. `colour` and `width` are those of the place the text goes to.
    """

    findings: tuple[Finding, ...]
    lines: Lines
    files: int = 0
    acquisitions: int = 0
    paths: int = 0
    suppressed: int = 0
    unsure: int = 0
    known: int = 0
    fixed: tuple[str, ...] = ()
    untouched: int = 0
    root: str = ""
    colour: bool = False
    width: int = 120
    brief: bool = False


def format_problem(written: str) -> str:
    """What is wrong with a `FORMAT` or `FORMAT:FILE`, or nothing."""
    name, colon, file = written.partition(":")
    if name not in FORMATS:
        return f"unknown output format {quoted(name)}{nearest(name, FORMATS) or '; there are ' + ', '.join(FORMATS)}"
    return f"output format {quoted(written)} names no file" if colon and not file else ""


def render(name: str, report: Report) -> str:
    """The report in one of the formats, its last line ended."""
    text = import_module(f"leaklint.reports.{name}").render(report)
    return str(text)
