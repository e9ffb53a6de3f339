"""What is kept is whole, this program's own and for these settings, or it is nothing; no run takes away another's."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from leaklint import analysis
from leaklint.cache import place
from leaklint.cache.store import Entry, Store
from leaklint.config import Settings

LEAKING = 'import sqlite3\n\n\ndef f():\n    conn = sqlite3.connect("x")\n    print(conn)\n'
STRICT = msgspec.structs.replace(Settings(), raises="all")
ROOT = Path(__file__).resolve().parents[2]


def run(key: bytes, data: bytes, store: Store) -> None:
    store.keep(b"project", run=Entry(key, data), indexes=[Entry(key, data)])


def test_what_is_put_in_comes_out_again(tmp_path):
    store = Store(tmp_path / "deep" / "c.sqlite", b"me")
    assert store.run(b"a", b"project") is None
    run(b"a", b"first", store)
    run(b"b", b"second", store)
    assert store.run(b"a", b"project") == b"first"
    assert store.run(b"c", b"project") == b"second", "the latest run of the project stands in for one that is not there"
    assert store.run(b"c", b"other project") is None
    assert store.index(b"b") == b"second"


def test_another_version_of_the_program_starts_afresh(tmp_path):
    path = tmp_path / "c.sqlite"
    run(b"a", b"old", Store(path, b"old version"))
    new = Store(path, b"new version")
    assert new.run(b"a", b"project") is None
    run(b"a", b"new", new)
    assert new.run(b"a", b"project") == b"new"


@pytest.mark.parametrize(
    "damage", [b"", b"not a database", b"SQLite format 3\0" + b"\xff" * 8000], ids=["empty", "foreign", "broken"]
)
def test_a_file_that_is_no_cache_is_written_anew(tmp_path, damage):
    path = tmp_path / "c.sqlite"
    path.write_bytes(damage)
    store = Store(path, b"me")
    assert store.run(b"a", b"project") is None
    run(b"a", b"first", store)
    assert store.run(b"a", b"project") == b"first"


def test_a_database_of_somebody_else_is_written_anew(tmp_path):
    path = tmp_path / "c.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    store = Store(path, b"me")
    assert store.run(b"a", b"project") is None
    run(b"a", b"first", store)
    assert store.run(b"a", b"project") == b"first"


def test_a_single_changed_byte_is_noticed(tmp_path):
    path = tmp_path / "c.sqlite"
    store = Store(path, b"me")
    run(b"a", b"a finding at line 12", store)
    path.write_bytes(path.read_bytes().replace(b"line 12", b"line 13"))
    assert store.run(b"a", b"project") is None


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path):
    (tmp_path / "file").touch()
    store = Store(tmp_path / "file" / "c.sqlite", b"me")
    run(b"a", b"first", store)
    assert store.run(b"a", b"project") is None


def test_a_run_waits_until_another_one_has_written(tmp_path):
    path = tmp_path / "c.sqlite"
    store = Store(path, b"me")
    run(b"a", b"first", store)
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM indexes")
        done = threading.Timer(0.3, other.execute, ("COMMIT",))
        done.start()
        run(b"b", b"second", store)
        done.join()
    assert store.run(b"b", b"project") == b"second"


def test_who_reads_neither_stops_others_from_writing_nor_writes_into_a_file_that_is_gone(tmp_path):
    path = tmp_path / "c.sqlite"
    store = Store(path, b"me")
    run(b"a", b"first", store)
    assert store.run(b"a", b"project") == b"first"
    run(b"b", b"second", Store(path, b"me"))
    assert store.run(b"b", b"project") == b"second"
    if sys.platform != "win32":  # there, nobody can delete what is being read
        path.unlink()
    run(b"c", b"third", store)
    assert Store(path, b"me").run(b"c", b"project") == b"third"


def keep_many(path: Path, name: str) -> None:
    store = Store(path, b"me")
    for number in range(20):
        run(f"{name}{number}".encode(), name.encode(), store)


def test_runs_at_the_same_time_lose_nothing(tmp_path):
    path = tmp_path / "c.sqlite"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=keep_many, args=(path, name)) for name in ("left", "right")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    store = Store(path, b"me")
    for name in ("left", "right"):
        assert all(store.index(f"{name}{number}".encode()) == name.encode() for number in range(20))


def test_other_settings_are_another_question(project):
    project.write(one=LEAKING)
    assert len(project.again()) == 1
    project.again(settings=STRICT)
    assert project.looked_at == ["one"]


def test_the_cache_may_go_at_any_time(project):
    project.write(one=LEAKING)
    first = project.again()
    project.cache.unlink()
    assert project.again() == first
    assert project.looked_at == ["one"]
    assert project.again() == first
    assert project.looked_at == []


def test_the_program_itself_is_part_of_the_key(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text("x = 1\n")
    monkeypatch.setattr(place, "PACKAGE", tmp_path)
    before = place.program()
    assert place.program() == before
    (tmp_path / "a.py").write_text("x = 22\n")
    assert place.program() != before


def test_where_it_lies(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert place.folder() == tmp_path / "leaklint"
    assert place.folder("/elsewhere") == Path("/elsewhere")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert place.folder() == Path.home() / ".cache" / "leaklint"
    assert place.file_for(Path("/a/x")) != place.file_for(Path("/b/x"))


PROBE = """
import ast, sys
from leaklint.cli import run
if "warm" in sys.argv:
    def refuse(*_, **__):
        raise AssertionError("something was parsed")
    ast.parse = refuse
run(["check", "--cache-dir", "kept", "--output-format", "concise", "src"])
print("libcst" in sys.modules)
"""


def test_an_unchanged_project_is_neither_parsed_nor_is_a_parser_imported(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "one.py").write_text(LEAKING)

    def told(*words: str) -> list[str]:
        command = [sys.executable, "-c", PROBE, *words]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT)}
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    *first, imported = told()
    assert imported == "True"
    *second, imported = told("warm")
    assert imported == "False"
    assert "one.py:5" in first[0]
    assert first == second


def test_no_cache_keeps_nothing(tmp_path):
    (tmp_path / "one.py").write_text(LEAKING)
    command = [sys.executable, "-m", "leaklint", "--no-cache", "--cache-dir", "kept", "one.py"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, env={"PYTHONPATH": str(ROOT)})
    assert not (tmp_path / "kept").exists()


def test_any_number_of_jobs_finds_the_same(project, monkeypatch):
    monkeypatch.setattr(analysis, "WORTH_SHARING", 1)
    for number in range(60):
        project.write(**{f"user{number}": LEAKING + f"\n\ndef give{number}():\n    return sqlite3.connect('y')\n"})
        project.write(**{f"caller{number}": f"from user{number} import give{number} as g\n\n\ndef h():\n    g()\n"})
    alone = project.found(cache=False, jobs=1)
    assert len(alone) >= 120
    assert project.found(cache=False, jobs=2) == alone
    assert project.found(jobs=2) == alone
    assert project.found(jobs=1) == alone
