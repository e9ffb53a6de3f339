"""What was found, and what was looked at to find it."""

from __future__ import annotations

import msgspec

from leaklint.finding import Finding


class Counted(msgspec.Struct):
    """Sums over functions and files; `addressed` are the files with a comment that may mean a rule of ours."""

    findings: list[Finding] = []
    acquisitions: int = 0
    paths: int = 0
    notes: list[str] = []
    addressed: list[str] = []

    def take(self, other: Counted) -> None:
        self.findings += other.findings
        self.acquisitions += other.acquisitions
        self.paths += other.paths
        self.notes += other.notes
        self.addressed += other.addressed
