"""JUnit's XML: a suite a file and a failed case a finding, or one case that passed.

Only attributes that the strict schema of Jenkins' xUnit plugin allows: `file` and `line`, which some write, are none.
"""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree

from leaklint.finding import Finding
from leaklint.reports import Report
from leaklint.reports.visible import clean


def render(report: Report) -> str:
    total = str(len(report.findings))
    root = ElementTree.Element("testsuites", name="leaklint", tests=total, failures=total, errors="0")
    for filename, group in groupby(report.findings, lambda finding: finding.filename):
        add_suite(root, filename, list(group))
    if not report.findings:
        suite = ElementTree.SubElement(root, "testsuite", name="leaklint", tests="1", failures="0", errors="0")
        ElementTree.SubElement(suite, "testcase", name="no leaks found", classname="leaklint")
        root.set("tests", "1")
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def add_suite(root: ElementTree.Element, filename: str, findings: list[Finding]) -> None:
    number = str(len(findings))
    name = clean(filename)
    suite = ElementTree.SubElement(root, "testsuite", name=name, tests=number, failures=number, errors="0")
    for finding in findings:
        title = f"{finding.code} at {f'cell {finding.cell}:' if finding.cell else ''}{finding.line}:{finding.column}"
        case = ElementTree.SubElement(suite, "testcase", name=title, classname=name)
        failure = ElementTree.SubElement(case, "failure", type=finding.name, message=clean(finding.message))
        failure.text = "\n".join(clean(f"line {step.line}: {step.message}") for step in finding.trace)
