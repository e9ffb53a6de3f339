"""Long rows are broken up without anything moving, or meaning something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from leaklint.check import check
from leaklint.config import Settings
from leaklint.discover import File
from leaklint.ownership.easier import depth, easier, grouped
from tests.fuzz.test_hostile import HEAD

STRINGS = """\
    def f(x):
        y = ('a' "b"  # c
            f'{x}' r'''d''' '''e
''' 'f')
        return b'1' B'2', '3'
"""
ONE_EACH = """\
    def f(x):
        y = ('a'      # c
            f'{x}'          '''e
'''    )
        return b'1'     , '3'
"""


@pytest.mark.parametrize("word", ["or", "and"])
@pytest.mark.parametrize("blank", [" ", "\n    ", "\t"])
@pytest.mark.parametrize("odd", [0, 250, 499])
def test_a_chain_means_the_same(word: str, blank: str, odd: int) -> None:
    operands = [str(int(word == "and"))] * 500
    operands[odd : odd + 1] = ["7 * 0", "(é)", "[8]"]
    text = "x = (" + f"{blank}{word} ".join(operands) + ")\n"
    easy = grouped(text)
    assert easy != text
    assert [len(line) for line in easy.splitlines()] == [len(line) for line in text.splitlines()]
    assert evaluated(easy) == evaluated(text)
    assert depth(easy) < 70 < depth(text)


def evaluated(text: str) -> object:
    names: dict[str, object] = {"é": 3}
    exec(text, names)
    return names["x"]


def test_a_string_is_left_of_many() -> None:
    assert easier(STRINGS) == ONE_EACH


def test_a_remark_between_operands_is_left_alone() -> None:
    text = "x = (0\n" + "".join(f"     # this or that\n     or {number}\n" for number in range(100)) + ")\n"
    assert grouped(text) == text
    assert depth(text) > 100


@pytest.mark.parametrize("row", [" or ".join(["conn"] * 5_000), " ".join(["'a'"] * 5_000)], ids=["or", "strings"])
@pytest.mark.parametrize("function", [True, False])
def test_what_python_has_in_a_row_is_followed(row: str, function: bool) -> None:
    lines = ["conn = psycopg2.connect('x')", f"x = {row}", "work()", "conn.close()"]
    source = HEAD + "".join(f"    {line}\n" if function else f"{line}\n" for line in lines).encode()
    if function:
        source = source.replace(b"psycopg2\n", b"psycopg2\ndef main():\n", 1)
    outcome = check([File(path=Path("row.py"), display="row.py", settings=Settings(), source=source)])
    assert [(one.line, one.column, one.code) for one in outcome.findings] == [
        (3, 12, "LKN102") if function else (2, 8, "LKN102")
    ]
    assert not outcome.notes
