"""One line a finding: what editors and `grep` want."""

from __future__ import annotations

from leaklint.reports import Report
from leaklint.reports.paint import paint
from leaklint.reports.summary import summary
from leaklint.reports.visible import clean


def render(report: Report) -> str:
    rows = []
    for finding in report.findings:
        cell = f"cell {finding.cell}:" if finding.cell else ""
        place = f"{paint(clean(finding.filename), 'strong', report.colour)}:{cell}{finding.line}:{finding.column}"
        code = paint(finding.code, finding.severity, report.colour)
        rows.append(f"{place}: {code} {clean(finding.message)}\n")
    return "".join(rows) + ("" if report.brief else summary(report))
