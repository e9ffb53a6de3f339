"""Annotations of GitHub Actions: workflow commands that mark the lines of a pull request."""

from __future__ import annotations

from leaklint.finding import Finding
from leaklint.reports import Report
from leaklint.words import count

SHOWN = 10  # GitHub drops what a step annotates beyond ten errors and ten warnings, without a word
DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(report: Report) -> str:
    errors = [one for one in report.findings if one.severity == "error"]
    warnings = [one for one in report.findings if one.severity == "warning"]
    rows = [annotation(one) for one in (*errors[:SHOWN], *warnings[:SHOWN])]
    hidden = len(report.findings) - len(rows)
    if hidden:
        rows.append(f"::notice title=leaklint::{count(hidden, 'more finding')}, not annotated here")
    return "".join(f"{row}\n" for row in rows)


def annotation(finding: Finding) -> str:
    """The columns are left out of what spans several lines: GitHub refuses them there."""
    place = {"file": finding.filename, "line": finding.line, "endLine": finding.end_line}
    if finding.line == finding.end_line:
        place |= {"col": finding.column, "endColumn": finding.end_column}
    if finding.cell:
        place = {"file": finding.filename}
    place["title"] = f"leaklint ({finding.code})"
    properties = ",".join(f"{name}={str(value).translate(PROPERTY)}" for name, value in place.items())
    return f"::{finding.severity} {properties}::{message(finding).translate(DATA)}"


def message(finding: Finding) -> str:
    cell = f"cell {finding.cell}, line {finding.line}: " if finding.cell else ""
    steps = [f"{number}. line {step.line}: {step.message}" for number, step in enumerate(finding.trace, start=1)]
    return "\n".join([f"{cell}{finding.name}: {finding.message}", *steps])
