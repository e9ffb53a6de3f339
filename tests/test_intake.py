"""What is said of files that Python's own parser refuses."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from leaklint.check import check
from leaklint.config_load import Configurations
from leaklint.discover import discover

ONLY_LIBCST = "lazy import json\n"  # Python 3.15


@pytest.mark.skipif(sys.version_info >= (3, 15), reason="this Python reads all that libcst does")
def test_what_only_libcst_reads_is_told_where_it_may_acquire(tmp_path: Path):
    (tmp_path / "plain.py").write_text(ONLY_LIBCST)
    (tmp_path / "broken.py").write_text("x = (\n")
    (tmp_path / "leaky.py").write_text(f"{ONLY_LIBCST}import sqlite3\nsqlite3.connect(x)\n")
    found = check(discover([str(tmp_path)], Configurations()).files).findings
    assert [(Path(one.filename).name, one.line, one.message) for one in found] == [
        ("broken.py", 1, "cannot be parsed: '(' was never closed"),
        ("leaky.py", 1, "was not checked: this Python cannot parse it"),
    ]
