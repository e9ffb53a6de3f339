"""The report for people: each finding in its source, the path to the exit under the lines it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leaklint.finding import Exit, Finding
from leaklint.reports import Report
from leaklint.reports.frame import Label, frame, gutter_width
from leaklint.reports.paint import paint
from leaklint.reports.summary import summary
from leaklint.reports.visible import clean
from leaklint.words import listed

WAYS_OUT = {"raise": "exception", "end": "end of the function", "lost": "rebinding"}


def render(report: Report) -> str:
    blocks = ["\n".join(block(finding, report)) + "\n" for finding in report.findings]
    if not report.brief:
        blocks.append(summary(report))
    return "\n".join(filter(None, blocks))


def block(finding: Finding, report: Report) -> Iterator[str]:
    """The rows of one finding."""
    colour = report.colour
    kind = paint(f"{finding.severity}[{finding.code}]", finding.severity, colour)
    yield f"{kind} {paint(finding.name, 'strong', colour)}: {paint(clean(finding.message), 'strong', colour)}"
    labels = labelled(finding, report.lines(finding.filename, finding.cell))
    gutter = gutter_width(labels)
    yield f"{paint(' ' * gutter + '-->', 'gutter', colour)} {location(finding)}"
    lines = report.lines(finding.filename, finding.cell)
    yield from frame(labels, lines, max(report.width - gutter - 3, 40), colour)
    if remarks := list(notes(finding)):
        yield paint(" " * gutter + " |", "gutter", colour)
        for word, text in remarks:
            head = paint(" " * gutter + " =", "gutter", colour)
            yield f"{head} {paint(word, 'strong', colour)}: {clean(text)}"


def location(finding: Finding) -> str:
    cell = f":cell {finding.cell}" if finding.cell else ""
    within = f" in {clean(finding.function)}" if finding.function not in ("", "<module>") else ""
    return f"{clean(finding.filename)}{cell}:{finding.line}:{finding.column}{within}"


def labelled(finding: Finding, lines: Sequence[str]) -> list[Label]:
    """The acquisition, the steps of the witness and the exit, numbered where reading downwards is not their order."""
    own = (finding.line, finding.column, finding.end_line, finding.end_column)
    spans = [(step.line, step.column, step.end_line, step.end_column) for step in finding.trace]
    messages = [step.message for step in finding.trace]
    if own not in spans:
        spans.insert(0, own)
        messages.insert(0, "acquired here" if finding.driver else "")
    if finding.exits and finding.exits[0].line not in [line for line, *_ in spans]:
        leak = finding.exits[0]
        spans.append((leak.line, leak.column, leak.line + 1, 1))
        messages.append(leak.reason)
    rows = [line for line, *_ in spans]
    if len(rows) > 1 and rows != sorted(set(rows)):
        messages = [f"{number}. {message}" for number, message in enumerate(messages, start=1)]
    labels = []
    for span, message in zip(spans, messages, strict=True):
        style, mark = (finding.severity, "^") if span == own else ("step", "-")
        labels.append(Label(span[0], span[1] - 1, last_marked(span, lines), message, style, mark))
    return labels


def last_marked(span: tuple[int, int, int, int], lines: Sequence[str]) -> int:
    """Where the marks of a span end on its first line."""
    line, column, end_line, end_column = span
    length = len(lines[line - 1].rstrip()) if 0 < line <= len(lines) else column
    return max(min(end_column - 1 if end_line == line else length, length), column)


def notes(finding: Finding) -> Iterator[tuple[str, str]]:
    """What stands below the frame, each under its heading."""
    if len(finding.exits) > 1:
        yield "exits", f"and {len(finding.exits) - 1} more: {other_exits(finding.exits[1:])}"
    if finding.fix:
        option = "--fix" if finding.fix.applicability == "safe" else "--fix --unsafe-fixes"
        yield "help", f"{finding.fix.message} [{finding.fix.applicability} fix: {option}]"
    if finding.fix_refused:
        yield "note", f"no automatic fix: {finding.fix_refused}"
    if finding.confidence != "high":
        yield "note", f"{finding.confidence} confidence"


def other_exits(exits: Sequence[Exit]) -> str:
    by_kind: dict[str, list[int]] = {}
    for leak in exits:
        by_kind.setdefault(WAYS_OUT.get(leak.kind, leak.kind), []).append(leak.line)
    return "; ".join(
        f"{kind} at {'line' if len(set(lines)) == 1 else 'lines'} {listed(map(str, sorted(set(lines))))}"
        for kind, lines in by_kind.items()
    )
