"""The reports for machines, read back by readers that know nothing of how they were written."""

from __future__ import annotations

import json
import re
from typing import Any, Literal
from urllib.parse import unquote
from xml.etree import ElementTree

import msgspec
import pytest
from sarif_schema import validated

from leaklint.fingerprint import fingerprints
from leaklint.reports import FORMATS, Report, format_problem
from leaklint.reports.statistics import statistics

CONTRACT = [
    *("code", "name", "message", "severity", "confidence", "filename", "line", "column", "end_line", "end_column"),
    *("function", "driver", "resource", "exits", "trace", "fix", "fix_refused", "cell"),
]


class Strict(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A part of SARIF 2.1.0 as section 3 of the standard has it: no other property is allowed."""


class Message(Strict):
    text: str


class Multiformat(Strict):
    text: str
    markdown: str


class Artifact(Strict):
    uri: str
    uri_base_id: str


class Region(Strict):
    start_line: int
    start_column: int
    end_line: int
    end_column: int


class Physical(Strict):
    artifact_location: Artifact
    region: Region


class Location(Strict):
    physical_location: Physical
    id: int | None = None
    message: Message | None = None


class FlowLocation(Strict):
    location: Location
    execution_order: int
    importance: Literal["essential", "important", "unimportant"]


class ThreadFlow(Strict):
    locations: list[FlowLocation]


class CodeFlow(Strict):
    thread_flows: list[ThreadFlow]


class Replacement(Strict):
    deleted_region: Region
    inserted_content: Message


class Change(Strict):
    artifact_location: Artifact
    replacements: list[Replacement]


class Repair(Strict):
    description: Message
    artifact_changes: list[Change]


class Result(Strict):
    rule_id: str
    level: Literal["error", "warning", "note", "none"]
    message: Message
    locations: list[Location]
    partial_fingerprints: dict[str, str]
    properties: dict[str, Any]
    rule_index: int | None = None
    related_locations: list[Location] = []
    code_flows: list[CodeFlow] = []
    fixes: list[Repair] = []


class Defaults(Strict):
    level: Literal["error", "warning", "note", "none"]
    enabled: bool


class Descriptor(Strict):
    id: str
    name: str
    short_description: Message
    full_description: Message
    help: Multiformat
    default_configuration: Defaults
    properties: dict[str, Any]


class Driver(Strict):
    name: str
    version: str
    semantic_version: str
    rules: list[Descriptor]


class Tool(Strict):
    driver: Driver


class Notification(Strict):
    level: str
    message: Message
    locations: list[Location]


class Invocation(Strict):
    execution_successful: bool
    tool_execution_notifications: list[Notification]


class Details(Strict):
    id: str


class Base(Strict):
    uri: str = ""
    description: Message | None = None


class Run(Strict):
    tool: Tool
    automation_details: Details
    column_kind: Literal["utf16CodeUnits", "unicodeCodePoints"]
    invocations: list[Invocation]
    original_uri_base_ids: dict[str, Base]
    results: list[Result]


class Log(msgspec.Struct, forbid_unknown_fields=True):
    version: Literal["2.1.0"]
    runs: list[Run]
    schema: str = msgspec.field(name="$schema")


def sarif(text: str) -> Run:
    validated(text)
    (run,) = msgspec.json.decode(text, type=Log).runs
    return run


def test_json_has_the_fields_of_the_contract_and_no_others(rendered, on_exception, crowded):
    first, second = json.loads(rendered("json", on_exception, crowded))
    assert list(first) == list(second) == CONTRACT
    assert first["exits"][0] == {"kind": "raise", "line": 7, "column": 5, "reason": "`cur.execute()` raises"}
    assert list(first["trace"][0]) == ["line", "column", "end_line", "end_column", "message"]
    assert list(first["fix"]) == ["applicability", "message", "edits"]
    assert list(first["fix"]["edits"][0]) == ["line", "column", "end_line", "end_column", "content"]
    assert (second["fix"], second["cell"]) == (None, None)
    assert rendered("json") == "[]\n"


def test_sarif_tells_the_path_links_it_and_offers_the_fix(rendered, on_exception):
    run = sarif(rendered("sarif", on_exception, root="/src"))
    (result,) = run.results
    (flow,) = result.code_flows[0].thread_flows
    assert [one.location.message.text for one in flow.locations] == [step.message for step in on_exception.trace]
    linked = {int(number) for number in re.findall(r"\]\((\d+)\)", result.message.text)}
    assert linked == {related.id for related in result.related_locations} == {1, 2, 3}
    assert run.tool.driver.rules[result.rule_index].id == result.rule_id == "LKN102"
    assert run.original_uri_base_ids["%SRCROOT%"].uri == "file:///src/"
    (replacement,) = result.fixes[0].artifact_changes[0].replacements
    assert replacement.inserted_content.text.startswith("with closing")
    assert (replacement.deleted_region.start_line, replacement.deleted_region.end_column) == (5, 33)


def test_sarif_keeps_the_primary_region_on_one_line(rendered, looped):
    (result,) = sarif(rendered("sarif", looped)).results
    region = result.locations[0].physical_location.region
    assert (region.start_line, region.start_column, region.end_line, region.end_column) == (23, 16, 23, 33)


def test_sarif_describes_each_rule_by_its_page(rendered):
    rules = sarif(rendered("sarif")).tool.driver.rules
    assert [rule.id for rule in rules] == ["LKN102", "LKN103", "LKN104"]
    assert rules[0].short_description.text == "Released on the normal ways out, not when a call raises."
    assert "## What it does" in rules[0].help.markdown


def test_sarif_names_files_as_addresses_and_unread_files_as_notifications(rendered, make_finding):
    found = make_finding(1, "import", code="LKN902", filename="a b/ü.py", message="cannot [really] be read")
    run = sarif(rendered("sarif", found))
    assert run.results[0].locations[0].physical_location.artifact_location.uri == "a%20b/%C3%BC.py"
    assert unquote("a%20b/%C3%BC.py") == "a b/ü.py"
    (notification,) = run.invocations[0].tool_execution_notifications
    assert notification.message.text == r"cannot \[really\] be read"


def test_fingerprints_stay_when_lines_move_and_differ_when_code_is_alike(make_finding):
    lines = ["a = connect( x )", "b = connect(x)", "c = connect(y)"]

    def at(line: int, code: str = "LKN102") -> Any:
        text = lines[line - 1]
        place = {"line": line, "column": 5, "end_line": line, "end_column": len(text) + 1}
        return make_finding(1, "import", code=code, **place)

    before = fingerprints([at(1), at(2), at(3)], lambda *_: lines)
    assert len(set(before)) == 3
    moved = [msgspec.structs.replace(at(n), line=n + 2, end_line=n + 2, filename="moved.py") for n in (1, 2, 3)]
    assert fingerprints(moved, lambda *_: ["", "", *lines]) == before
    assert fingerprints([at(1, "LKN103")], lambda *_: lines)[0] not in before


def test_github_escapes_and_leaves_out_what_is_refused(rendered, on_exception, looped, make_finding):
    one, many = rendered("github", on_exception, looped).splitlines()
    assert one.startswith("::error file=app/db.py,line=5,endLine=5,col=12,endColumn=33,title=leaklint (LKN102)::")
    assert one.endswith(
        "%0A1. line 5: acquired here%0A2. line 7: if this raises, ...%0A3. line 12: ... this is skipped"
    )
    assert many.startswith("::warning file=app/db.py,line=23,endLine=25,title=")
    odd = make_finding(1, "import", filename="a,b:c%.py", message="100%\nsure")
    assert rendered("github", odd).startswith("::error file=a%2Cb%3Ac%25.py,line=1,")
    assert "100%25%0Asure" in rendered("github", odd)


def test_github_shows_what_fits_errors_and_warnings_apart_and_counts_the_rest(rendered, make_finding):
    errors = [make_finding(1, "import") for _ in range(12)]
    warnings = [make_finding(1, "import", severity="warning") for _ in range(3)]
    rows = rendered("github", *warnings, *errors).splitlines()
    assert [row.split(" ")[0] for row in rows] == ["::error"] * 10 + ["::warning"] * 3 + ["::notice"]
    assert "2 more findings" in rows[-1]


def test_gitlab_has_what_it_requires(rendered, on_exception, crowded):
    issues = json.loads(rendered("gitlab", on_exception, on_exception, crowded))
    assert len({issue["fingerprint"] for issue in issues}) == 3
    assert [issue["severity"] for issue in issues] == ["major", "major", "minor"]
    assert issues[0]["location"] == {"path": "app/db.py", "lines": {"begin": 5, "end": 5}}
    assert issues[0]["check_name"] == "LKN102"
    assert json.loads(rendered("gitlab")) == []


def test_junit_fails_a_case_a_finding_and_passes_one_if_there_is_none(rendered, on_exception, crowded):
    root = ElementTree.fromstring(rendered("junit", on_exception, crowded))
    assert root.attrib["failures"] == "2"
    failures = root.findall("./testsuite/testcase/failure")
    assert [failure.get("type") for failure in failures] == ["leak-on-exception", "leak-on-return"]
    assert "line 7: if this raises, ..." in (failures[0].text or "")
    clean = ElementTree.fromstring(rendered("junit"))
    assert (clean.get("tests"), clean.get("failures"), len(clean.findall(".//failure"))) == ("1", "0", 0)


def test_statistics_put_the_most_frequent_first(on_exception, crowded):
    report = Report(findings=(crowded, *[on_exception] * 10), lines=lambda *_: [], brief=True)
    assert statistics(report) == "10  LKN102  leak-on-exception (10 fixable)\n 1  LKN103  leak-on-return\n"


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_ends_its_last_line_and_stands_an_empty_run(rendered, on_exception, format_):
    assert rendered(format_, on_exception).endswith("\n")
    assert format_ == "github" or rendered(format_).endswith("\n")


def test_a_wrong_format_is_told_the_right_one():
    assert format_problem("sarif:x.sarif") == ""
    assert format_problem("jsn") == 'unknown output format "jsn"; did you mean "json"?'
    assert format_problem("json:") == 'output format "json:" names no file'
