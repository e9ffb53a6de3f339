"""What is seen at a glance: that nothing in some files, nor in what they import, can acquire."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from leaklint.config_load import Configurations
from leaklint.discover import discover
from leaklint.glance import idle
from leaklint.intake import read
from leaklint.reading import Sources

ROOT = Path(__file__).parent.parent
WRAPPER = "import sqlite3\n\n\ndef borrow(path):\n    return sqlite3.connect(path)\n"

Seen = Callable[..., bool]


@pytest.fixture
def seen_idle(tmp_path: Path) -> Seen:
    """Whether the first of some files is idle; the others lie beside it."""

    def look(first: str, **others: str) -> bool:
        for name, text in {"first": first, **others}.items():
            path = tmp_path / f"{name}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        files = discover([str(tmp_path / "first.py")], Configurations()).files
        return idle(files, read(files, Sources(files)))

    return look


@pytest.mark.parametrize(
    "text", ["", "import os\nprint(os.sep)\n", "import other\n", "from . import other\n", "import no.such.thing\n"]
)
def test_text_without_a_telling_name_is_idle(seen_idle: Seen, text: str):
    assert seen_idle(text, other="x = 1\n")


@pytest.mark.parametrize(
    "text",
    [
        "import sqlite3\nsqlite3.connect(p)\n",
        "import wrapper\nc = wrapper.borrow(p)\n",
        "from wrapper import borrow\n",
        "import middle\n",
        "def f():\n    from middle import borrow\n",
        "def take():  # leaklint: returns-owned\n    pass\n",
        "this is no Python\n",
    ],
)
def test_a_telling_name_anywhere_in_reach_is_seen(seen_idle: Seen, text: str):
    assert not seen_idle(text, wrapper=WRAPPER, middle="from wrapper import *\n")


def test_packages_on_the_way_are_looked_into(seen_idle: Seen):
    assert not seen_idle("import package.inner\n", **{"package/__init__": WRAPPER, "package/inner": ""})


def test_names_from_the_settings_are_looked_for(seen_idle: Seen, tmp_path: Path):
    (tmp_path / "leaklint.toml").write_text('[functions."native.take"]\nreturns = "owned"\n')
    assert not seen_idle("import native\nnative.take()\n")


def test_an_idle_run_imports_no_libcst(tmp_path: Path):
    (tmp_path / "plain.py").write_text("import os\n")
    command = [sys.executable, "-X", "importtime", "-m", "leaklint", "check", str(tmp_path / "plain.py")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "no acquisition was recognised" in ran.stdout
    assert "leaklint.glance" in ran.stderr
    assert "libcst" not in ran.stderr


def test_a_library_without_a_driver_is_named(tmp_path: Path):
    (tmp_path / "app.py").write_text("def f():\n    from pg8000.native import Connection\n\nimport neo4j\n")
    (tmp_path / "leaklint.toml").write_text('[drivers.neo4j]\nlibraries = ["neo4j"]\n')
    command = [sys.executable, "-m", "leaklint", "check", str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    (warning,) = ran.stderr.splitlines()
    assert warning.startswith("warning: pg8000 is imported, and no driver speaks of it: tell what acquires in ")
