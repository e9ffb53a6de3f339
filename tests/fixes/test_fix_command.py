"""`--fix`, `--unsafe-fixes` and `--diff` on the command line: what is written, what is not, and what is said."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import resource
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import NamedTuple

import pytest
from sarif_schema import validated

from leaklint import cli
from leaklint.fixes.apply import repair

LEAK = """import sqlite3


def purge(path):
    conn = sqlite3.connect(path)
    conn.execute("DELETE FROM cache")
    conn.close()
"""
FIXED = """import contextlib
import sqlite3


def purge(path):
    with contextlib.closing(sqlite3.connect(path)) as conn:
        conn.execute("DELETE FROM cache")
"""
UNSAFE = """from sqlalchemy.orm import Session


def first(engine, user):
    session = Session(engine)
    return session.query(user).first()
"""


class Ended(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, stdin: bytes | None = None) -> Ended:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = cli.run(["--isolated", *arguments])
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return call


def test_fix_writes_and_says_so(run, tmp_path):
    (tmp_path / "a.py").write_text(LEAK)
    ended = run("--fix", "a.py")
    assert ended.code == 0
    assert (tmp_path / "a.py").read_text() == FIXED
    assert "Fixed 1 leak in 1 file; none left." in ended.out


def test_a_second_fix_changes_nothing(run, tmp_path):
    (tmp_path / "a.py").write_text(FIXED)
    before = (tmp_path / "a.py").stat().st_mtime_ns
    assert "Fixed 0 leaks in 0 files; none left." in run("--fix", "a.py").out
    assert (tmp_path / "a.py").stat().st_mtime_ns == before


def test_unsafe_fixes_want_consent(run, tmp_path):
    (tmp_path / "a.py").write_text(UNSAFE)
    ended = run("--fix", "a.py")
    assert ended.code == 1
    assert "1 fixable with --fix --unsafe-fixes." in ended.out
    assert (tmp_path / "a.py").read_text() == UNSAFE
    assert "1 left: 1 needs --unsafe-fixes." in ended.out
    assert "Fixed 1 leak" in run("--fix", "--unsafe-fixes", "a.py").out
    assert "with Session(engine) as session:" in (tmp_path / "a.py").read_text()


def test_diff_writes_nothing_and_fails(run, tmp_path):
    (tmp_path / "a.py").write_text(LEAK)
    ended = run("--diff", "a.py")
    assert ended.code == 1
    assert (tmp_path / "a.py").read_text() == LEAK
    assert ended.out.startswith("--- a/a.py\n+++ b/a.py\n")
    assert "+import contextlib\n" in ended.out
    assert "Would fix 1 leak in 1 file" in ended.err
    assert "\x1b[32m+import contextlib\x1b[0m" in run("--diff", "--color", "always", "a.py").out


def test_diff_of_nothing_is_empty(run, tmp_path):
    (tmp_path / "a.py").write_text(FIXED)
    ended = run("--diff", "a.py")
    assert (ended.code, ended.out) == (0, "")


def test_git_applies_the_diff(run, tmp_path):
    (tmp_path / "a.py").write_text(LEAK.rstrip("\n"))
    (tmp_path / "fix.patch").write_text(run("--diff", "a.py").out)
    subprocess.run(["git", "apply", "fix.patch"], cwd=tmp_path, check=True)
    run("--fix", "a.py")
    assert (tmp_path / "a.py").read_text().rstrip("\n") == FIXED.rstrip("\n")


ODD = (
    b"# one\rline = 1\n"
    + LEAK.encode().replace(b"path)\n", b"path)  # \x1b[31m\xe9\x9b\x07\x0c\n", 1)
    + b"    # \x0b\x1c\x85\x0c"
)


def command(*arguments: str) -> list[str]:
    return ["env", f"PYTHONPATH={Path(cli.__file__).parents[1]}", "TERM=xterm", "NO_COLOR=", sys.executable, "-m",
            "leaklint", "--isolated", "--no-cache", *arguments]  # fmt: skip


@pytest.mark.parametrize("end", [b"", b"\n", b"\x0c\n", b"\x85"])
@pytest.mark.parametrize("name", ["a.py", 'a\n"b\\\x1b.py'])
def test_git_applies_the_diff_of_bytes(tmp_path, end, name):
    (tmp_path / name).write_bytes(b"# coding: latin-1\n" + ODD + end)
    ended = subprocess.run(command(tmp_path, "--diff", name), cwd=tmp_path, capture_output=True, check=False)
    assert ended.returncode == 1, ended.stderr
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=ended.stdout, check=True)
    applied = (tmp_path / name).read_bytes()
    assert b"contextlib.closing" in applied
    (tmp_path / name).write_bytes(b"# coding: latin-1\n" + ODD + end)
    subprocess.run(command(tmp_path, "--fix", name), cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / name).read_bytes() == applied


def test_a_terminal_is_shown_a_diff_that_it_cannot_obey(tmp_path):
    pty = pytest.importorskip("pty")
    (tmp_path / "a.py").write_bytes(b"# coding: latin-1\n" + ODD)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command(tmp_path, "--diff", "a.py"), cwd=tmp_path, stdout=theirs, stderr=subprocess.DEVNULL
    ) as child:
        os.close(theirs)
        told = b""
        with contextlib.suppress(OSError):  # the end of a terminal
            while part := os.read(ours, 4096):
                told += part
    os.close(ours)
    assert child.returncode == 1
    assert b"contextlib.closing" in told
    plain = re.sub(rb"\x1b\[[0-9]*m", b"", told.replace(rb"\x1b[31m", b"escaped"))
    assert b"escaped" in plain
    assert not [c for c in plain.decode() if unicodedata.category(c) in {"Cc", "Cf"} and c not in "\r\n"]


def test_standard_input_comes_out_fixed(run):
    ended = run("--fix", "-", stdin=LEAK.encode())
    assert (ended.code, ended.out) == (0, FIXED)
    assert "Fixed 1 leak in 1 file" in ended.err


def test_the_bytes_of_standard_input_stay(tmp_path):
    before, after = (b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for text in (LEAK, FIXED))
    ended = subprocess.run(
        [sys.executable, "-m", "leaklint", "--isolated", "--fix", "-"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
        input=before,
        capture_output=True,
        check=False,
    )
    assert ended.stdout == after


def test_standard_input_without_a_leak_comes_out_as_it_was(run):
    ended = run("--fix", "-", stdin=FIXED.encode())
    assert (ended.code, ended.out) == (0, FIXED)


def test_the_summary_says_why_leaks_are_left(run, tmp_path):
    (tmp_path / "a.py").write_text(LEAK)
    (tmp_path / "b.py").write_text(LEAK + "\n\n" + LEAK.partition("\n\n\n")[2].replace("purge", "purge_again"))
    (tmp_path / "c.py").write_text(UNSAFE)
    (tmp_path / "d.py").write_text(UNSAFE.replace(".first()", ""))
    ended = run("--fix", ".")
    assert "Fixed 3 leaks in 2 files; 2 left: 1 needs --unsafe-fixes, 1 refused." in ended.out


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", ""])
def test_bytes_that_are_no_code_stay(run, tmp_path, newline, mark, end):
    source, fixed = (text.rstrip("\n") + end for text in (LEAK, FIXED))
    (tmp_path / "a.py").write_bytes(mark + source.replace("\n", newline).encode())
    (tmp_path / "a.py").chmod(0o640)
    run("--fix", "a.py")
    assert (tmp_path / "a.py").read_bytes() == mark + fixed.replace("\n", newline).encode()
    assert (tmp_path / "a.py").stat().st_mode & 0o777 == 0o640


def test_another_encoding_stays(run, tmp_path):
    source = "# -*- coding: latin-1 -*-\n# größe\n" + LEAK
    (tmp_path / "a.py").write_bytes(source.encode("latin-1"))
    run("--fix", "a.py")
    assert "größe" in (tmp_path / "a.py").read_bytes().decode("latin-1")
    assert b"contextlib.closing" in (tmp_path / "a.py").read_bytes()


def test_a_read_only_file_is_left(run, tmp_path):
    (tmp_path / "a.py").write_text(LEAK)
    (tmp_path / "a.py").chmod(0o444)
    ended = run("--fix", "a.py")
    assert ended.code == 2
    assert "a.py was left as it is: it is read-only" in ended.err
    assert "Found 1 leak in 1 file." in ended.out
    assert "Fixed 0 leaks in 0 files; 1 left: 1 could not be written." in ended.out
    assert (tmp_path / "a.py").read_text() == LEAK


def test_a_link_out_of_the_tree_is_left(run, tmp_path):
    (tmp_path / "outside.py").write_text(LEAK)
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "a.py").symlink_to(tmp_path / "outside.py")
    ended = run("--fix", "inside/a.py")
    assert "leads out of the given paths" in ended.err
    assert (tmp_path / "outside.py").read_text() == LEAK


def test_a_link_within_the_tree_stays_a_link(run, tmp_path):
    (tmp_path / "a.py").write_text(LEAK)
    (tmp_path / "b.py").symlink_to("a.py")
    ended = run("--fix", ".")
    assert ended.code == 0, ended.err
    assert (tmp_path / "b.py").is_symlink()
    assert (tmp_path / "a.py").read_text() == FIXED


def test_a_file_that_was_not_given_is_left(run, tmp_path):
    (tmp_path / "a.py").write_text(LEAK + "\n\nfrom b import purge\n")
    (tmp_path / "b.py").write_text(LEAK)
    run("--fix", "a.py")
    assert (tmp_path / "b.py").read_text() == LEAK


def test_a_file_that_changed_meanwhile_is_left(run, tmp_path, monkeypatch):
    path = tmp_path / "a.py"
    path.write_text(LEAK)

    def repaired_while_somebody_saves(*arguments, **options):
        path.write_text(LEAK + "# newer\n")
        return repair(*arguments, **options)

    monkeypatch.setattr("leaklint.commands.fix_files.repair", repaired_while_somebody_saves)
    ended = run("--fix", "a.py")
    assert ended.code == 2
    assert "a.py was left as it is: it was changed meanwhile" in ended.err
    assert path.read_text() == LEAK + "# newer\n"


def test_a_disk_that_takes_no_more_leaves_the_original(tmp_path):
    """The limit on the size of files stands in for the full disk: the write itself fails, half-way."""
    (tmp_path / "a.py").write_text(LEAK)
    limit = len(FIXED) // 2
    ended = subprocess.run(
        [sys.executable, "-m", "leaklint", "--isolated", "--fix", "a.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2, ended
    assert "a.py was left as it is: File too large" in ended.stderr
    assert (tmp_path / "a.py").read_text() == LEAK
    assert [path.name for path in tmp_path.iterdir()] == ["a.py"]


def test_a_notebook_is_left_and_says_so(run, tmp_path):
    source = [f"{line}\n" for line in LEAK.splitlines()]
    notebook = json.dumps({"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source}]})
    (tmp_path / "a.ipynb").write_text(notebook)
    ended = run("--fix", "a.ipynb")
    assert (ended.code, (tmp_path / "a.ipynb").read_text()) == (1, notebook)
    assert "no automatic fix: notebooks are not rewritten" in ended.out
    assert "Fixed 0 leaks in 0 files; 1 left: 1 refused." in ended.out
    assert "fixable" not in ended.out


def test_a_silenced_finding_is_not_fixed(run, tmp_path):
    source = LEAK.replace("connect(path)", "connect(path)  # noqa: LKN102 - on purpose")
    (tmp_path / "a.py").write_text(source)
    assert run("--fix", "a.py").code == 0
    assert (tmp_path / "a.py").read_text() == source


def committed(folder: Path, source: str) -> None:
    """A repository with one file in it."""
    folder.mkdir(exist_ok=True)
    (folder / "a.py").write_text(source)
    for command in (["init", "-q"], ["add", "a.py"], ["-c", "user.name=a", "-c", "user.email=a", "commit", "-qm", "a"]):
        subprocess.run(["git", *command], cwd=folder, check=True)


def test_uncommitted_changes_are_mentioned(run, tmp_path):
    committed(tmp_path, "x = 1\n")
    (tmp_path / "a.py").write_text(LEAK)
    ended = run("--fix", "a.py")
    assert "uncommitted changes" in ended.err
    assert (ended.code, (tmp_path / "a.py").read_text()) == (0, FIXED)


def test_nothing_is_mentioned_where_all_is_committed(run, tmp_path):
    committed(tmp_path, LEAK)
    ended = run("--fix", "a.py")
    assert (ended.err, (tmp_path / "a.py").read_text()) == ("", FIXED)


def test_uncommitted_changes_are_seen_from_elsewhere(run, tmp_path):
    """The repository of the paths counts, not that of the working directory."""
    committed(tmp_path / "shop", "x = 1\n")
    (tmp_path / "shop" / "a.py").write_text(LEAK)
    assert "uncommitted changes" in run("--fix", "shop/a.py").err


def test_the_edits_in_json_make_the_fix(run, tmp_path):
    (tmp_path / "a.py").write_text(LEAK)
    (finding,) = json.loads(run("--output-format", "json", "a.py").out)
    assert finding["fix"]["applicability"] == "safe"
    edits = [
        (edit["line"], edit["column"], edit["end_line"], edit["end_column"], edit["content"])
        for edit in finding["fix"]["edits"]
    ]
    assert edited(LEAK, edits) == FIXED


def test_the_replacements_in_sarif_make_the_fix(run, tmp_path):
    (tmp_path / "a.py").write_text(LEAK)
    sarif = validated(run("--output-format", "sarif", "a.py").out)
    (fix,) = sarif["runs"][0]["results"][0]["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "a.py"
    replacements = [(one["deletedRegion"], one["insertedContent"]["text"]) for one in change["replacements"]]
    edits = [(r["startLine"], r["startColumn"], r["endLine"], r["endColumn"], text) for r, text in replacements]
    assert edited(LEAK, edits) == FIXED


def edited(source: str, edits: list[tuple[int, int, int, int, str]]) -> str:
    """The text after edits, put in from the last to the first as an editor would."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for line, column, end_line, end_column, content in sorted(edits, reverse=True):
        start, end = starts[line - 1] + column - 1, starts[end_line - 1] + end_column - 1
        source = source[:start] + content + source[end:]
    return source


def test_contracts_in_the_configuration_hold_for_the_proof(tmp_path, monkeypatch, capsys):
    """Without them the rewritten file would seem to leak still: nothing else says what `give_back` does."""
    source = LEAK.replace("conn.close()", "give_back(conn)").replace(
        "sqlite3\n", "sqlite3\nfrom pools import give_back\n"
    )
    (tmp_path / "a.py").write_text(source)
    (tmp_path / "pools.py").write_text("def give_back(conn):\n    conn.reset_and_park()\n")
    (tmp_path / "leaklint.toml").write_text('[functions."pools.give_back"]\nreleases = 0\n')
    monkeypatch.chdir(tmp_path)
    assert cli.run(["--fix", "a.py"]) == 0, capsys.readouterr()
    assert "    finally:\n        give_back(conn)\n" in (tmp_path / "a.py").read_text()


def test_a_refusal_is_shown_with_its_reason(run, tmp_path):
    (tmp_path / "a.py").write_text(UNSAFE.replace(".first()", ""))
    assert "`session.query(user)` is returned and still needs the connection" in run("--fix", "a.py").out
