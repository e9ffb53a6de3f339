"""The commands beside `check`, and help."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from leaklint import cli


def test_rules_are_listed_and_explained(run):
    assert run("rule").out.splitlines()[2] == "LKN301  field-never-released  (off by default)"
    page = run("rule", "lkn102").out
    assert page == run("rule", "leak-on-exception").out
    assert page == "# leak-on-exception (LKN102)\n\nAbout leak-on-exception.\n\nMore.\n"
    assert run("rule", "--all").out.count("# ") == 5
    assert json.loads(run("rule", "LKN102", "--output-format", "json").out)["name"] == "leak-on-exception"
    assert len(json.loads(run("rule", "--output-format", "json").out)) == 5
    assert run("rule", "LKN103") == (
        2,
        "",
        'error: unknown rule "LKN103"; did you mean "LKN102" or "LKN101" or "LKN902"?\n',
    )
    assert run("rule", "LKN1").err == 'error: "LKN1" stands for several rules; name one of them\n'
    assert run("rule", "LKN102", "--all").code == 2


def test_drivers_are_listed_and_described_your_own_too(run):
    Path("leaklint.toml").write_text(
        '[drivers.mine]\nlibraries = ["mylib"]\nacquisitions = [{ calls = ["mylib.open"] }]'
    )
    listed = run("drivers").out
    assert "psycopg2" in listed
    assert listed.splitlines()[-1].split() == ["mine", "mylib"]
    described = run("drivers", "psycopg2").out
    assert "connection: psycopg2.connect\n    released by: close()\n" in described
    assert "when dropped: slot lost" in described
    assert "mylib.open" in run("drivers", "mine").out
    assert 'unknown driver "psycop2"; did you mean "psycopg2"' in run("drivers", "psycop2").err


def test_init_prints_what_parses_and_writes_nothing(run):
    before = sorted(Path().rglob("*"))
    out = run("init").out
    assert sorted(Path().rglob("*")) == before
    blocks = out.split("# --- ")
    assert tomllib.loads(blocks[2].partition("\n")[2])["tool"]["ruff"]["lint"]["external"] == ["LKN"]
    assert tomllib.loads(blocks[1].partition("\n")[2]) == {"tool": {"leaklint": {}}}
    yaml = pytest.importorskip("yaml")
    hook = yaml.safe_load(blocks[3].partition("\n")[2])["repos"][0]["hooks"][0]
    assert (hook["id"], hook["require_serial"]) == ("leaklint", True)
    assert yaml.safe_load(blocks[4].partition("\n")[2])["jobs"]["leaklint"]["steps"]
    assert "install leaklint\n" not in out
    assert "install leaklint " not in out


def test_doctor_finds_what_does_not_fit_together(run):
    assert run("doctor").code == 0
    Path("pyproject.toml").write_text("[tool.ruff]\nline-length = 100\n")
    Path(".pre-commit-config.yaml").write_text("repos: []\n")
    ended = run("doctor")
    assert ended.code == 1
    assert 'wrong  ruff may remove `# noqa: LKN...`: set lint.external = ["LKN"] in pyproject.toml' in ended.out
    assert "hint   .pre-commit-config.yaml does not run leaklint" in ended.out
    Path("pyproject.toml").write_text('[tool.ruff.lint]\nexternal = ["LKN"]\n[tool.leaklint]\njbos = 1\n')
    Path(".pre-commit-config.yaml").write_text("repos:\n- hooks:\n  - id: leaklint\n")
    ended = run("doctor")
    assert "ok     ruff leaves" in ended.out
    assert "ok     .pre-commit-config.yaml runs leaklint" in ended.out
    assert 'wrong  pyproject.toml:4: unknown key "jbos"; did you mean "jobs"?' in ended.out


def test_doctor_looks_at_ci_the_baseline_and_the_namesake(run, monkeypatch):
    Path(".github/workflows").mkdir(parents=True)
    Path(".github/workflows/tests.yml").write_text("on: push\n")
    assert "hint   CI does not run leaklint" in run("doctor").out
    Path(".github/workflows/leaks.yml").write_text("run: leaklint\n")
    assert "ok     CI runs leaklint" in run("doctor").out
    Path("leaklint.toml").write_text('baseline = "known.json"')
    ended = run("doctor")
    assert (ended.code, "wrong  there is no baseline known.json" in ended.out) == (1, True)
    Path("leaklint.toml").unlink()
    monkeypatch.setattr("leaklint.commands.doctor.STRANGER", "click")
    assert "wrong  the distribution click is installed" in run("doctor").out


def test_help_names_every_command_and_option(run):
    ended = run("--help")
    assert all(f"  {name} " in ended.out for name in cli.COMMANDS)
    assert run("-h") == ended
    help_ = run("check", "--help").out
    for heading in ("Which findings:", "Which files:", "Configuration:", "Output:", "Other:"):
        assert heading in help_
    assert run("src", "--help").out == help_
