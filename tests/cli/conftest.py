"""The command line, run in a small project, with an engine that finds a leak wherever a line says LEAK."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

import leaklint.check
from leaklint import cli
from leaklint.finding import Finding

NAMES = {"LKN101": "never-released", "LKN102": "leak-on-exception", "LKN301": "field-never-released"}
NAMES |= {"LKN901": "unused-suppression", "LKN902": "unreadable"}


class Ended(NamedTuple):
    code: int
    out: str
    err: str


def engine(files, *, jobs, progress, fixes=False, **others):  # noqa: ARG001 - the signature of the engine
    """A leak a line that says LEAK, of low confidence if it says LOW; FAIL breaks it."""
    assert jobs >= 1
    findings = []
    addressed = set()
    for number, file in enumerate(files, start=1):
        source = file.path.read_bytes() if file.source is None else file.source
        if b"noqa" in source.lower():
            addressed.add(str(file.path))
        for line, text in enumerate(source.decode("latin-1").split("\n"), start=1):
            if "FAIL" in text:
                raise ValueError("it broke\nbadly")
            if "LEAK" in text:
                findings.append(leak(file.display, line, text.index("LEAK") + 1, "LOW" in text))
        if progress:
            progress(number, len(files))
    sums = {"files": len(files), "acquisitions": 3, "paths": 7, "notes": ("no driver",)}
    return SimpleNamespace(findings=tuple(findings), addressed=addressed, **sums)


def leak(filename: str, line: int, column: int, low: bool) -> Finding:
    return Finding(
        code="LKN102",
        name="leak-on-exception",
        message="connection `c` is not released when `f()` raises",
        severity="error",
        confidence="low" if low else "high",
        filename=filename,
        line=line,
        column=column,
        end_line=line,
        end_column=column + 4,
        function="f",
        driver="d",
        resource="connection",
    )


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    known = tuple(
        SimpleNamespace(code=code, name=name, default=code != "LKN301", __doc__=f"About {name}.\n\n    More.")
        for code, name in NAMES.items()
    )
    monkeypatch.setattr("leaklint.rules.RULES", known, raising=False)
    monkeypatch.setattr(leaklint.check, "check", engine, raising=False)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "LEAKLINT_OUTPUT_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").write_text("import d\nc = LEAK\n")
    (tmp_path / "src/b.py").write_text("x = LEAK LOW\n")
    (tmp_path / "src/ok.py").write_text("x = 1\n")
    return tmp_path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    def call(*arguments: str) -> Ended:
        code = cli.run(arguments)
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return call


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Something to call with what standard input is to hold."""
    return lambda text: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
