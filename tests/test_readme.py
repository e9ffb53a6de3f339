"""The README says what is true: its code, its configuration, its commands, and what it shows of the tool's output."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from leaklint import cli
from leaklint.config_load import Configurations

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"(?:<!-- reports ([\w ]+) -->\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCES = [(match[2], match[3], (match[1] or "").split()) for match in FENCE.finditer(README)]


def fences(language: str) -> list[str]:
    return [text for other, text, _ in FENCES if other == language]


def test_the_picture_shows_what_the_tool_prints(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    (name,) = re.findall(r"!\[.+\]\((\S+\.svg)\)", README)
    drawn = ElementTree.parse(ROOT / name).getroot().iter("{http://www.w3.org/2000/svg}text")
    command, empty, *rows = ["".join(text.itertext()) for text in drawn]
    monkeypatch.chdir(ROOT)
    assert cli.run([*command.removeprefix("$ leaklint ").split(), "--isolated", "--color", "never"]) == 1
    assert empty == ""
    assert "\n".join(rows) in capfd.readouterr().out, "run `python docs/generate.py`"


@pytest.mark.parametrize(("code", "expected"), [(text, codes) for kind, text, codes in FENCES if kind == "python"])
def test_the_code_reports_what_is_said(
    code: str,
    expected: list[str],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "snippet.py").write_text(code)
    cli.run(["check", "--isolated", "--output-format", "json", "snippet.py"])
    assert [finding["code"] for finding in json.loads(capfd.readouterr().out)] == expected


@pytest.mark.parametrize("text", fences("toml"))
def test_the_configuration_is_accepted(text: str, tmp_path: Path):
    (tmp_path / "pyproject.toml").write_text(text)
    settings = Configurations().of_folder(str(tmp_path))
    assert bool(settings.origin) == ("leaklint" in tomllib.loads(text).get("tool", {}))


def test_options_and_commands_exist(capfd: pytest.CaptureFixture[str]):
    for command in cli.COMMANDS:
        assert cli.run([command, "--help"]) == 0
    helped = capfd.readouterr().out
    own = re.sub(r"^python3 -m venv.*$|`pytest [^`]*`", "", README, flags=re.MULTILINE)
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", own))
    flake8 = {name for name in named if name.startswith("--leaklint-")}
    assert {name for name in named - flake8 if name not in helped} == set()


def test_the_hooks_are_there_and_run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    yaml = pytest.importorskip("yaml")
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    (shown,) = fences("yaml")
    assert {hook["id"] for repo in yaml.safe_load(shown)["repos"] for hook in repo["hooks"]} <= set(hooks)
    monkeypatch.chdir(ROOT)
    for hook in hooks.values():
        assert hook["require_serial"]
        assert hook["types_or"] == ["python", "pyi"]
        assert cli.run([*hook["entry"].split()[1:], "--isolated", "leaklint/words.py"]) == 0
    assert capfd.readouterr().out.count("No leaks found") == len(hooks) == 2


def test_nobody_is_told_to_install_the_other_leaklint():
    texts = [path for pattern in ("*.md", "docs/**/*.md", "leaklint/**/*.py") for path in ROOT.glob(pattern)]
    install = re.compile(r"(pipx?|uvx?|poetry|conda)( tool)?( install| run| add)?( -\S+)* leaklint(?!-db)\b")
    assert [path for path in texts if install.search(path.read_text(encoding="utf-8"))] == []


def test_there_is_one_command_that_runs_and_one_that_tests():
    first, second = (text.strip() for text in fences("sh"))
    assert first.startswith("python3 -m venv .venv && ")
    assert first.endswith("leaklint examples")
    assert second.startswith("python3 -m venv .venv && ")
    assert ".venv/bin/pytest" in second
