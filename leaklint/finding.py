"""The values that leave the analysis: a `Finding`, the steps of its witness, its exits and its fix.

Lines and columns are 1-based; columns count characters, and `end_column` is the column after the last character.
The field names are the JSON contract: `msgspec.json.encode` of a list of findings is the `json` report.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Severity: TypeAlias = Literal["error", "warning"]
Confidence: TypeAlias = Literal["high", "medium", "low"]
Applicability: TypeAlias = Literal["safe", "unsafe"]

CONFIDENCES: tuple[Confidence, ...] = ("low", "medium", "high")


class Span(msgspec.Struct, frozen=True):
    """A stretch of source text."""

    line: int
    column: int
    end_line: int
    end_column: int


class Step(msgspec.Struct, frozen=True):
    """One step of a witness: where the path goes and why."""

    line: int
    column: int
    end_line: int
    end_column: int
    message: str


class Exit(msgspec.Struct, frozen=True):
    """A way out that leaves the handle owed; `kind` is `raise`, `return`, `end`, `yield`, `await` or `lost`."""

    kind: str
    line: int
    column: int
    reason: str


class Edit(msgspec.Struct, frozen=True):
    """Replace the text between two positions by `content`."""

    line: int
    column: int
    end_line: int
    end_column: int
    content: str


class Fix(msgspec.Struct, frozen=True):
    """A rewrite that was proven, and whether it keeps behaviour (`safe`) or needs a person's consent (`unsafe`)."""

    applicability: Applicability
    message: str
    edits: tuple[Edit, ...]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What is reported about one acquisition; `line` to `end_column` are the acquisition's own."""

    code: str
    name: str
    message: str
    severity: Severity
    confidence: Confidence
    filename: str
    line: int
    column: int
    end_line: int
    end_column: int
    function: str
    driver: str
    resource: str
    exits: tuple[Exit, ...] = ()
    trace: tuple[Step, ...] = ()
    fix: Fix | None = None
    fix_refused: str | None = None
    cell: int | None = None

    @property
    def place(self) -> tuple[str, int, int, int, str]:
        """The key by which findings are ordered."""
        return (self.filename, self.cell or 0, self.line, self.column, self.code)
