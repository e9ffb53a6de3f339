"""What a finding is recognised by after its file was edited or moved: rule, function, acquisition and a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import TypeAlias

from leaklint.finding import Finding

Lines: TypeAlias = Callable[[str, int | None], Sequence[str]]
Key: TypeAlias = tuple[str, str, str]


def acquisition_text(finding: Finding, lines: Sequence[str]) -> str:
    """The text of the acquisition, white space aside."""
    rows = list(lines[finding.line - 1 : finding.end_line])
    if not rows:
        return ""
    rows[-1] = rows[-1][: finding.end_column - 1]
    rows[0] = rows[0][finding.column - 1 :]
    return "".join("".join(rows).split())


def key(finding: Finding, lines: Lines) -> Key:
    return finding.code, finding.function, acquisition_text(finding, lines(finding.filename, finding.cell))


def fingerprints(findings: Iterable[Finding], lines: Lines) -> list[str]:
    """One for each finding, unlike all the others: those with the same key are counted."""
    seen: Counter[Key] = Counter()
    made = []
    for finding in findings:
        identity = key(finding, lines)
        made.append(digest((*identity, str(seen[identity]))))
        seen[identity] += 1
    return made


def digest(parts: Iterable[str]) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()
