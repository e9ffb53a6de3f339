"""Configuration: where it is found, what it may say, and what people are told when it says something else."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from leaklint.config import DEFAULT_EXCLUDES, ConfigError, Settings, json_schema, keys
from leaklint.config_load import Configurations, Overrides, load
from leaklint.selection import enabled, find_rule, selector_problem, wanted

NAMES = {
    "LKN101": "never-released",
    "LKN102": "leak-on-exception",
    "LKN301": "field-never-released",
    "LKN902": "unreadable",
}


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    known = tuple(SimpleNamespace(code=code, name=name, default=code != "LKN301") for code, name in NAMES.items())
    monkeypatch.setattr("leaklint.rules.RULES", known, raising=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def problems(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return [str(problem) for problem in caught.value.problems]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_problem_is_told_at_once_with_its_line_and_the_nearest_word(project):
    path = write(
        project / "pyproject.toml",
        """\
[tool.other]
selct = 1

[tool.leaklint]
selct = ["LKN101"]
min_confidence = "low"
raises = "mostly"
jobs = -1
unsafe-fixes = 1
output-format = 3
per-file-ignores = { "gen_*.py" = "ALL" }
select = [
    "LKN101",
    7,
]

[tool.leaklint.functions."app.db.get"]
returns = "own"
releases = ["conn"]
keeps = true

[[tool.leaklint.drivers.mine.acquisitions]]
calls = "x"
[[tool.leaklint.drivers.mine.acquisitions]]
cals = ["x"]
template = { itm = "x" }
""",
    )
    assert problems(path) == [
        'pyproject.toml:5: unknown key "selct"; did you mean "select"?',
        'pyproject.toml:6: unknown key "min_confidence"; did you mean "min-confidence"?',
        'pyproject.toml:7: raises must be one of "all", "likely", not "mostly"',
        "pyproject.toml:8: jobs must be a whole number from 0 up, not the number -1",
        "pyproject.toml:9: unsafe-fixes must be true or false, not the number 1",
        "pyproject.toml:10: output-format must be a text or a list of texts, not the number 3",
        'pyproject.toml:11: per-file-ignores."gen_*.py" must be a list of texts, not the text "ALL"',
        "pyproject.toml:12: select[1] must be a text, not the number 7",
        'pyproject.toml:18: functions."app.db.get".returns must be one of "nothing", "owned", not "own"; '
        'did you mean "owned"?',
        'pyproject.toml:19: functions."app.db.get".releases[0] must be a whole number, not the text "conn"',
        'pyproject.toml:20: functions."app.db.get".keeps must be a whole number or a list of numbers, not true',
        'pyproject.toml:23: drivers.mine.acquisitions[0].calls must be a list of texts, not the text "x"',
        'pyproject.toml:25: unknown key "cals" in drivers.mine.acquisitions[1]; did you mean "calls" or "closes"?',
        'pyproject.toml:26: unknown key "itm" in drivers.mine.acquisitions[1].template; did you mean "item"?',
    ]


def test_unknown_rules_and_formats_are_problems_with_the_line_of_the_word(project):
    path = write(
        project / "leaklint.toml",
        """\
select = ["LKN1", "never-released", "ALL",
          "LKN1O2"]
ignore = ["leak-on-exeption"]
output-format = ["text", "sarrif:x"]
[per-file-ignores]
"x.py" = ["XY7"]
""",
    )
    assert problems(path) == [
        'leaklint.toml:2: unknown rule "LKN1O2" in select; did you mean "LKN102" or "LKN902" or "LKN301"?',
        'leaklint.toml:3: unknown rule "leak-on-exeption" in ignore; did you mean "leak-on-exception"?',
        'leaklint.toml:4: unknown output format "sarrif"; did you mean "sarif"?',
        'leaklint.toml:6: unknown rule "XY7" in per-file-ignores; see `leaklint rule` for all of them',
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.leaklint]\nselect = [", "pyproject.toml: is not valid TOML: "),
        ("[tool]\nleaklint = 3", "pyproject.toml: tool.leaklint must be a table"),
    ],
)
def test_a_file_that_cannot_be_understood_is_named(project, text, said):
    assert problems(write(project / "pyproject.toml", text))[0].startswith(said)


def test_bytes_that_are_no_utf8_are_named(project):
    (project / "leaklint.toml").write_bytes(b'select = ["\xff"]')
    assert problems(project / "leaklint.toml") == ["leaklint.toml: is not UTF-8, which TOML has to be"]


def test_a_pyproject_that_does_not_speak_of_us_is_not_even_parsed(project):
    assert load(write(project / "pyproject.toml", "[this is not toml")) is None
    assert load(write(project / "pyproject.toml", "[tool.x]\ndescription = 'leaklint'")) is None


def test_the_nearest_table_holds_and_the_standalone_file_goes_first(project):
    write(project / "pyproject.toml", "[tool.leaklint]\njobs = 1")
    write(project / "sub/pyproject.toml", "[project]\nname = 'leaklint-user'")
    write(project / "sub/deep/leaklint.toml", "jobs = 2")
    write(project / "sub/deep/pyproject.toml", "[tool.leaklint]\njobs = 3")
    found = Configurations()
    assert [found.of_folder(str(project / name)).jobs for name in ("", "sub", "sub/deep", "sub/deep/x")] == [1, 1, 2, 2]
    assert found.of_folder(str(project / "sub")).origin == str(project / "pyproject.toml")
    assert Configurations(isolated=True).of_folder(str(project)) == Settings()
    fixed = Configurations(file=Path("sub/deep/pyproject.toml"))
    assert fixed.of_folder(str(project)).jobs == 3
    with pytest.raises(ConfigError, match=r"has no \[tool.leaklint\] table"):
        Configurations(file=project / "sub/pyproject.toml")


def test_extend_builds_on_another_file_key_by_key(project):
    write(
        project / "base/leaklint.toml",
        """\
select = ["LKN1"]
jobs = 5
extend-select = ["LKN301"]
extend-exclude = ["gen/x.py"]
baseline = "known.json"
per-file-ignores = { "a.py" = ["LKN1"] }
[drivers.one]
title = "One"
""",
    )
    path = write(
        project / "leaklint.toml",
        """\
extend = "base/leaklint.toml"
jobs = 2
extend-select = ["LKN902"]
per-file-ignores = { "b.py" = ["ALL"] }
[drivers.two]
acquisitions = [{ calls = ["two.connect"], releases = ["close", "stop"] }]
""",
    )
    settings = load(path)
    assert settings is not None
    assert (settings.select, settings.jobs, settings.extend_select) == (("LKN1",), 2, ("LKN301", "LKN902"))
    assert settings.baseline == str(project / "base/known.json")
    assert settings.extend_exclude == (f"{project}/base/gen/x.py",)
    assert set(settings.per_file_ignores) == {f"{project}/base/**/a.py", f"{project}/**/b.py"}
    assert {name: driver.name for name, driver in settings.drivers.items()} == {"one": "one", "two": "two"}
    assert settings.drivers["two"].acquisitions[0].releases == ("close", "stop")


def test_extend_in_a_circle_and_into_nothing(project):
    write(project / "leaklint.toml", 'extend = "b.toml"')
    write(project / "b.toml", 'extend = "leaklint.toml"')
    assert problems(project / "leaklint.toml") == [
        "leaklint.toml: extends itself: leaklint.toml -> b.toml -> leaklint.toml"
    ]
    write(project / "b.toml", 'extend = "c.toml"')
    assert problems(project / "b.toml") == ["c.toml: cannot be read: No such file or directory"]


def test_the_command_line_has_the_last_word(project):
    write(project / "leaklint.toml", 'select = ["LKN101"]\nignore = ["LKN902"]\nraises = "all"')

    def with_(overrides: Overrides) -> Settings:
        return Configurations(overrides=overrides).of_folder(str(project))

    added = with_(Overrides(ignore=("LKN3",), extend_select=("LKN102",), min_confidence="low"))
    assert (added.select, added.ignore, added.extend_select) == (("LKN101",), ("LKN902", "LKN3"), ("LKN102",))
    assert (added.raises, added.min_confidence) == ("all", "low")
    anew = with_(Overrides(select=("LKN102",), raises="likely"))
    assert (anew.select, anew.ignore, anew.raises) == (("LKN102",), (), "likely")


@pytest.mark.parametrize(
    ("settings", "on"),
    [
        (Settings(), "LKN101 LKN102 LKN902"),
        (Settings(extend_select=("LKN301",)), "LKN101 LKN102 LKN301 LKN902"),
        (Settings(select=("ALL",)), "LKN101 LKN102 LKN301 LKN902"),
        (Settings(select=("LKN1",), ignore=("LKN102",)), "LKN101 LKN902"),
        (Settings(select=("LKN102",), ignore=("LKN1",)), "LKN102 LKN902"),
        (Settings(select=("LKN102",), ignore=("LKN102",)), "LKN902"),
        (Settings(select=("never-released",)), "LKN101 LKN902"),
        (Settings(select=()), "LKN902"),
        (Settings(ignore=("LKN1", "LKN902")), ""),
        (Settings(ignore=("ALL",)), "LKN902"),
    ],
)
def test_the_longer_prefix_wins_and_unread_files_are_always_told(settings, on):
    assert [code for code in NAMES if enabled(code, settings)] == on.split()


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("tests/", "tests/a/b.py", "src/tests.py"),
        ("test_*.py", "deep/down/test_x.py", "x_test.py"),
        ("src/*.py", "src/a.py", "other/src/a.py"),
        ("src/**/gen.py", "src/a/b/gen.py", "gen.py"),
        ("!src/", "docs/a.py", "src/a.py"),
        ("/setup.py", "setup.py", "sub/setup.py"),
    ],
)
def test_per_file_ignores_know_the_patterns_of_gitignore(project, pattern, matching, other):
    path = write(project / "tests/leaklint.toml", f'[per-file-ignores]\n"{pattern}" = ["LKN1"]')
    settings = load(path)
    assert settings is not None
    root = project / "tests"
    assert not wanted("LKN101", settings, root / matching)
    assert wanted("LKN902", settings, root / matching)
    assert wanted("LKN101", settings, root / other)


def test_the_name_of_a_folder_above_the_project_matches_nothing(project):
    settings = load(write(project / "tests/proj/leaklint.toml", '[per-file-ignores]\n"tests" = ["ALL"]'))
    assert settings is not None
    assert wanted("LKN101", settings, project / "tests/proj/a.py")
    assert not wanted("LKN101", settings, project / "tests/proj/tests/a.py")


def test_rules_are_found_by_code_and_name():
    assert find_rule("lkn101") is find_rule("never-released")
    assert find_rule("LKN1") is None
    assert selector_problem("LKN1") == ""
    assert selector_problem("") != ""


def test_function_facts_take_one_position_or_several(project):
    settings = load(
        write(project / "leaklint.toml", '[functions."m.f"]\nreleases = 0\nkeeps = [1, 2]\nreturns = "owned"')
    )
    assert settings is not None
    facts = settings.functions["m.f"]
    assert (facts.released, facts.kept, facts.returns, facts.lends) == ((0,), (1, 2), "owned", False)


def test_the_schema_has_every_key_with_a_description_and_no_other():
    schema = json_schema()
    table = schema["$defs"]["Table"]
    assert tuple(table["properties"]) == keys()
    assert all(one["description"] for one in table["properties"].values())
    assert all(definition["additionalProperties"] is False for definition in schema["$defs"].values())
    assert tuple(table["properties"]["exclude"]["default"]) == DEFAULT_EXCLUDES
    for key in ("extend", "per-file-ignores", "unsafe-fixes", "functions", "output-format", "cache-dir", "jobs"):
        assert key in keys()
