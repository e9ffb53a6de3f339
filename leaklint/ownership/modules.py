"""The modules of a project: files by dotted name, found around those that are checked, indexed when first asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from pathlib import Path

from leaklint.ownership.grounds import Grounds
from leaklint.ownership.index import Module
from leaklint.ownership.indexer import index
from leaklint.shelf import Shelved

OUTSIDE = frozenset(sys.stdlib_module_names)
ROOT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", "leaklint.toml")


Indexed = Callable[[bytes, str, bool], Module]
"""What makes the index of a text that is the module of that name, or the package."""


class Modules:
    """Indexes by file and by name; a module that no given file defines is looked for below the roots."""

    def __init__(self, libraries: Iterable[str] = (), grounds: Grounds | None = None) -> None:
        self.grounds = grounds or Grounds()
        self.libraries = frozenset(libraries)
        self.by_path: dict[Path, Module | None] = {}
        self.by_name: dict[str, list[Path]] = {}
        self.names: dict[Path, str] = {}
        self.given: list[Path] = []
        self.roots: list[Path] = []
        self.paths: dict[int, Path] = {}
        self.texts = Shelved()
        self._missing: set[str] = set()
        self._endings: dict[str, list[tuple[tuple[str, ...], Path]]] = {}
        self.indexed: Indexed = index
        self._listings: dict[Path, frozenset[str]] = {}
        self.looked_for: dict[Path, dict[str, bool]] = {}
        self._packages: dict[Path, tuple[str, Path]] = {}
        self._folders: dict[str, tuple[str, Path]] = {}
        self._roots_with: dict[str, list[Path]] = {}

    def give(self, paths: Iterable[Path]) -> None:
        """These files belong to the project."""
        roots: dict[Path, None] = dict.fromkeys(self.roots)
        self.given += paths
        for path in self.given:
            name, root = self._module_name(path)
            self.names[path] = name
            self.by_name.setdefault(name, []).append(path)
            roots.setdefault(root)
        for root in list(roots):
            for above in list(root.parents)[:2]:
                if self._is_marked(root):
                    break
                if self._is_marked(above):
                    roots.setdefault(above)
                    break
        self.roots = list(roots)

    def index(self, path: Path, text: bytes | None = None) -> Module | None:
        """The index of a file, or None where it cannot be read or parsed."""
        self.grounds.ask("file", str(path))
        if path not in self.by_path:
            name = self.name_of(path)
            text = self.texts.get(path) if text is None else text
            self.by_path[path] = None
            try:
                found = self.indexed(path.read_bytes() if text is None else text, name, path.stem == "__init__")
            except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
                return None
            self.by_path[path] = found
            self.paths[id(found)] = path
        return self.by_path[path]

    def name_of(self, path: Path) -> str:
        """The dotted name of a file."""
        return self.names.get(path) or self._module_name(path)[0]

    def _ending_in(self, parts: tuple[str, ...]) -> list[Path]:
        """The files whose path ends as an absolute import spells it."""
        if not self._endings:
            for path in self.given:
                whole = path.parent.parts if path.stem == "__init__" else (*path.parent.parts, path.stem)
                self._endings.setdefault(whole[-1], []).append((whole, path))
        return [path for whole, path in self._endings.get(parts[-1], ()) if whole[-len(parts) :] == parts]

    def _module_name(self, path: Path) -> tuple[str, Path]:
        """The dotted name of a file, and the folder it counts from: the first above that is no package."""
        # Thousands of files are asked for: a `parent` is a new path each time, a part of the path's text is not.
        folder, _, file = str(path).rpartition(os.sep)
        found = self._folders.get(folder)
        if found is None:
            found = self._folders[folder] = self._package(path.parent)
        package, root = found
        own = file.rpartition(".")[0] or file
        if own == "__init__":
            return package or path.parent.name, root
        return f"{package}.{own}" if package else own, root

    def _holding(self, name: str) -> list[Path]:
        """The roots in which there is a module or package of that name."""
        found = self._roots_with.get(name)
        if found is None:
            found = [root for root in self.roots if self._lies(root, name) or self._lies(root, f"{name}.py")]
            self._roots_with[name] = found
        return found

    def _package(self, folder: Path) -> tuple[str, Path]:
        """The dotted name of a folder that is a package, else "", and the folder it counts from."""
        found = self._packages.get(folder)
        if found is None:
            if self._lies(folder, "__init__.py") and folder != folder.parent:
                above, root = self._package(folder.parent)
                found = (f"{above}.{folder.name}" if above else folder.name), root
            else:
                found = "", folder
            self._packages[folder] = found
        return found

    def _is_marked(self, folder: Path) -> bool:
        """Whether it is the root of a project."""
        return any(self._lies(folder, mark) for mark in ROOT_MARKS)

    def _lies(self, folder: Path, name: str) -> bool:
        """Whether there is something of that name in a folder, which is read once: this is asked for each import."""
        names = self._listings.get(folder)
        if names is None:
            try:
                names = frozenset(os.listdir(folder))  # noqa: PTH208 - names will do
            except OSError:
                names = frozenset()
            self._listings[folder] = names
            self.looked_for[folder] = {}
        found = self.looked_for[folder][name] = name in names
        return found

    def path_of(self, module: Module) -> Path:
        return self.paths[id(module)]

    def find(self, name: str, near: Path) -> Module | None:
        """The module of that name that the file `near` would import."""
        path = self.locate(name, near)
        return None if path is None else self.index(path)

    def locate(self, name: str, near: Path) -> Path | None:
        """The file of the module of that name; where several have it, the one with most folders in common."""
        paths = self.named(name)
        if len(paths) < 2:
            return paths[0] if paths else None
        return max(paths, key=lambda path: shared(path.parts, near.parts))

    def named(self, name: str) -> Sequence[Path]:
        """All files of modules of that name, given or lying where an import would look."""
        self.grounds.ask("module", name)
        if name in self._missing or self._is_library(name):
            return ()
        paths = self.by_name.get(name)
        if paths is None:
            paths = list(self._search(name))
        if not paths:
            self._missing.add(name)
        return paths

    def _is_library(self, name: str) -> bool:
        """A lone file called like a known library is not that library; a package of that name is."""
        if name in self.libraries & OUTSIDE:
            return True
        return name in self.libraries and not any(path.stem == "__init__" for path in self.by_name.get(name, ()))

    def _search(self, name: str) -> Iterable[Path]:
        parts = tuple(name.split("."))
        for root in self._holding(parts[0]):
            candidate = self._below(root, parts)
            if candidate is not None:
                self.by_name[name] = [candidate]
                self.names.setdefault(candidate, name)
                return [candidate]
        if len(parts) == 1 or parts[0] in OUTSIDE or parts[0] in self.libraries:
            return []
        matching = self._ending_in(parts)
        return matching if len(matching) == 1 else []

    def _below(self, root: Path, parts: Sequence[str]) -> Path | None:
        """The file of a module below a root, told by the names in the folders on the way."""
        *above, last = parts
        folder = root
        for part in above:
            if not self._lies(folder, part):
                return None
            folder /= part
        if self._lies(folder, last) and self._lies(folder / last, "__init__.py"):
            return folder / last / "__init__.py"
        return folder / f"{last}.py" if self._lies(folder, f"{last}.py") else None


def shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts two paths begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
