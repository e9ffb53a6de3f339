"""The frame that people see, letter by letter."""

from __future__ import annotations

import re
import time
import unicodedata

import msgspec
import pytest

from leaklint.finding import Fix, Step
from leaklint.reports.visible import clean, laid_out


def test_a_path_is_read_downwards_in_the_source(rendered, on_exception):
    assert (
        rendered("text", on_exception, brief=True)
        == """\
error[LKN102] leak-on-exception: connection `conn` is not released when `cur.execute()` raises
  --> app/db.py:5:12 in load
   |
 5 |     conn = psycopg2.connect(dsn)
   |            ^^^^^^^^^^^^^^^^^^^^^ acquired here
 6 |     cur = conn.cursor()
 7 |     cur.execute(sql)
   |     ---------------- if this raises, ...
...
12 |     conn.close()
   |     ------------ ... this is skipped
   |
   = exits: and 3 more: exception at lines 6 and 8; return at line 13
   = help: use `contextlib.closing` [safe fix: --fix]
"""
    )


def test_several_steps_on_one_line_are_numbered_and_stacked(rendered, crowded):
    assert (
        rendered("text", crowded, brief=True)
        == """\
warning[LKN103] leak-on-return: connection `c` is left open
  --> app/db.py:17:24 in tabs
   |
17 |     nom = "größe 日本"; c = connect("日本"); c.run("\\x1b[31m"); more()
   |                             ^^^^^^^^^^^^^^^  -----------------  ------ 3. and here
   |                             |                |
   |                             |                2. used here
   |                             1. acquired here
18 |     return c
   |     -------- 4. left by this `return`
   |
   = note: no automatic fix: the name is used after the block
   = note: medium confidence
"""
    )


def test_a_path_that_goes_back_up_is_numbered(rendered, looped):
    assert (
        rendered("text", looped, brief=True)
        == """\
warning[LKN104] lost-by-rebinding: connection `conn` is lost when the loop comes round
  --> app/db.py:23:16 in rebind
   |
22 |     for url in urls:
   |     --------------- 3. the loop comes round
23 |         conn = psycopg2.connect(
   |         ----   ^^^^^^^^^^^^^^^^^ 1. acquired here
   |         |
   |         4. rebound: nothing holds the first connection
24 |             url,
25 |         )
26 |         conn.cursor()
   |         ------------- 2. used
"""
    )


def test_a_long_line_is_cut_around_what_is_marked(rendered, make_finding):
    line = "x = [" + "'" + "a" * 5000 + "', sqlite3.connect(p).execute('select 1'), '" + "b" * 5000 + "']"
    start = line.index("sqlite3")
    found = make_finding(1, "import", line=1, column=start + 1, end_line=1, end_column=start + 19)
    rows = rendered("text", found, lines=[line], brief=True).split("\n")
    source, marks = rows[3], rows[4]
    assert len(source) <= 100
    assert source.startswith("1 | ...aaaa")
    assert source.endswith("...")
    assert source[marks.index("^") : marks.rindex("^") + 1] == "sqlite3.connect(p)"


def test_labels_far_apart_on_a_long_line_each_get_their_part(rendered, make_finding):
    line = "c = connect(a); " + "x" * 500 + "; use(c)"
    at = line.index("use") + 1
    trace = (Step(1, at, 1, at + 6, "may raise"),)
    found = make_finding(1, "import", line=1, column=5, end_line=1, end_column=15, trace=trace)
    shown = rendered("text", found, lines=[line], brief=True)
    assert "c = connect(a)" in shown
    assert re.search(r"use\(c\)\n.*------ 2. may raise", shown)


def test_a_line_of_five_megabytes_costs_nothing(rendered, make_finding):
    found = make_finding(1, "import", line=1, column=2_500_000, end_line=1, end_column=2_500_010)
    start = time.perf_counter()
    shown = rendered("text", found, lines=["a" * 5_000_000], brief=True)
    assert len(shown) < 1000
    assert time.perf_counter() - start < 1


def test_a_place_that_is_gone_does_not_break_the_report(rendered, on_exception):
    assert "acquired here" in rendered("text", on_exception, lines=["x"], brief=True)


def test_a_cell_and_the_module_level_are_named_as_such(rendered, make_finding):
    found = make_finding(5, "psycopg2.connect(dsn)", cell=3, function="<module>", filename="a.ipynb")
    assert "--> a.ipynb:cell 3:5:12\n" in rendered("text", found)


def test_nothing_in_a_report_is_obeyed_by_a_terminal(rendered, make_finding):
    evil = "\x1b[2J\x07\u202e\x9b\u2028\udcff"
    found = make_finding(5, "psycopg2.connect(dsn)", message=evil, filename=f"a{evil}\n.py", function=evil)
    for format_ in ("text", "concise", "junit"):
        shown = rendered(format_, found, lines=["", "", "", "", evil + "conn = 1"])
        assert all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl") for char in shown)
        assert "\\x1b" in shown


def test_the_marks_stand_under_wide_letters_tabs_and_combining_marks():
    text, columns = laid_out("\té日e\u0301x")
    assert text == "    é日e\u0301x"
    assert columns == [0, 4, 5, 7, 8, 8, 9]
    assert clean("a\tb\r\n") == "a b\\r\\n"


def test_colours_wrap_the_text_and_change_nothing_in_it(rendered, on_exception, crowded, looped):
    plain = rendered("text", on_exception, crowded, looped)
    coloured = rendered("text", on_exception, crowded, looped, colour=True)
    assert "\x1b[91m\x1b[1merror[LKN102]" in coloured
    assert re.sub(r"\x1b\[[0-9]+m", "", coloured) == plain
    assert "\x1b" not in plain


def test_the_last_lines_say_out_of_how_much_and_what_next(rendered, on_exception, crowded, make_finding):
    shown = rendered("text", on_exception, crowded, suppressed=1, unsure=2)
    assert shown.endswith("""
Found 2 leaks in 1 file. 41 files, 18 acquisitions followed on 63 paths.
Not shown: 1 silenced by comments and 2 of low confidence (--min-confidence low shows them).
1 fixable with --fix.
Explained by: leaklint rule LKN102
""")
    assert rendered("text") == "No leaks found. 41 files, 18 acquisitions followed on 63 paths.\n"
    assert rendered("text", files=1, acquisitions=1, paths=1).endswith("1 file, 1 acquisition followed on 1 path.\n")
    assert rendered("text", files=0).startswith("Nothing was checked")
    nothing = rendered("text", acquisitions=0)
    assert nothing.startswith("No leaks found. 41 files, no acquisition was recognised.\nIf the code connects through")
    others = [make_finding(1, "import", code=code, driver="") for code in ("LKN901", "LKN902")]
    assert "No leaks found, but 1 unused suppression and 1 file that could not be read." in rendered("text", *others)


def test_concise_is_one_line_a_finding(rendered, on_exception, crowded):
    assert (
        rendered("concise", on_exception, crowded, brief=True)
        == """\
app/db.py:5:12: LKN102 connection `conn` is not released when `cur.execute()` raises
app/db.py:17:24: LKN103 connection `c` is left open
"""
    )


def test_a_step_that_begins_at_the_acquisition_is_marked_apart(rendered, make_finding):
    line = 'sqlite3.connect(path).execute("vacuum")'
    found = make_finding(
        *(1, "import"),
        line=1,
        column=1,
        end_line=1,
        end_column=22,
        trace=(Step(1, 1, 1, 22, "acquired here"), Step(1, 1, 1, 40, "left here")),
    )
    assert rendered("text", found, lines=[line], brief=True).split("\n")[3:7] == [
        '1 | sqlite3.connect(path).execute("vacuum")',
        "  | ^^^^^^^^^^^^^^^^^^^^^------------------ 2. left here",
        "  | |",
        "  | 1. acquired here",
    ]


@pytest.mark.parametrize("format_", ["text", "concise", "junit"])
@pytest.mark.parametrize("shape", ["on_exception", "crowded", "looped"])
def test_nothing_that_a_finding_says_speaks_to_a_terminal(rendered, request, format_, shape):
    evil = "\x1b[31m\x9b\u202e"
    found = request.getfixturevalue(shape)
    said = msgspec.structs.replace(
        found,
        message=evil,
        function=evil,
        filename=evil,
        fix=Fix("safe", evil, ()),
        fix_refused=evil,
        trace=tuple(msgspec.structs.replace(step, message=evil) for step in found.trace),
        exits=tuple(msgspec.structs.replace(exit_, reason=evil) for exit_ in found.exits),
    )
    told = rendered(format_, said)
    assert r"\x1b[31m\x9b\u202e" in told
    assert not [char for char in told if unicodedata.category(char) in {"Cc", "Cf"} and char != "\n"]
