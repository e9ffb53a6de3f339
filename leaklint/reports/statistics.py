"""How many findings each rule has, and how many of them can be fixed."""

from __future__ import annotations

from collections import Counter

from leaklint.reports import Report
from leaklint.reports.paint import paint
from leaklint.reports.summary import summary


def statistics(report: Report) -> str:
    """One line a rule, the most frequent first."""
    counts = Counter((one.code, one.name) for one in report.findings)
    fixable = Counter(one.code for one in report.findings if one.fix)
    size = max((len(f"{number:,}") for number in counts.values()), default=0)
    rows = []
    for (code, name), number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        fixes = f" ({fixable[code]:,} fixable)" if fixable[code] else ""
        rows.append(f"{number:>{size},}  {paint(code, 'strong', report.colour)}  {name}{fixes}\n")
    return "".join(rows) + ("" if report.brief else summary(report))
