"""Paths to files: what git tracks or would, else what `.gitignore` lets through, without what is excluded."""

# Paths are strings here: tens of thousands pass, and a `Path` costs ten times as much.
# ruff: noqa: PTH100, PTH109, PTH110, PTH112, PTH114, PTH118, PTH120

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import msgspec

from leaklint.config import Settings
from leaklint.config_load import Configurations
from leaklint.gitignore import Entry, files_below
from leaklint.patterns import Patterns, compiled

SUFFIXES = (".py", ".pyi", ".ipynb")
ROOT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", "leaklint.toml")
MOST_BESIDE = 20_000_000
"""Bytes of a project beyond which a few files of it are judged by themselves and what they import."""


class File(msgspec.Struct, frozen=True):
    """A file to check; `display` is its name in reports, `source` its bytes if they came from standard input."""

    path: Path
    display: str
    settings: Settings
    source: bytes | None = None


class Found(msgspec.Struct, frozen=True):
    """The files below some paths, in order, and what a person should know about the search."""

    files: tuple[File, ...]
    warnings: tuple[str, ...] = ()


class MissingPathsError(Exception):
    """Paths that do not exist."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = tuple(paths)
        super().__init__(", ".join(paths))


def display_name(path: str) -> str:
    """Relative to the working directory where that is possible, with `/`, and always encodable."""
    try:
        name = os.path.relpath(path)
    except ValueError:
        name = path
    return encodable(name.replace(os.sep, "/"))


def encodable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()


class Exclusion:
    """Whether the settings in force exclude a file, or a folder between it and where the search began."""

    def __init__(self, configurations: Configurations) -> None:
        self._configurations = configurations
        self._folders: dict[tuple[str, str], bool] = {}
        self._patterns: dict[str, Patterns] = {}

    def entry(self, path: str, *, directory: bool) -> bool:
        folder = os.path.dirname(path)
        patterns = self._patterns.get(folder)
        if patterns is None:
            patterns = self._patterns[folder] = compiled(self._configurations.of_folder(folder).excluded)
        return patterns.match_entry(path, directory=directory)

    def folder(self, path: str, top: str) -> bool:
        if path == top or len(path) < len(top):
            return False
        if (path, top) not in self._folders:
            above = self.folder(os.path.dirname(path), top)
            self._folders[path, top] = above or self.entry(path, directory=True)
        return self._folders[path, top]

    def file(self, path: str, top: str) -> bool:
        return self.folder(os.path.dirname(path), top) or self.entry(path, directory=False)

    def named(self, path: str) -> bool:
        """Whether a path that somebody named is excluded, seen from the project it belongs to."""
        directory = os.path.isdir(path)
        origin = self._configurations.of_folder(path if directory else os.path.dirname(path)).origin
        tops = [top for top in (os.path.dirname(origin), os.getcwd()) if top and path.startswith(top + os.sep)]
        top = min(tops, key=len, default=os.path.dirname(path))
        return path not in tops and (self.folder(path, top) if directory else self.file(path, top))

    def below(self, top: str, warnings: list[str]) -> Iterator[Entry]:
        """The Python files below a folder."""
        for found in files_below(top, SUFFIXES, lambda folder: self.entry(folder, directory=True), warnings):
            if not self.file(found.path, top):
                yield found


def stdin_file(name: str | None, source: bytes, configurations: Configurations) -> File:
    """Standard input under the name of the file it stands for, `-` if that was not told."""
    path = os.path.abspath(name or "stdin.py")
    display = display_name(path) if name else "-"
    return File(Path(path), display, configurations.of_folder(os.path.dirname(path)), source)


class Folders:
    """Where folders really are, and their names in reports: asked for once each, not once for each file."""

    def __init__(self) -> None:
        self._real: dict[str, str] = {}
        self._shown: dict[str, str] = {}

    def real(self, folder: str) -> str:
        if folder not in self._real:
            above, name = os.path.split(folder)
            plain = bool(name) and not os.path.islink(folder)
            self._real[folder] = os.path.join(self.real(above), name) if plain else os.path.realpath(folder)
        return self._real[folder]

    def display_name(self, path: str) -> str:
        """That of a file."""
        folder, name = os.path.split(path)
        if folder not in self._shown:
            self._shown[folder] = display_name(os.path.join(folder, "_"))[:-1]
        return self._shown[folder] + encodable(name)


def once(paths: Collection[Entry]) -> list[tuple[str, str]]:
    """Each file once, with its name in reports: its own rather than that of a symbolic link, ordered by name."""
    folders = Folders()
    chosen: dict[str, str] = {}
    links = {found.path for found in paths if found.link}
    names = {found.path: folders.display_name(found.path) for found in paths}
    for path in sorted(names, key=lambda path: (path in links, names[path])):
        folder, name = os.path.split(path)
        real = os.path.realpath(path) if path in links else os.path.join(folders.real(folder), name)
        chosen.setdefault(real, path)
    return sorted(((path, names[path]) for path in chosen.values()), key=lambda pair: pair[1])


def discover(paths: Sequence[str], configurations: Configurations, *, force_exclude: bool = False) -> Found:
    """The files to check; raises `MissingPathsError`, and `ConfigError` for a configuration on the way.

    A file named outright is taken whatever its suffix, and whatever is excluded unless `force_exclude`.
    """
    if missing := [path for path in dict.fromkeys(paths) if not os.path.exists(path)]:
        raise MissingPathsError(missing)
    exclusion = Exclusion(configurations)
    chosen: dict[Entry, None] = {}
    warnings: list[str] = []
    for path in paths:
        absolute = os.path.abspath(path)
        if force_exclude and exclusion.named(absolute):
            continue
        folder = os.path.isdir(absolute)
        inside = [*exclusion.below(absolute, warnings)] if folder else [Entry(absolute, os.path.islink(absolute))]
        chosen |= dict.fromkeys(inside)
        if not inside:
            warnings.append(f"no Python files found under {path}")
    files = (File(Path(path), name, configurations.of_folder(os.path.dirname(path))) for path, name in once(chosen))
    return Found(tuple(files), tuple(dict.fromkeys(warnings)))


def beside(files: Sequence[File], configurations: Configurations) -> Iterator[File]:
    """The other files of the projects that some files belong to, unless they are too many to be looked at for these."""
    tops = {top for folder in {file.path.parent for file in files} if (top := project_of(folder))}
    given = {file.path for file in files}
    found = [file for file in discover(sorted(tops), configurations).files if file.path not in given] if tops else []
    if sum(file.path.stat().st_size for file in found if file.path.exists()) <= MOST_BESIDE:
        yield from found


def project_of(folder: Path) -> str:
    """The nearest folder that is marked as the root of a project, or nothing."""
    roots = (above for above in (folder, *folder.parents) if any((above / mark).exists() for mark in ROOT_MARKS))
    return str(next(roots, ""))
