"""Files → texts: what can be read, notebooks as one source, and findings for what cannot be read or parsed."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from leaklint.discover import File
from leaklint.finding import Finding
from leaklint.reading import Sources
from leaklint.shelf import Kept, Later, Shelved


class Notebook(NamedTuple):
    """The code cells of a notebook one below the other: the line each starts at, and which cell it is, from 1."""

    text: bytes
    starts: tuple[int, ...]
    cells: tuple[int, ...]

    def restored(self, finding: Finding) -> Finding:
        """The finding with lines counted within its cell, and without the fix, whose lines are those of the text."""
        index = max(bisect_right(self.starts, finding.line) - 1, 0)
        shift = self.starts[index] - 1
        return msgspec.structs.replace(
            finding,
            cell=self.cells[index],
            fix=None,
            fix_refused="notebooks are not rewritten" if finding.fix else finding.fix_refused,
            line=finding.line - shift,
            end_line=finding.end_line - shift,
            exits=tuple(msgspec.structs.replace(e, line=max(e.line - shift, 1)) for e in finding.exits),
            trace=tuple(
                msgspec.structs.replace(s, line=max(s.line - shift, 1), end_line=max(s.end_line - shift, 1))
                for s in finding.trace
            ),
        )


class Texts(NamedTuple):
    """What was read: sources by path, notebooks among them, and findings for what could not be."""

    sources: Shelved
    notebooks: dict[Path, Notebook]
    findings: list[Finding]


def read(files: Iterable[File], sources: Sources, sizes: Mapping[str, int] = MappingProxyType({})) -> Texts:
    """The bytes of every file that can be read; one that cannot is a finding.

    `sizes`: those of files that need not be read as long as nobody asks for what is in them.
    """
    texts = Texts(Shelved(), {}, [])
    for file in files:
        path = str(file.path)
        size = sizes.get(path)
        if size is not None and not path.endswith(".ipynb"):
            texts.sources.put(file.path, Later(size, file.path))
            continue
        try:
            kept = sources.kept(file)
        except OSError as error:
            texts.findings.append(unreadable(file.display, 1, 1, f"cannot be read: {error.strerror}"))
            continue
        if file.path.suffix == ".ipynb":
            notebook = notebook_of(kept.read())
            if notebook is None:
                texts.findings.append(unreadable(file.display, 1, 1, "is no notebook that can be read"))
                continue
            texts.notebooks[file.path] = notebook
            kept = Kept(len(notebook.text), notebook.text)
        texts.sources.put(file.path, kept)
    return texts


def notebook_of(data: bytes) -> Notebook | None:
    """A notebook's code; lines for IPython alone (`%`, `!`, `?`) are left blank."""
    import json

    try:
        cells = json.loads(data)["cells"]
        code = [(i, "".join(c["source"])) for i, c in enumerate(cells, start=1) if c["cell_type"] == "code"]
    except (ValueError, LookupError, TypeError):
        return None
    lines: list[str] = []
    starts: list[int] = []
    for _, source in code:
        starts.append(len(lines) + 1)
        magic = source.lstrip().startswith("%%")
        lines += ["" if magic or is_magic(line) else line for line in source.split("\n")]
    return Notebook("\n".join(lines).encode(), tuple(starts) or (1,), tuple(i for i, _ in code) or (1,))


def is_magic(line: str) -> bool:
    return line.lstrip().startswith(("%", "!", "?")) or line.rstrip().endswith("?")


def problem(file: File, text: bytes) -> list[Finding]:
    """Why a file cannot be parsed; nothing where it can, be it by libcst alone."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        from leaklint.ownership.newer import in_older_syntax  # libcst is imported only where it is needed

        if in_older_syntax(text) is not None:
            return []
        return [unreadable(file.display, error.lineno or 1, error.offset or 1, f"cannot be parsed: {error.msg}")]
    except (ValueError, RecursionError, MemoryError) as error:
        return [unreadable(file.display, 1, 1, f"cannot be parsed: {error or type(error).__name__}")]
    return []


def unreadable(display: str, line: int, column: int, message: str) -> Finding:
    """LKN902 for a place in a file."""
    return Finding(
        code="LKN902",
        name="unreadable",
        message=message,
        severity="error",
        confidence="high",
        filename=display,
        line=max(line, 1),
        column=max(column, 1),
        end_line=max(line, 1),
        end_column=max(column, 1) + 1,
        function="<module>",
        driver="",
        resource="",
    )
