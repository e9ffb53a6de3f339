"""The page of each rule: its sections, and that its code behaves as the page says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from leaklint import cli
from leaklint.rules import RULES
from leaklint.selection import Rule, page

ROOT = Path(__file__).parent.parent
SECTIONS = [
    "What it does",
    "Why is this bad?",
    "The path",
    "Example",
    "Use instead",
    "When it stays quiet",
    "Fix safety",
    "Teach it your wrapper",
]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Snippet(NamedTuple):
    """A piece of code on a page, and the configuration that stands above it."""

    code: str
    config: str


def sections(rule: Rule) -> dict[str, str]:
    parts = re.split(r"^## (.+)\n", page(rule), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def snippets(rule: Rule, section: str) -> Iterator[Snippet]:
    config = ""
    for language, text in FENCE.findall(sections(rule)[section]):
        if language == "toml":
            config = text
        else:
            yield Snippet(text, config)


def cases(*names: str) -> list[object]:
    return [
        pytest.param(rule, snippet, id=f"{rule.name}-{section.lower().replace(' ', '-')}-{number}")
        for rule in RULES
        for section in names
        for number, snippet in enumerate(snippets(rule, section), start=1)
    ]


@pytest.fixture
def reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    """The codes that the command line reports for a snippet; all rules are on."""

    def check(snippet: Snippet) -> list[str]:
        (tmp_path / "leaklint.toml").write_text(f'extend-select = ["LKN301"]\n{snippet.config}')
        (tmp_path / "snippet.py").write_text(snippet.code)
        monkeypatch.chdir(tmp_path)
        code = cli.run(["check", "--output-format", "json", "snippet.py"])
        out, err = capfd.readouterr()
        assert code in (0, 1), err
        return [finding["code"] for finding in json.loads(out)]

    return check


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_page_has_all_sections_and_begins_with_one_sentence(rule: Rule):
    assert list(sections(rule)) == SECTIONS
    first = page(rule).split("\n\n")[0]
    assert "\n" not in first
    assert first.endswith(".")
    assert first.count(". ") == 0
    assert next(snippets(rule, "Example"), None)
    assert next(snippets(rule, "Use instead"), None)


@pytest.mark.parametrize(("rule", "snippet"), cases("Example"))
def test_the_rule_fires_on_its_example(rule: Rule, snippet: Snippet, reported):
    assert reported(snippet) == [rule.code]


@pytest.mark.parametrize(("rule", "snippet"), cases("Use instead", "When it stays quiet", "Teach it your wrapper"))
def test_nothing_is_reported_of_right_code(rule: Rule, snippet: Snippet, reported):
    assert reported(snippet) == [], rule.name


def test_codes_and_names_are_unique_and_files_are_called_like_rules():
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert type(rule).__module__ == f"leaklint.rules.{rule.name.replace('-', '_')}"


def test_every_rule_has_fixtures():
    with_fixtures = {path.name for path in (ROOT / "tests/fixtures").iterdir()}
    assert {rule.name for rule in RULES if rule.code < "LKN9"} <= with_fixtures


def test_the_pages_in_docs_are_those_of_the_rules():
    ran = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
