"""SARIF 2.1.0, in the parts that code scanning and editors show: the witness as a code flow, fixes, rule pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

import msgspec

from leaklint import __version__
from leaklint.finding import Finding, Fix, Step
from leaklint.fingerprint import fingerprints
from leaklint.reports import Report
from leaklint.selection import Rule, page, rules

Json: TypeAlias = dict[str, Any]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
UNREADABLE = "LKN902"
LONGEST = 1000  # GitHub cuts a full description at 1,024 characters
TAGS = ("reliability", "external/cwe/cwe-772")


def render(report: Report) -> str:
    known = {rule.code: number for number, rule in enumerate(rules())}
    marks = fingerprints(report.findings, report.lines)
    run = {
        "tool": {"driver": driver()},
        "automationDetails": {"id": "leaklint/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications(report.findings)}],
        "originalUriBaseIds": {ROOT: base(report.root)},
        "results": [result(finding, mark, known, report) for finding, mark in zip(report.findings, marks, strict=True)],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def base(root: str) -> Json:
    if not root:
        return {"description": {"text": "The folder that leaklint was run in."}}
    return {"uri": Path(root).as_uri().rstrip("/") + "/"}


def driver() -> Json:
    described = [description(rule) for rule in rules()]
    return {"name": "leaklint", "version": __version__, "semanticVersion": __version__, "rules": described}


def description(rule: Rule) -> Json:
    """A rule's metadata, all of it from its page."""
    text = page(rule)
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if part and not part.startswith("#")]
    first = " ".join(paragraphs[0].split()) if paragraphs else rule.name
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": first if len(first) <= LONGEST else rule.name},
        "fullDescription": {"text": first[:LONGEST]},
        "help": {"text": text or rule.name, "markdown": text or rule.name},
        "defaultConfiguration": {"level": "warning", "enabled": rule.default},
        "properties": {
            "tags": list(TAGS if rule.code < "LKN9" else ("maintainability",)),
            "precision": "high",
            "problem.severity": "warning",
        },
    }


def result(finding: Finding, mark: str, known: dict[str, int], report: Report) -> Json:
    index = {"ruleIndex": known[finding.code]} if finding.code in known else {}
    made: Json = {
        "ruleId": finding.code,
        **index,
        "level": finding.severity,
        "message": {"text": message(finding)},
        "locations": [place(finding.filename, one_line(finding, report))],
        "partialFingerprints": {"leaklint/v1": mark},
        "properties": {"confidence": finding.confidence, "function": finding.function, "driver": finding.driver},
    }
    if finding.trace:
        made["relatedLocations"] = [
            {"id": number, **located(finding.filename, step)} for number, step in enumerate(finding.trace, start=1)
        ]
        made["codeFlows"] = [{"threadFlows": [{"locations": flow(finding)}]}]
    if finding.fix:
        made["fixes"] = [repair(finding.filename, finding.fix)]
    return made


def message(finding: Finding) -> str:
    """The sentence, then links to the related locations: GitHub shows only those that are linked."""
    links = [f"[{escaped(step.message)}]({number})" for number, step in enumerate(finding.trace, start=1)]
    path = f" Path: {', '.join(links)}." if links else ""
    return f"{escaped(finding.message)}.{path}"


def escaped(text: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", text)


def one_line(finding: Finding, report: Report) -> Json:
    """The acquisition's first line: an alert is shown on a pull request only if all its lines are in the diff."""
    if finding.end_line == finding.line:
        return region(finding.line, finding.column, finding.line, finding.end_column)
    lines: Sequence[str] = report.lines(finding.filename, finding.cell)
    length = len(lines[finding.line - 1]) if finding.line <= len(lines) else finding.column
    return region(finding.line, finding.column, finding.line, max(length, finding.column) + 1)


def region(line: int, column: int, end_line: int, end_column: int) -> Json:
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def artifact(filename: str) -> Json:
    return {"uri": quote(filename), "uriBaseId": ROOT}


def place(filename: str, where: Json) -> Json:
    return {"physicalLocation": {"artifactLocation": artifact(filename), "region": where}}


def located(filename: str, step: Step) -> Json:
    where = region(step.line, step.column, step.end_line, step.end_column)
    return {**place(filename, where), "message": {"text": escaped(step.message)}}


def flow(finding: Finding) -> list[Json]:
    return [
        {"location": located(finding.filename, step), "executionOrder": number, "importance": "essential"}
        for number, step in enumerate(finding.trace, start=1)
    ]


def repair(filename: str, fix: Fix) -> Json:
    replacements = [
        {
            "deletedRegion": region(edit.line, edit.column, edit.end_line, edit.end_column),
            "insertedContent": {"text": edit.content},
        }
        for edit in fix.edits
    ]
    changes = [{"artifactLocation": artifact(filename), "replacements": replacements}]
    return {"description": {"text": fix.message}, "artifactChanges": changes}


def notifications(findings: Sequence[Finding]) -> list[Json]:
    """Files that were not analysed."""
    return [
        {
            "level": "error",
            "message": {"text": escaped(one.message)},
            "locations": [place(one.filename, region(one.line, one.column, one.end_line, one.end_column))],
        }
        for one in findings
        if one.code == UNREADABLE
    ]
