"""What changed in files since a revision, and which findings that touches; git is asked for the text of that time.

A finding is touched when a step of its witness, or another way out, stands on a changed line: so a new `return`
between an old acquisition and an old release is caught. Nothing stands on a line that was taken away, such as a
release: one touches the findings of its function whose connection it named. What a change does to code that it does
not touch, as when a helper of another file no longer releases, shows in what is found in the files as they were.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
from collections.abc import Container, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from leaklint.discover import SUFFIXES, File, display_name
from leaklint.finding import Finding
from leaklint.fingerprint import Lines
from leaklint.reading import decode, split_lines

BOUND = re.compile(r"(\w+)\s*(?::[^=]+)?:?=(?!=)|\bas\s+(\w+)")
UNREADABLE = "LKN902"


class GitError(Exception):
    """git cannot tell; its own words."""


class Hunk(NamedTuple):
    """Lines that are new, and the text of those that they replace."""

    new: range
    removed: str = ""

    def holds(self, lines: range) -> bool:
        """Whether one of its new lines is among these."""
        return lines.start < self.new.stop and self.new.start < lines.stop

    def stands_in(self, lines: range) -> bool:
        """Whether it lies among these lines, or right after them."""
        return lines.start <= self.new.start <= lines.stop


def git(*arguments: str) -> bytes:
    """What git prints; raises `GitError`."""
    try:
        ran = subprocess.run(["git", *arguments], capture_output=True, check=False)
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror or error}") from error
    if ran.returncode:
        said = os.fsdecode(ran.stderr).strip().splitlines()
        raise GitError(said[0] if said else f"git {arguments[0]} failed")
    return ran.stdout


class Changes:
    """What lies between a revision, or where HEAD branched off from it, and the text as it is now."""

    def __init__(self, revision: str, lines: Lines) -> None:
        """Raises `GitError`."""
        self._lines = lines
        self._root = Path(os.path.realpath(os.fsdecode(git("rev-parse", "--show-toplevel")).rstrip("\n")))
        commit = self._text("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        try:
            self._base = self._text("merge-base", commit, "HEAD")
        except GitError:  # histories that have nothing in common, or are cut short
            self._base = commit
        self._old_names = dict(self._renamed())
        self._hunks: dict[str, list[Hunk]] = {}

    def _text(self, *arguments: str) -> str:
        return os.fsdecode(git("-C", str(self._root), *arguments)).strip()

    def _renamed(self) -> Iterator[tuple[str, str]]:
        """The new and the old names of renamed files."""
        fields = iter(self._listed("diff", "--find-renames", "--diff-filter=R", "--name-status", self._base, "--"))
        yield from ((new, old) for _, old, new in zip(fields, fields, fields, strict=False))

    def _listed(self, command: str, *arguments: str) -> list[str]:
        return self._text(command, "-z", *arguments).split("\0")

    def _before(self, filename: str) -> list[str] | None:
        """The lines of a file at that time, or None if there was no such file."""
        name = self._name(Path(filename))
        try:
            return None if name is None else split_lines(decode(self._blob(self._old_names.get(name, name))))
        except GitError:
            return None

    def _name(self, path: Path) -> str | None:
        """How git names a file now, or None if it lies elsewhere."""
        real = Path(os.path.realpath(path))
        return real.relative_to(self._root).as_posix() if real.is_relative_to(self._root) else None

    def _blob(self, name: str) -> bytes:
        return git("-C", str(self._root), "cat-file", "blob", f"{self._base}:{name}")

    def then(self, files: Sequence[File]) -> dict[str, File] | None:
        """Each file as it was at that time, by its name of now; None if nothing is different.

        New files have no past; those that changed and are not among these, or are gone, come by their old name.
        """
        known = set(self._listed("ls-tree", "-r", "--name-only", self._base))
        changed = set(self._listed("diff", "--find-renames", "--name-only", self._base, "--"))
        names = {file.display: self._name(file.path) for file in files}
        past = {file.display: self._past(file, names[file.display], known, changed) for file in files}
        others = sorted((changed & known) - set(names.values()) - set(self._old_names.values()))
        past |= {name: self._moved(files[0], name) for name in others if name.endswith(SUFFIXES)}
        if all(past.get(file.display) is file for file in files) and len(past) == len(files):
            return None
        return {name: file for name, file in past.items() if file is not None}

    def _past(self, file: File, name: str | None, known: Container[str], changed: Container[str]) -> File | None:
        if name is None:
            return file
        old = self._old_names.get(name, name)
        if old not in known:
            return None
        if old != name:
            return self._moved(file, old)
        return replace(file, source=self._blob(name)) if name in changed or file.source is not None else file

    def _moved(self, file: File, name: str) -> File:
        """The file that had that name, with the settings of one that is here now."""
        path = self._root / name
        return replace(file, path=path, display=display_name(str(path)), source=self._blob(name))

    def hunks(self, filename: str) -> list[Hunk]:
        """What changed in a file; cells of a notebook count as changed when anything in it is."""
        if filename not in self._hunks:
            self._hunks[filename] = list(self._find(filename))
        return self._hunks[filename]

    def _find(self, filename: str) -> Iterator[Hunk]:
        before, now = self._before(filename), self._lines(filename, None)
        if before is None or (filename.endswith(".ipynb") and before != now):
            yield Hunk(range(1, len(now) + 1))
            return
        for tag, i, j, k, m in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
            if tag != "equal":
                yield Hunk(range(k + 1, m + 1), "\n".join(before[i:j]))

    def touch(self, finding: Finding) -> bool:
        """Whether a finding may have come with the changes."""
        hunks = self.hunks(finding.filename)
        steps = [range(finding.line, finding.end_line + 1)]
        steps += [range(step.line, step.end_line + 1) for step in finding.trace]
        steps += [range(leak.line, leak.line + 1) for leak in finding.exits]
        if finding.code == UNREADABLE or any(hunk.holds(step) for hunk in hunks for step in steps):
            return True
        removals = [hunk for hunk in hunks if hunk.removed]
        text = self._lines(finding.filename, finding.cell)
        names = bound_names(text, finding.line) if removals else set()
        around = function_around(text, finding.line) if names else range(0)
        return any(
            hunk.stands_in(around) and not names.isdisjoint(re.findall(r"\w+", hunk.removed)) for hunk in removals
        )


def bound_names(lines: Sequence[str], line: int) -> set[str]:
    """The names that the first line of an acquisition binds."""
    return {name for row in lines[line - 1 : line] for pair in BOUND.findall(row) for name in pair if name}


def function_around(lines: Sequence[str], line: int) -> range:
    """The lines of the innermost function that holds a line; all of them where there is none."""
    try:
        nodes = list(ast.walk(ast.parse("\n".join(lines))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        nodes = []
    functions = (node for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    found = [range(node.lineno, (node.end_lineno or node.lineno) + 1) for node in functions]
    return min((one for one in found if line in one), key=len, default=range(1, len(lines) + 1))
