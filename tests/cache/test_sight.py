"""A file that looks as it did is not opened; one that may be another all the same is."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from benchmarks.operations import counted
from leaklint.cache import sight, stamps
from leaklint.cache.stamps import Stamp
from leaklint.check import check
from leaklint.config import Settings
from leaklint.discover import File

LEAKING = 'import sqlite3\n\n\ndef f():\n    conn = sqlite3.connect("x")\n    use(conn, 1)\n'
CLOSING = LEAKING.replace("use(conn, 1)", "conn.close()")
USER = "import sqlite3\nfrom helper import shut\n\n\ndef f():\n    conn = sqlite3.connect('x')\n    shut(conn)\n"


def later(monkeypatch) -> None:
    """Let an hour go by."""
    now = time.time_ns()
    monkeypatch.setattr(sight.time, "time_ns", lambda: now + 3_600_000_000_000)


def opened(project, *names: str) -> int:
    with counted() as done:
        project.found(*names)
    return done.opened


def test_nothing_is_opened_where_nothing_changed(project, monkeypatch):
    project.write(one=LEAKING, two="x = 1\n")
    first = project.found()
    later(monkeypatch)
    assert opened(project) == 2, "what was only just written may have been written again"
    assert opened(project) == 0
    assert project.again() == first != []


def test_only_what_changed_is_hashed(project, monkeypatch):
    project.write(one=LEAKING, **{f"idle{number}": "x = 1\n" for number in range(9)})
    project.found()
    later(monkeypatch)
    project.found()
    project.write(one=LEAKING + "# more\n")
    hashed: list[bytes] = []
    monkeypatch.setattr("leaklint.cache.memory.digest", lambda text: hashed.append(text) or stamps.os.urandom(16))
    project.found()
    assert hashed == [(LEAKING + "# more\n").encode()]


def test_a_file_that_is_written_again_at_once_is_looked_at(project):
    assert len(LEAKING) == len(CLOSING)
    for text, found in ((LEAKING, 1), (CLOSING, 0), (LEAKING, 1)):
        project.write(one=text)
        os.utime(project.root / "src" / "one.py", ns=(10**18, 10**18))
        assert len(project.again()) == found


def test_no_clock_is_needed_to_tell_a_file_that_was_just_written(project, monkeypatch):
    """On some disks, what is written twice within a second or two looks the same."""
    now = time.time_ns()
    monkeypatch.setattr(sight, "stamp", lambda _: Stamp(size=100, written=now, changed=now, number=1))
    project.write(one=LEAKING)
    assert len(project.again()) == 1
    project.write(one=CLOSING)
    assert project.again() == []


@pytest.mark.skipif(sys.platform == "win32", reason="there, it is not known when a file was changed")
def test_an_old_time_of_writing_hides_nothing(project, monkeypatch):
    old = (10**18, 10**18)
    path = project.root / "src" / "one.py"
    project.write(one=LEAKING)
    os.utime(path, ns=old)
    later(monkeypatch)
    assert len(project.again()) == 1
    project.write(one=CLOSING)
    os.utime(path, ns=old)
    assert project.again() == []


def test_another_file_moved_into_its_place_is_looked_at(project, monkeypatch):
    project.write(one=LEAKING)
    other = project.root / "other"
    other.write_text(CLOSING)
    later(monkeypatch)
    assert len(project.again()) == 1
    seen = (project.root / "src" / "one.py").stat()
    os.utime(other, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    other.replace(project.root / "src" / "one.py")
    assert project.again() == []


def test_a_file_that_is_only_touched_is_opened_once(project, monkeypatch):
    project.write(one=LEAKING)
    later(monkeypatch)
    first = project.again()
    (project.root / "src" / "one.py").touch()
    assert project.again() == first
    assert project.looked_at == []
    assert opened(project) == 0


def test_what_lies_around_is_of_no_concern_unless_it_was_looked_for(project, monkeypatch):
    project.write(user=USER)
    later(monkeypatch)
    assert len(project.again("user")) == 1
    (project.root / "notes").mkdir()
    (project.root / "src" / "unheard_of.py").touch()
    assert opened(project, "user") == 0
    project.write(helper="def shut(conn):\n    conn.close()\n")
    assert project.again("user") == []


def test_a_helper_around_that_changes_is_noticed(project, monkeypatch):
    project.write(user=USER, helper="def shut(conn):\n    conn.close()\n")
    later(monkeypatch)
    assert project.again("user") == []
    assert opened(project, "user") == 0
    project.write(helper="def shut(conn):\n    print(conn)\n")
    assert len(project.again("user")) == 1


def test_the_comments_of_files_without_findings_are_remembered(project, monkeypatch):
    project.write(one=LEAKING, two="x = 1  # noqa: LKN101\n")
    later(monkeypatch)
    names = {Path(path).name for _ in range(3) for path in project.outcome().addressed}
    assert names == {"two.py"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, names are text")
def test_files_whose_names_are_no_text_are_checked(project):
    for number in range(60):
        (project.root / "src" / os.fsdecode(b"caf\xe9%d.py" % number)).write_text(LEAKING)
    assert len(project.again()) == 60
    assert len(project.found(jobs=2)) == 60


def test_what_cannot_be_read_is_tried_each_time(project, monkeypatch):
    project.write(one=LEAKING)
    notebook = project.root / "src" / "two.ipynb"
    notebook.write_text("{")
    files = [*project.files(), File(notebook, "two.ipynb", Settings())]
    later(monkeypatch)

    def codes() -> list[str]:
        return [finding.code for finding in check(files, cache=project.cache).findings]

    assert codes() == codes() == codes() == ["LKN101", "LKN902"]
    with counted() as done:
        codes()
    assert (done.opened, done.indexed) == (1, [])
    notebook.write_text('{"cells": []}')
    assert codes() == ["LKN101"]


def test_a_file_that_changes_while_others_are_checked_is_not_remembered_as_it_was(project, monkeypatch):
    closing, forgetting = "def shut(conn):\n    conn.close()\n", "def shut(conn):\n    print(conn)\n"
    project.write(helper=closing, user=USER)
    project.found()
    later(monkeypatch)
    assert project.found() == []
    project.write(user=USER + "\n")
    inner = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.stem == "helper":
            project.write(helper=forgetting)
        return inner(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", read_bytes)
        assert len(project.found()) == 1
    project.write(helper=closing)
    assert project.again() == []
