"""A baseline: the findings that a project has decided to live with, in a file that only people make longer.

A finding is recognised by its rule, its function and the text of its acquisition, white space aside: neither lines nor
times stand in the file. An entry speaks for its own file, or for any other once that file is gone, which is how a
renamed file stays known, and a copy does not.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from leaklint.finding import Finding
from leaklint.fingerprint import Lines, key
from leaklint.reading import write_whole

DEFAULT = ".leaklint-baseline.json"
VERSION = 1
NEVER_KNOWN = ("LKN901", "LKN902")


class Entry(msgspec.Struct, frozen=True, order=True):
    """One finding; `file` is relative to the folder of the baseline."""

    file: str
    code: str
    function: str
    acquisition: str

    def __str__(self) -> str:
        return f"{self.file}: {self.code} in {self.function}: {self.acquisition}"


class Document(msgspec.Struct, frozen=True):
    """The file as a whole."""

    version: int
    findings: tuple[Entry, ...]


class Comparison(NamedTuple):
    """Findings that are new, how many were known, and the entries that no finding stands for any more."""

    new: tuple[Finding, ...]
    known: int
    fixed: tuple[Entry, ...]


class BaselineError(Exception):
    """The file is missing or is no baseline."""


def read(path: Path) -> tuple[Entry, ...]:
    """The entries of a baseline; raises `BaselineError`."""
    try:
        document = msgspec.json.decode(path.read_bytes(), type=Document)
    except FileNotFoundError:
        raise BaselineError(f"there is no baseline {path}: make one by `leaklint baseline create`") from None
    except OSError as error:
        raise BaselineError(f"{path} cannot be read: {error.strerror or error}") from error
    except msgspec.DecodeError as error:
        raise BaselineError(f"{path} is no baseline: {error}") from error
    if document.version != VERSION:
        raise BaselineError(f"{path} has version {document.version}, and this leaklint knows version {VERSION}")
    return document.findings


def write(path: Path, entries: Iterable[Entry]) -> None:
    """A line an entry, sorted, so that a change of one is a change of one line; raises `OSError`."""
    rows = ",\n".join(f"    {msgspec.json.encode(entry).decode()}" for entry in sorted(entries))
    findings = f"[\n{rows}\n  ]" if rows else "[]"
    write_whole(path, f'{{\n  "version": {VERSION},\n  "findings": {findings}\n}}\n'.encode())


def entries_for(findings: Iterable[Finding], lines: Lines, folder: Path) -> list[Entry]:
    """What a baseline in this folder says of the findings."""
    return [Entry(relative(one.filename, folder), *key(one, lines)) for one in findings if one.code not in NEVER_KNOWN]


def relative(filename: str, folder: Path) -> str:
    return os.path.relpath(filename, folder).replace(os.sep, "/")


def lies_below(entry: Entry, folder: Path, paths: Iterable[str]) -> bool:
    """Whether one of these paths is the entry's file or a folder above it."""
    file = Path(os.path.abspath(folder / entry.file))  # noqa: PTH100 - the file may be gone, its links with it
    return any(file.is_relative_to(os.path.abspath(path)) for path in paths)  # noqa: PTH100


def compare(
    findings: Iterable[Finding], lines: Lines, entries: Iterable[Entry], folder: Path, judged: Callable[[Entry], bool]
) -> Comparison:
    """Hold findings against entries; an entry that is not `judged` may go without a finding."""
    left = Counter(entries)
    gone = {entry for entry in left if not (folder / entry.file).exists()}
    new: list[Finding] = []
    known = 0
    for finding in findings:
        entry = next((one for one in candidates(finding, lines, folder, gone) if left[one]), None)
        if entry is None:
            new.append(finding)
        else:
            left[entry] -= 1
            known += 1
    return Comparison(tuple(new), known, tuple(sorted(entry for entry in left.elements() if judged(entry))))


def candidates(finding: Finding, lines: Lines, folder: Path, gone: Collection[Entry]) -> Iterator[Entry]:
    """The entries that may speak for a finding: its own, then those of files that are no more."""
    for own in entries_for([finding], lines, folder):
        yield own
        yield from (one for one in sorted(gone) if msgspec.structs.replace(one, file=own.file) == own)
