"""`# noqa`: the same comments as flake8 heeds, asked of flake8 itself, and the comments that leaklint writes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from leaklint import suppression
from leaklint.finding import Finding
from leaklint.suppression import added, misspelt, read

COMMENTS = {
    "# noqa": True,
    "# NOQA: F821": True,
    "# noqa:F821": True,
    "# noqa: F821,E501": True,
    "# noqa: E501 F821": True,
    "# noqa: F821 - because reason": True,
    "# type: ignore  # noqa: F821": True,
    "# noqa: F821(reason)": True,
    "# noqa: F8": True,
    "#noqa": False,
    "# noqa F821": True,
    "# noqa : F821": True,
    "# noqa: undefined-name": True,
    "# noqa: F": True,
    "# noqa: f821": False,
    "# noqa: E501": False,
    "# noqa: E501 - F821 text": False,
    "# noqa: E501  # noqa: F821": False,
    "# nothing": False,
}


def found(line: int, code: str = "LKN102", column: int = 1) -> Finding:
    return Finding(
        code=code,
        name="x",
        message="x",
        severity="error",
        confidence="high",
        filename="x.py",
        line=line,
        column=column,
        end_line=line,
        end_column=column + 1,
        function="f",
        driver="d",
        resource="connection",
    )


def silent_lines(source: str, code: str = "F821") -> list[int]:
    comments = read(source.encode())
    return [line for line in range(1, source.count("\n") + 2) if comments.comment(line, code)]


@pytest.mark.parametrize(("comment", "silences"), COMMENTS.items())
def test_one_line(comment, silences):
    assert bool(silent_lines(f"x = missing  {comment}\n")) == silences


SPREAD = '''\
a = missing(
    other)  # noqa: F821
b = missing, """
text
"""  # noqa: F821
c = missing, \\
    other  # noqa: F821
d = missing, """  # noqa: F821
"""
e = missing
'''


@pytest.mark.parametrize("comment", [*COMMENTS, "# flake8: noqa", "# flake8: noqa: F821", "# noqa:\nF821 = 1"])
@pytest.mark.parametrize("code", ["F821", "LKN102", "lkn102"])
def test_a_file_without_comments_for_codes_of_ours_need_not_be_read(comment, code):
    source = f"x = 1  {comment}\n".replace("F821", code).encode()
    ours, every = suppression.read_ours(source), read(source)
    assert ours.comment(1, "LKN102") == every.comment(1, "LKN102")


def test_comments_for_other_linters_alone_are_not_read(monkeypatch):
    monkeypatch.delattr(suppression, "tokens_of")
    assert suppression.read_ours(b"import os  # noqa: F401\nx = 1  # NOQA:E501, W291\n").comments == []


def test_brackets_do_not_carry_a_comment_up_but_strings_and_backslashes_do():
    assert silent_lines(SPREAD) == [2, 3, 4, 5, 6, 7, 8, 9]


def test_flake8_agrees_on_every_comment(tmp_path):
    pytest.importorskip("flake8")
    lines = [f"x = missing  {comment}" for comment in COMMENTS]
    for number, source in enumerate(("\n".join(lines) + "\n", SPREAD)):
        path = tmp_path / f"case{number}.py"
        path.write_text(source)
        command = [sys.executable, "-m", "flake8", "--isolated", "--select=F821", "--format=%(row)d", str(path)]
        reported = {int(row) for row in subprocess.run(command, capture_output=True, text=True).stdout.split()}
        with_name = {number for number, line in enumerate(source.split("\n"), start=1) if "missing" in line}
        with_name |= {2, 7} if number else set()
        assert with_name - reported == with_name & set(silent_lines(source))


def test_a_whole_file_is_silenced_as_flake8_has_it():
    assert silent_lines("x = 1\n# flake8: noqa\ny = 2") == [1, 2, 3]
    assert silent_lines("x = 1  # flake8: noqa\ny = 2") == []
    assert silent_lines("# flake8: noqa: F821\ny = 2") == [1, 2]
    assert silent_lines("# flake8: noqa: E501\ny = 2") == []


def test_text_that_python_cannot_tokenize_is_read_line_by_line():
    assert silent_lines('x = """  # noqa: F821\ny = (') == [1]
    assert silent_lines("print 'x'  # noqa\n\0") == [1]


def test_unread_files_and_unused_comments_cannot_be_silenced():
    comments = read(b"x  # noqa\n")
    assert suppression.silenced(found(1), comments)
    assert not suppression.silenced(found(1, "LKN901"), comments)
    assert not suppression.silenced(found(1, "LKN902"), comments)


def unused(source: str, *used: Finding) -> list[tuple[int, int, str]]:
    comments = read(source.encode())
    silencing = [(comments.comment(one.line, one.code), one.code) for one in used]
    reported = suppression.unused("x.py", comments, silencing, lambda code: code != "LKN301")
    return [(one.line, one.column, one.message.rpartition(" ")[2]) for one in reported]


def test_only_our_own_codes_are_ever_called_unused():
    source = """\
a = 1  # noqa
b = 1  # noqa: E501, LKN102, LKN103
c = 1  # noqa: LKN301
d = "# noqa: LKN102"
e = 1  # noqa: LKN1
"""
    assert unused(source) == [(2, 22, "LKN102"), (2, 30, "LKN103"), (5, 16, "LKN1")]
    assert unused(source, found(2), found(5)) == [(2, 30, "LKN103")]


def test_a_comment_for_several_lines_is_reported_once():
    assert unused('x = """\n"""  # noqa: LKN102\n') == [(2, 14, "LKN102")]


def test_comments_that_do_something_else_are_told():
    source = """\
a  # noqa: LKN102
b  #noqa: LKN102
c  # noqa : LKN102
d  # noqa: lkn102
e  # noqa: leak-on-exception
f  # noqa LKN102
g  # noqa: E501
h  # noqa: LKN102 - leak-on-exception is fine
"""
    told = dict(misspelt(source.encode(), ["leak-on-exception"]))
    assert list(told) == [2, 3, 4, 5, 6]
    assert told[2].startswith("silences nothing")
    assert told[3].startswith("silences everything")
    assert told[4] == "silences nothing: codes are written in capitals"


def test_new_comments_stand_where_they_are_heeded():
    source = '''\
a = connect()
b = connect()   # kept
c = connect(  # noqa: E501 - long
    x)
d = connect("""
""")
e = connect() or \\
    1
f = connect()  # noqa: LKN103
'''
    findings = [found(1), found(1, "LKN103"), found(1), found(2), found(3), found(5), found(7), found(9)]
    assert (
        added(source.encode(), findings, "pool\n owns it").decode()
        == '''\
a = connect()  # noqa: LKN102, LKN103 - pool owns it
b = connect()   # kept  # noqa: LKN102 - pool owns it
c = connect(  # noqa: E501, LKN102 - long
    x)
d = connect("""
""")  # noqa: LKN102 - pool owns it
e = connect() or \\
    1  # noqa: LKN102 - pool owns it
f = connect()  # noqa: LKN103, LKN102
'''
    )
    comments = read(added(source.encode(), findings))
    assert all(suppression.silenced(one, comments) for one in findings)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a = 1\r\nb = 2\r\n", b"a = 1  # noqa: LKN102\r\nb = 2\r\n"),
        (b"\xef\xbb\xbfa = 1\n", b"\xef\xbb\xbfa = 1  # noqa: LKN102\n"),
        (b"a = 1", b"a = 1  # noqa: LKN102"),
        (b"a = 1\rb = 2\r", b"a = 1  # noqa: LKN102\rb = 2\r"),
        (b"a = '\xe4'  # coding: latin-1\n", b"a = '\xe4'  # coding: latin-1  # noqa: LKN102\n"),
        (b"a = 1\x0c\nb = 2\n", b"a = 1  # noqa: LKN102\nb = 2\n"),
    ],
)
def test_newlines_marks_and_encodings_stay(before, after):
    assert added(before, [found(1)]) == after
