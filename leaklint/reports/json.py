"""The findings as a JSON array, field by field as `leaklint.finding` has them."""

from __future__ import annotations

import msgspec

from leaklint.reports import Report


def render(report: Report) -> str:
    if not report.findings:
        return "[]\n"
    return msgspec.json.format(msgspec.json.encode(report.findings), indent=2).decode() + "\n"
