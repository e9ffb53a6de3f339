"""Fixes put into files, round after round, until no finding has another; nothing is written here."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from leaklint.finding import Finding
from leaklint.fixes.edits import Change, Overlap, apply, as_changes
from leaklint.fixes.text import Text
from leaklint.reading import decode, encoding_of

Findings = Callable[[Mapping[str, bytes]], Sequence[Finding]]


class Repairs:
    """What came of it: the new bytes by file name, how many leaks were fixed where, and the findings left."""

    def __init__(self) -> None:
        self.texts: dict[str, bytes] = {}
        self.fixed: dict[str, int] = {}
        self.left: Sequence[Finding] = ()


def repair(originals: Mapping[str, bytes], findings: Findings, *, unsafe: bool) -> Repairs:
    """Apply fixes until nothing changes; `findings` analyses the files, some with other bytes in their place."""
    repairs = Repairs()
    first = repairs.left = findings(repairs.texts)
    for _ in first:
        texts = {
            name: applied(repairs.texts.get(name, originals[name]), here)
            for name, here in choose(repairs.left, originals, unsafe=unsafe).items()
        }
        if not texts:
            break
        repairs.texts |= texts
        repairs.left = findings(repairs.texts)
    before, after = counted(first), counted(repairs.left)
    repairs.fixed = {name: before[name] - after[name] for name in repairs.texts}
    return repairs


def counted(findings: Iterable[Finding]) -> Counter[str]:
    return Counter(one.filename for one in findings if not one.code.startswith("LKN9"))


def choose(findings: Iterable[Finding], originals: Mapping[str, bytes], *, unsafe: bool) -> dict[str, list[Finding]]:
    """The fixes of a round: none touches the lines of another, so that each is what was proven."""
    chosen: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if not may_fix(finding, unsafe=unsafe) or finding.filename not in originals:
            continue
        first, last = stretch(finding)
        if all(last < low or high < first for low, high in map(stretch, chosen[finding.filename])):
            chosen[finding.filename].append(finding)
    return {name: here for name, here in chosen.items() if here}


def stretch(finding: Finding) -> tuple[int, int]:
    """The lines of a fix, without the import it may need."""
    assert finding.fix is not None
    edits = [one for one in finding.fix.edits if not one.content.strip().startswith("import ")]
    return min(one.line for one in edits), max(one.end_line for one in edits)


def may_fix(finding: Finding, *, unsafe: bool) -> bool:
    return finding.fix is not None and (unsafe or finding.fix.applicability == "safe")


def applied(data: bytes, findings: Sequence[Finding]) -> bytes:
    """The bytes with all the fixes that get along with each other, in the encoding they had."""
    encoding = encoding_of(data)
    text = Text(decode(data))
    changes: list[Change] = []
    for finding in findings:
        assert finding.fix is not None
        wanted = [*changes, *as_changes(text, finding.fix.edits)]
        try:
            ast.parse(apply(text.source, wanted))
        except (Overlap, SyntaxError, ValueError):
            continue
        changes = wanted
    return apply(text.source, changes).encode(encoding)
