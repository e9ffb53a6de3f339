"""The source frame: lines of code with labels under them, what lies between cut short."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TypeAlias

import msgspec

from leaklint.reports.paint import Canvas, paint
from leaklint.reports.visible import clean, laid_out

At: TypeAlias = Callable[[int], int]

NEIGHBOURS = 2  # so many lines between two labelled ones are printed rather than cut
LEAD = 12  # characters kept before the first label of a line that is cut


class Label(msgspec.Struct, frozen=True):
    """A message under a stretch of one line, counted in characters from 0; `end` may lie beyond the line."""

    line: int
    start: int
    end: int
    message: str
    style: str
    mark: str = "-"


class Cut(msgspec.Struct, frozen=True):
    """The part of a source line that is printed, and the labels that lie in it."""

    line: int
    text: str
    labels: tuple[Label, ...] = ()


def frame(labels: Sequence[Label], lines: Sequence[str], width: int, colour: bool) -> list[str]:
    """The rows of a frame, gutter and all; the labelled lines are printed in the order of the file."""
    gutter = gutter_width(labels)
    bar = paint(" " * gutter + " |", "gutter", colour)
    rows = [bar]
    previous = 0
    for number, group in groupby(sorted(labels, key=lambda label: label.line), lambda label: label.line):
        if previous and number - previous - 1 > NEIGHBOURS:
            rows.append(paint("...", "gutter", colour))
        elif previous:
            between = [Cut(one, text_of(lines, one)[: width + 1]) for one in range(previous + 1, number)]
            rows += [code_row(cut, gutter, width, colour) for cut in between]
        for cut in cuts(text_of(lines, number), list(group), width):
            rows.append(code_row(cut, gutter, width, colour))
            rows += [f"{bar} {row}".rstrip() for row in label_rows(cut, colour)]
        previous = number
    return rows


def gutter_width(labels: Sequence[Label]) -> int:
    return max(len(str(label.line)) for label in labels)


def text_of(lines: Sequence[str], number: int) -> str:
    """A line by its number; empty when the file has changed and is shorter now."""
    return lines[number - 1].rstrip() if 0 < number <= len(lines) else ""


def code_row(cut: Cut, gutter: int, width: int, colour: bool) -> str:
    head = paint(f"{cut.line:>{gutter}} |", "gutter", colour)
    text = laid_out(cut.text)[0]
    return f"{head} {text[: width - 3] + '...' if not cut.labels and len(text) > width else text}".rstrip()


def cuts(text: str, labels: list[Label], width: int) -> Iterator[Cut]:
    """A line whole if it fits; else the part around its labels, several parts if they lie far apart."""
    labels.sort(key=lambda label: (label.start, label.end))
    if len(text) <= width:
        yield Cut(labels[0].line, text, tuple(labels))
        return
    while labels:
        begin = max(0, labels[0].start - LEAD) if labels[0].start > width // 2 else 0
        end = begin + width - 6
        inside = [label for label in labels if label.start < end - 4] or labels[:1]
        before, after = "..." * (begin > 0), "..." * (end < len(text))
        shift = len(before) - begin
        shifted = (
            msgspec.structs.replace(label, start=label.start + shift, end=min(label.end, end) + shift)
            for label in inside
        )
        yield Cut(labels[0].line, before + text[begin:end] + after, tuple(shifted))
        labels = labels[len(inside) :]


def label_rows(cut: Cut, colour: bool) -> Iterator[str]:
    """The marks under a line, the last label's message beside them, the others below, right to left."""
    columns = laid_out(cut.text)[1]

    def at(position: int) -> int:
        return columns[position] if position < len(columns) else columns[-1] + position - len(columns) + 1

    marks = Canvas()
    for label in sorted(cut.labels, key=lambda label: (label.mark == "^", label.start - label.end)):
        length = at(end_of(label, columns)) - at(label.start)
        marks.put(at(label.start), label.mark * max(1, length), label.style)
    beside, below = arranged(cut.labels)
    if beside:
        marks.put(at(max(end_of(label, columns) for label in cut.labels)) + 1, clean(beside.message), beside.style)
    yield marks.render(colour)
    if below:
        yield connectors(below, at).render(colour)
    while below:
        here, *rest = below
        row = connectors([label for label in rest if label.start < here.start], at)
        row.put(at(here.start), clean(here.message), here.style)
        yield row.render(colour)
        below = rest


def end_of(label: Label, columns: list[int]) -> int:
    """At least one character, at most the rest of the line."""
    return max(min(label.end, len(columns) - 1), label.start + 1)


def arranged(labels: Sequence[Label]) -> tuple[Label | None, list[Label]]:
    """The label whose message goes beside the marks, if one ends last, and the others from right to left."""
    last = max(labels, key=lambda label: (label.start, label.end))
    beside = last if all(label.end <= last.end for label in labels) else None
    below = [label for label in labels if label is not beside]
    return beside, sorted(below, key=lambda label: -label.start)


def connectors(labels: Sequence[Label], at: At) -> Canvas:
    row = Canvas()
    for label in labels:
        row.put(at(label.start), "|", label.style)
    return row
