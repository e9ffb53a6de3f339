"""The recipes of `docs/ci.md`, as far as they can be tried without the services they are for."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from sarif_schema import validated

from leaklint import cli
from leaklint.commands.init import SNIPPETS

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
CHECKED = re.findall(r"^<!-- check: (\S+) -->\n```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LEAKY = "import sqlite3\n\n\ndef f(p):\n    return sqlite3.connect(p).execute('x')\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose second commit brings a leak."""
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    for name, text in {"src/old.py": "x = 1\n", "src/app.py": LEAKY}.items():
        (folder / name).write_text(text)
        for command in ("init -q", "add -A", "-c user.name=n -c user.email=e@example.com commit -qm one"):
            subprocess.run(["git", *command.split()], check=True)
    return folder


def commands(value: Any) -> list[str]:
    """Every command line of leaklint in a recipe."""
    match value:
        case dict():
            return [command for one in value.values() for command in commands(one)]
        case list():
            return [command for one in value for command in commands(one)]
        case str() if value.startswith("leaklint "):
            return [value]
    return []


def test_every_recipe_is_checked():
    assert PAGE.count("```yaml") == len(CHECKED) == 7
    assert {kind for kind, _ in CHECKED} == {"vendor.github-workflows", "vendor.gitlab-ci", "pre-commit"}


@pytest.mark.parametrize(("kind", "text"), CHECKED)
def test_a_recipe_is_valid(kind: str, text: str, tmp_path: Path):
    file = tmp_path / "recipe.yaml"
    file.write_text(text)
    if kind == "pre-commit":
        pytest.importorskip("pre_commit")
        validate = ["pre_commit", "validate-config", str(file)]
    else:
        pytest.importorskip("check_jsonschema")
        transform = ["--data-transform", "gitlab-ci"] if "gitlab" in kind else []
        validate = ["check_jsonschema", "--builtin-schema", kind, *transform, str(file)]
    ran = subprocess.run([sys.executable, "-m", *validate], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("command", sorted({one for _, text in CHECKED for one in commands(yaml.safe_load(text))}))
@pytest.mark.usefixtures("project")
def test_its_command_finds_the_leak(command: str, capfd: pytest.CaptureFixture[str]):
    expected = 0 if "--exit-zero" in command else 1
    assert cli.run(shlex.split(command)[1:]) == expected, capfd.readouterr().err
    assert "LKN105" in "".join(capfd.readouterr())
    for report in Path().glob("*.sarif"):
        assert validated(report.read_text())["runs"][0]["results"][0]["ruleId"] == "LKN105"
    for report in Path().glob("gl-*.json"):
        assert json.loads(report.read_text())[0]["check_name"] == "LKN105"
    for report in Path().glob("*.xml"):
        assert ElementTree.parse(report).getroot().get("failures") == "1"


@pytest.mark.usefixtures("project")
def test_the_command_for_tox_finds_it_too():
    (text,) = re.findall(r"^```ini\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    tox = configparser.ConfigParser(interpolation=None)
    tox.read_string(text)
    command = tox["testenv:leaks"]["commands"].replace("{posargs:src}", "src")
    assert cli.run(shlex.split(command)[1:]) == 1


def test_the_shipped_hooks_are_valid():
    pytest.importorskip("pre_commit")
    validate = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    ran = subprocess.run(validate, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_init_prints_the_first_recipe_and_the_hook():
    printed = [yaml.safe_load(text) for name, text in SNIPPETS.items() if ".y" in name.split(":")[0]]
    known = [yaml.safe_load(text.replace("0.1.0", "{version}")) for _, text in CHECKED]
    assert all(snippet in known for snippet in printed)
