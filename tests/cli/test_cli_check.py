"""What `check` looks at, what it reports and with which exit code."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import leaklint.check

LINE = "src/a.py:2:5: LKN102 connection `c` is not released when `f()` raises\n"


def test_check_is_the_command_of_whatever_names_none(run):
    expected = run("check", "-q", "--output-format", "concise", "src")
    assert expected == (1, LINE, "")
    assert run("-q", "--output-format", "concise", "src") == expected
    assert run("src", "--output-format=concise", "-q") == expected
    assert run("-q", "--output-format", "concise") == expected


def test_the_exit_code_says_what_happened(run):
    assert run("src").code == 1
    assert run("src/ok.py").code == 0
    assert run("src", "--exit-zero").code == 0
    assert run("src", "--ignore", "LKN1").code == 0
    for arguments in (("nope",), ("--nope",), ("--select", "LKN9x"), ("--config", "nope"), ("--raises", "often")):
        ended = run(*arguments)
        assert (ended.code, ended.out) == (2, "")
        assert "nope" in ended.err or "LKN9x" in ended.err or "often" in ended.err


def test_text_is_the_default_and_ends_in_a_summary(run):
    ended = run("src")
    assert ended.out.startswith("error[LKN102] leak-on-exception: connection `c` is not released")
    assert "2 | c = LEAK\n  |     ^^^^ acquired here\n" in ended.out
    assert "Found 1 leak in 1 file. 3 files, 3 acquisitions followed on 7 paths.\n" in ended.out
    assert "1 of low confidence" in ended.out
    assert ended.err == ""
    assert "Found" not in run("src", "-q").out


def test_what_is_reported_can_be_chosen(run):
    count = run("src", "--min-confidence", "low", "--output-format", "json").out
    assert [one["filename"] for one in json.loads(count)] == ["src/a.py", "src/b.py"]
    assert run("src", "--select", "never-released,LKN301").code == 0
    assert run("src", "--select", "LKN301", "--extend-select", "leak-on-exception").code == 1
    Path("leaklint.toml").write_text('[per-file-ignores]\n"src/a.py" = ["ALL"]')
    assert run("src").code == 0
    assert run("src", "--isolated").code == 1
    assert run("--isolated", "--config", "leaklint.toml").code == 1


def test_a_mistyped_word_is_met_with_the_right_one(run):
    assert (
        'unknown rule "leak-on-exeption"; did you mean "leak-on-exception"?' in run("--select", "leak-on-exeption").err
    )
    assert 'unknown output format "jsn"; did you mean "json"?' in run("--output-format", "jsn").err
    assert run("chekc").err == 'error: "chekc" does not exist; did you mean the command "check"?\n'
    assert run("x/y", "z").err == 'error: "x/y" does not exist\nerror: "z" does not exist\n'
    assert "--select" in run("--selekt", "LKN1").err


def test_a_faulty_configuration_is_told_line_by_line(run):
    Path("pyproject.toml").write_text('[tool.leaklint]\nselct = ["LKN1"]\njobs = "two"\n')
    assert run("src") == (
        2,
        "",
        'error: pyproject.toml:2: unknown key "selct"; did you mean "select"?\n'
        'error: pyproject.toml:3: jobs must be a whole number from 0 up, not the text "two"\n',
    )


def test_standard_input_under_a_name_of_its_own(run, stdin):
    stdin(b"x\nc = LEAK\n")
    ended = run("-", "--stdin-filename", "src/new.py", "-q")
    assert ended.code == 1
    assert "--> src/new.py:2:5 in f\n" in ended.out
    assert "2 | c = LEAK\n" in ended.out
    stdin(b"c = LEAK\n")
    assert "--> -:1:5 in f" in run("-").out
    stdin(b"c = LEAK  # noqa: LKN102\n")
    assert run("--stdin-filename", "a.py").code == 0


def test_standard_input_cannot_be_mixed_and_may_be_excluded(run, stdin):
    assert run("-", "src").code == 2
    assert "there are other paths" in run("src", "--stdin-filename", "x.py").err
    Path("leaklint.toml").write_text('exclude = ["src"]')
    stdin(b"c = LEAK\n")
    assert run("-", "--stdin-filename", "src/new.py", "--force-exclude").code == 0
    stdin(b"c = LEAK\n")
    assert run("-", "--stdin-filename", "src/new.py").code == 1


def test_files_and_settings_can_be_looked_at(run):
    assert run("--show-files") == (0, "src/a.py\nsrc/b.py\nsrc/ok.py\n", "")
    Path("src/leaklint.toml").write_text('select = ["LKN102"]\n[functions."m.f"]\nreleases = 0')
    shown = run("--show-settings", "src", "--min-confidence", "low")
    assert shown.code == 0
    assert shown.out.startswith(f"# from {Path('src/leaklint.toml').absolute()}\n[tool.leaklint]\n")
    table = tomllib.loads(shown.out)["tool"]["leaklint"]
    assert (table["select"], table["min-confidence"]) == (["LKN102"], "low")
    assert table["functions"]["m.f"]["releases"] == 0


def test_no_python_files_is_a_warning(run):
    Path("docs").mkdir()
    assert run("docs") == (
        0,
        "Nothing was checked: there are no Python files.\n",
        "warning: no Python files found under docs\n",
    )


def test_comments_silence_and_needless_ones_are_reported(run):
    Path("src/a.py").write_text("c = LEAK  # noqa: LKN102 - the pool owns it\nx = 1  # noqa: LKN101\n")
    ended = run("src/a.py", "--output-format", "concise")
    assert ended.out.startswith("src/a.py:2:16: LKN901 the comment is not needed: nothing here is reported as LKN101\n")
    assert "Not shown: 1 silenced by comments." in ended.out
    assert run("src/a.py", "--ignore", "LKN901").code == 0
    assert run("src/a.py", "--select", "LKN102,LKN901").code == 0
    assert "LKN999" in run("src/a.py", "--ignore", "LKN901,LKN999").err


def test_a_comment_for_a_finding_that_is_not_shown_is_needed_all_the_same(run):
    Path("src/b.py").write_text("c = LEAK LOW  # noqa: LKN102\n")
    assert run("src/b.py").code == 0


def test_a_comment_that_does_something_else_is_a_warning(run):
    Path("src/a.py").write_text("c = LEAK  # noqa : LKN102\n")
    assert run("src/a.py").err.startswith("warning: src/a.py:1: this comment silences everything on its line")


def test_add_noqa_writes_comments_that_hold(run):
    Path("src/a.py").write_bytes(b"# \xe9 coding: latin-1\r\nc = LEAK\r\n")
    Path("src/a.py").chmod(0o755)
    assert run("src", "--add-noqa") == (0, "Silenced 1 finding in 1 file.\n", "")
    assert Path("src/a.py").read_bytes() == b"# \xe9 coding: latin-1\r\nc = LEAK  # noqa: LKN102\r\n"
    assert Path("src/a.py").stat().st_mode & 0o777 == 0o755
    assert run("src").code == 0
    assert run("--min-confidence=low", "--add-noqa=a reason", "src").code == 0
    assert Path("src/b.py").read_text() == "x = LEAK LOW  # noqa: LKN102 - a reason\n"


def test_add_noqa_says_what_it_cannot_do(run, stdin):
    stdin(b"c = LEAK\n")
    ended = run("-", "--add-noqa")
    assert (ended.code, ended.err) == (2, "error: - was left as it is: it is standard input\n")
    Path("src/a.py").write_bytes(b"# coding: ascii\nc = LEAK\n")
    assert "cannot be written in the file's encoding" in run("src", "--add-noqa=grün").err
    assert Path("src/a.py").read_bytes() == b"# coding: ascii\nc = LEAK\n"


def test_a_fault_of_ours_is_one_sentence(run):
    Path("src/a.py").write_text("FAIL\n")
    ended = run("src")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("internal error: ValueError: it broke badly\n")
    assert "Traceback" not in ended.err
    assert "Traceback" in run("src", "-v").err


def test_verbose_tells_what_was_not_understood(run):
    err = run("src", "-v").err
    assert "note: no driver\n" in err
    assert "note: 3 files in " in err


def test_an_interrupt_is_told_and_not_taken_for_success(run, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(leaklint.check, "check", interrupted)
    assert run("src") == (2, "", "\nInterrupted.\n")
