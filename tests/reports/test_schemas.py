"""Reports of a real run, held against schemas and read by the readers that others wrote."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from sarif_schema import validated, validator

from leaklint import cli
from leaklint.reports import FORMATS

jsonschema = pytest.importorskip("jsonschema")

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs/schema"
NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# A report\n"]},
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": "%matplotlib inline\nimport sqlite3",
        },
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": ["def read(path):\n", "    return sqlite3.connect(path).execute('SELECT 1')"],
        },
    ],
}


@pytest.fixture(autouse=True)
def rules() -> None:
    """The real rules, in the place of those of the neighbouring tests."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every report of one run over code that leaks, cannot be read, and comes from a notebook."""
    folder = tmp_path_factory.mktemp("reports")
    for path in (ROOT / "examples").glob("*.py"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "broken [1].py").write_text("x = (\n")
    (folder / "comment.py").write_text("x = 1  # noqa: LKN101\n")
    (folder / "report.ipynb").write_text(json.dumps(NOTEBOOK))
    before = Path.cwd()
    os.chdir(folder)
    try:
        formats = [f"--output-format={name}:out.{name}" for name in FORMATS]
        assert cli.run(["check", "--isolated", "-q", *formats]) == 1
    finally:
        os.chdir(before)
    return {name: (folder / f"out.{name}").read_text(encoding="utf-8") for name in FORMATS}


def test_json_is_what_its_schema_says(reports: dict[str, str]):
    schema = json.loads((SCHEMAS / "findings.json").read_text())
    found = json.loads(reports["json"])
    jsonschema.Draft202012Validator(schema).validate(found)
    assert {one["code"] for one in found} > {"LKN101", "LKN901", "LKN902"}
    assert any(one["fix"] for one in found)
    for wrong in ({**found[0], "more": 1}, {key: found[0][key] for key in list(found[0])[1:]}):
        assert list(jsonschema.Draft202012Validator(schema).iter_errors([wrong]))


def test_a_leak_in_a_notebook_has_its_cell_and_line(reports: dict[str, str]):
    (found,) = (one for one in json.loads(reports["json"]) if one["filename"] == "report.ipynb")
    assert (found["code"], found["cell"], found["line"], found["column"]) == ("LKN105", 3, 2, 12)
    assert "report.ipynb:cell 3:2:12: LKN105" in reports["concise"]
    assert "--> report.ipynb:cell 3:2:12 in read" in reports["text"]
    assert "::cell 3, line 2: discarded" in reports["github"] or "more finding" in reports["github"]


def test_settings_are_what_their_schema_says():
    schema = json.loads((SCHEMAS / "settings.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    driver = {"libraries": ["w"], "acquisitions": [{"calls": ["w.connect"], "entered": "transaction only"}]}
    validator.validate({"select": ["LKN1"], "jobs": 2, "output-format": "text", "drivers": {"w": driver}})
    for wrong in ({"selct": []}, {"jobs": -1}, {"raises": "often"}, {"drivers": {"w": {"acquisitions": [{"a": 1}]}}}):
        assert list(validator.iter_errors(wrong)), wrong


def test_sarif_is_what_the_models_of_its_schema_say(reports: dict[str, str]):
    log = validated(reports["sarif"])
    results = log["runs"][0]["results"]
    assert any("fixes" in one for one in results)
    assert any(len(one.get("codeFlows", ())) for one in results)
    assert {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results} >= {
        "report.ipynb",
        "broken%20%5B1%5D.py",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"codeFlow": []},
        {"level": "fatal"},
        {"message": {"markdown": "no text"}},
        {"ruleIndex": "0"},
        {"codeFlows": [{"threadFlows": []}]},
        {"locations": [{"physicalLocation": {"region": {"startLine": 0}}}]},
        {"fixes": [{"artifactChanges": [{"replacements": []}]}]},
        {"partialFingerprints": "x"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_the_models_of_the_sarif_schema_are_strict(reports: dict[str, str], wrong: dict[str, Any]):
    log = json.loads(reports["sarif"])
    log["runs"][0]["results"][0] |= wrong
    assert list(validator().iter_errors(log))


@pytest.mark.skipif(
    "SARIF_SCHEMA" not in os.environ, reason="SARIF_SCHEMA names the published schema, which lies elsewhere"
)
def test_sarif_is_what_the_published_schema_says(reports: dict[str, str]):
    schema = json.loads(Path(os.environ["SARIF_SCHEMA"]).read_text(encoding="utf-8"))
    validator = jsonschema.Draft4Validator(schema)
    log = json.loads(reports["sarif"])
    validator.validate(log)
    log["runs"][0]["results"][0]["codeFlow"] = []
    assert list(validator.iter_errors(log))


def test_junit_is_read_by_another_reader(reports: dict[str, str]):
    junitparser = pytest.importorskip("junitparser")
    read = junitparser.JUnitXml.fromstring(reports["junit"].encode())
    found = json.loads(reports["json"])
    cases = [case for suite in read for case in suite]
    assert read.failures == read.tests == len(cases) == len(found)
    assert all(isinstance(case.result[0], junitparser.Failure) for case in cases)
    known = {"testsuites": {"name", "tests", "failures", "errors"}, "testcase": {"name", "classname"}}
    for tag, allowed in known.items():
        for attributes in re.findall(rf"<{tag} ([^>]*?)/?>", reports["junit"]):
            assert set(re.findall(r'(\w+)="', attributes)) <= allowed, "the schema of Jenkins knows no others"


class Lines(msgspec.Struct, forbid_unknown_fields=True):
    begin: int
    end: int


class Location(msgspec.Struct, forbid_unknown_fields=True):
    path: str
    lines: Lines


class Issue(msgspec.Struct, forbid_unknown_fields=True):
    """What GitLab reads of an issue."""

    description: str
    check_name: str
    fingerprint: str
    severity: Literal["info", "minor", "major", "critical", "blocker"]
    location: Location


def test_gitlab_is_what_gitlab_reads(reports: dict[str, str]):
    issues = msgspec.json.decode(reports["gitlab"], type=list[Issue])
    assert len({issue.fingerprint for issue in issues}) == len(issues) == len(json.loads(reports["json"]))
    assert not any(issue.location.path.startswith(("./", "/")) for issue in issues)


COMMAND = re.compile(r"^::(?P<command>error|warning|notice) (?P<properties>[^:]*)::(?P<data>.*)$")


def test_github_is_read_the_way_the_runner_reads_it(reports: dict[str, str]):
    """The runner splits at the first `::`, then at commas and `=`, and only then undoes the escapes."""
    rows: list[dict[str, Any]] = []
    for row in reports["github"].splitlines():
        match = COMMAND.match(row)
        assert match, row
        rows.append(dict(pair.split("=", 1) for pair in match["properties"].split(",")) | {"data": match["data"]})
    assert rows[0]["title"].startswith("leaklint (LKN")
    for row in rows[:-1]:
        assert set(row) <= {"file", "line", "endLine", "col", "endColumn", "title", "data"}
        assert row["data"]
