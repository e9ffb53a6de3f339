"""Bytes, lines and cells, and files that are written whole or not at all."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from leaklint.config import Settings
from leaklint.discover import File
from leaklint.finding import Finding
from leaklint.reading import Sources, decode, encoding_of, split_lines, write_whole
from leaklint.review import review


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfx", "x"),
        ("# coding: latin-1\nä".encode("latin-1"), "# coding: latin-1\nä"),
        (b"\xe4", "ä"),
        (b"# coding: utf-8\n\xe4", "# coding: utf-8\nä"),
        (b"# coding: klingon\nx", "# coding: klingon\nx"),
        (b"", ""),
    ],
)
def test_every_text_can_be_shown(data, text):
    assert decode(data) == text


def test_the_mark_of_utf8_survives_a_round_trip():
    assert decode(b"\xef\xbb\xbfx").encode(encoding_of(b"\xef\xbb\xbfx")) == b"\xef\xbb\xbfx"


def test_lines_end_where_python_ends_them():
    assert split_lines("a\nb\r\nc\rd\x0ce\u2028f\x85g") == ["a", "b", "c", "d\x0ce\u2028f\x85g"]


def notebook(tmp_path: Path) -> File:
    cells = [{"source": "# text"}, {"source": ["a = 1\n", "b = 2  # noqa: LKN102"]}]
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    return File(path, "n.ipynb", Settings())


def test_the_cells_of_a_notebook_are_texts_of_their_own(tmp_path):
    sources = Sources([notebook(tmp_path)])
    assert sources.lines("n.ipynb", 2) == ["a = 1", "b = 2  # noqa: LKN102"]
    assert sources.lines("n.ipynb", 1) == ["# text"]
    assert sources.lines("n.ipynb", 9) == [""]


def test_a_comment_in_a_cell_speaks_for_that_cell(tmp_path):
    file = notebook(tmp_path)
    place = {"filename": "n.ipynb", "line": 2, "column": 1, "end_line": 2, "end_column": 2}
    words = {"code": "LKN102", "name": "x", "message": "x", "function": "", "driver": "d", "resource": "connection"}
    found = [Finding(**words, **place, severity="error", confidence="high", cell=cell) for cell in (1, 2)]
    result = review(found, [file], Sources([file]), ())
    assert ([one.cell for one in result.findings], result.suppressed) == ([1], 1)


def test_what_cannot_be_read_is_empty(tmp_path):
    gone = File(tmp_path / "gone.py", "gone.py", Settings())
    assert Sources([gone]).data("gone.py") == b""
    assert Sources([]).lines("unknown.py") == [""]


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, b"new")
    assert [one.read_text() for one in tmp_path.iterdir()] == ["old"]


def test_a_new_file_has_the_mode_of_any_new_file(tmp_path):
    write_whole(tmp_path / "a", b"x")
    (tmp_path / "b").write_text("x")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_a_pipe_is_written_to_and_stays(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, b"x")
    reader.join()
    assert received == [b"x"]
    assert pipe.is_fifo()
