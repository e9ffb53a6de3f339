"""GitLab's Code Quality report: one issue a finding, recognised by its fingerprint from run to run."""

from __future__ import annotations

import msgspec

from leaklint.fingerprint import fingerprints
from leaklint.reports import Report

SEVERITIES = {"error": "major", "warning": "minor"}


def render(report: Report) -> str:
    marks = fingerprints(report.findings, report.lines)
    issues = [
        {
            "description": f"{finding.name}: {finding.message}",
            "check_name": finding.code,
            "fingerprint": mark,
            "severity": SEVERITIES[finding.severity],
            "location": {"path": finding.filename, "lines": {"begin": finding.line, "end": finding.end_line}},
        }
        for finding, mark in zip(report.findings, marks, strict=True)
    ]
    return msgspec.json.format(msgspec.json.encode(issues), indent=2).decode() + "\n"
