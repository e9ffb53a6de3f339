"""Where reports go, in which colours, and what shows while people wait."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path

import pytest
from sarif_schema import validated

from leaklint.commands import progress

LINE = "src/a.py:2:5: LKN102 connection `c` is not released when `f()` raises\n"


def test_several_reports_one_on_standard_output_people_then_on_the_other(run):
    ended = run("src", "--output-format", "concise", "--output-format", "json", "--output-format", "sarif:leaks.sarif")
    assert json.loads(ended.out)[0]["code"] == "LKN102"
    assert ended.err.startswith(LINE)
    assert validated(Path("leaks.sarif").read_text())["runs"][0]["results"]
    assert run("src", "--output-format", "gitlab:g.json", "-q") == (1, "", "")
    assert json.loads(Path("g.json").read_text())[0]["check_name"] == "LKN102"
    clash = run("src", "--output-format", "json", "--output-format", "sarif")
    assert (clash.code, clash.out) == (2, "")
    assert "write `sarif:FILE`" in clash.err
    assert run("src", "--output-format", "text", "--output-format", "concise").code == 2


def test_machines_get_nothing_but_their_format(run):
    for name in ("json", "gitlab", "sarif"):
        ended = run("src/ok.py", "--output-format", name)
        assert (ended.code, json.loads(ended.out) is not None) == (0, True)
        assert ended.err.startswith("No leaks found.")
    validated(ended.out)
    assert run("src/ok.py", "--output-format", "json").out == "[]\n"


def test_the_format_may_come_from_the_settings_or_the_environment(run, monkeypatch):
    Path("leaklint.toml").write_text('output-format = "concise"')
    assert run("src", "-q").out == LINE
    monkeypatch.setenv("LEAKLINT_OUTPUT_FORMAT", "json")
    assert json.loads(run("src").out)
    assert run("src", "-q", "--output-format", "concise").out == LINE


def test_a_report_that_cannot_be_written_is_a_refusal(run):
    ended = run("src", "--output-format", "json:no/such/folder.json")
    assert (ended.code, ended.err) == (2, "error: no/such/folder.json cannot be written: No such file or directory\n")


def test_a_report_replaces_its_file_whole_and_keeps_its_mode(run):
    Path("old.json").write_text("x" * 10_000)
    Path("old.json").chmod(0o640)
    Path("link.json").symlink_to("old.json")
    run("src", "--output-format", "json:link.json")
    assert json.loads(Path("old.json").read_text())
    assert Path("link.json").is_symlink()
    assert Path("old.json").stat().st_mode & 0o777 == 0o640
    assert not list(Path().glob(".*"))


def test_statistics_count_instead_of_showing(run):
    ended = run("src", "--statistics", "--min-confidence", "low")
    assert ended.out.startswith("2  LKN102  leak-on-exception\nFound 2 leaks in 2 files.")
    aside = run("src", "--statistics", "--output-format", "json")
    assert json.loads(aside.out)
    assert aside.err.startswith("1  LKN102")


@pytest.mark.parametrize(
    ("choice", "environment", "coloured"),
    [
        ("auto", {}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"CLICOLOR_FORCE": "1"}, True),
        ("auto", {"FORCE_COLOR": "0"}, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_decided_once_and_for_all(run, monkeypatch, choice, environment, coloured):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run("src", "--color", choice).out) == coloured
    assert "\x1b[" not in run("src", "--color", choice, "--output-format", "json").out


def test_progress_shows_on_a_terminal_and_cleans_up(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setattr(progress, "PAUSE", 0)
    with progress.progress_bar(show=True) as report:
        assert report
        report(1, 4)
    assert screen.getvalue() == "\rchecking [######..................] 1 of 4 files\x1b[K\r\x1b[K"
    with progress.progress_bar(show=False) as report:
        assert report is None


def test_a_short_run_shows_no_progress(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress.progress_bar(show=True) as report:
        assert report
        report(1, 1)
        time.sleep(0.01)
    assert screen.getvalue() == ""
