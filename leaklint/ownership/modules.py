"""The modules of a project: files by dotted name, found around those that are checked, indexed when first asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from leaklint.ownership.index import Module
from leaklint.ownership.indexer import index

OUTSIDE = frozenset(sys.stdlib_module_names)
ROOT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", "leaklint.toml")


def module_name(path: Path) -> tuple[str, Path]:
    """The dotted name of a file, and the folder it counts from: the first above that is no package."""
    parts = [] if path.stem == "__init__" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").exists() and folder != folder.parent:
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts) or path.parent.name, folder


@cache
def entries(folder: Path) -> frozenset[str]:
    """What lies in a folder: asked once, where it would be asked for each import of a library."""
    try:
        return frozenset(entry.name for entry in folder.iterdir())
    except OSError:
        return frozenset()


def endings(path: Path) -> Iterator[tuple[str, ...]]:
    """The ends of the path, of two parts and more, as an absolute import might spell them."""
    parts = path.parent.parts if path.stem == "__init__" else path.with_suffix("").parts
    return (parts[-length:] for length in range(2, len(parts) + 1))


class Modules:
    """Indexes by file and by name; a module that no given file defines is looked for below the roots."""

    def __init__(self, libraries: Iterable[str] = ()) -> None:
        self.libraries = frozenset(libraries)
        self.by_path: dict[Path, Module | None] = {}
        self.by_name: dict[str, list[Path]] = {}
        self.names: dict[Path, str] = {}
        self.roots: list[Path] = []
        self.paths: dict[int, Path] = {}
        self.texts: dict[Path, bytes] = {}
        self._missing: set[str] = set()
        self._endings: dict[tuple[str, ...], list[Path]] = {}

    def give(self, paths: Iterable[Path]) -> None:
        """These files belong to the project."""
        roots: dict[Path, None] = dict.fromkeys(self.roots)
        for path in paths:
            name, root = module_name(path)
            self.names[path] = name
            self.by_name.setdefault(name, []).append(path)
            for ending in endings(path):
                self._endings.setdefault(ending, []).append(path)
            roots.setdefault(root)
        for root in list(roots):
            for above in list(root.parents)[:2]:
                if any((root / mark).exists() for mark in ROOT_MARKS):
                    break
                if any((above / mark).exists() for mark in ROOT_MARKS):
                    roots.setdefault(above)
                    break
        self.roots = list(roots)

    def index(self, path: Path, text: bytes | None = None) -> Module | None:
        """The index of a file, or None where it cannot be read or parsed."""
        if path not in self.by_path:
            name = self.names.get(path) or module_name(path)[0]
            self.by_path[path] = None
            try:
                found = index(text if text is not None else path.read_bytes(), name, package=path.stem == "__init__")
            except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
                return None
            self.by_path[path] = found
            self.paths[id(found)] = path
        return self.by_path[path]

    def path_of(self, module: Module) -> Path:
        return self.paths[id(module)]

    def find(self, name: str) -> Module | None:
        """The module of that name, given or lying where an import would look."""
        path = self.locate(name)
        return None if path is None else self.index(path)

    def locate(self, name: str) -> Path | None:
        """The file of the module of that name."""
        if name in self._missing or self._is_library(name):
            return None
        paths = self.by_name.get(name)
        if paths is None:
            paths = list(self._search(name))
        if not paths:
            self._missing.add(name)
            return None
        return paths[0]

    def _is_library(self, name: str) -> bool:
        """A lone file called like a known library is not that library; a package of that name is."""
        if name in self.libraries & OUTSIDE:
            return True
        return name in self.libraries and not any(path.stem == "__init__" for path in self.by_name.get(name, ()))

    def _search(self, name: str) -> Iterable[Path]:
        parts = tuple(name.split("."))
        for root in self.roots:
            if parts[0] not in entries(root) and f"{parts[0]}.py" not in entries(root):
                continue
            relative = root.joinpath(*parts)
            for candidate in (relative / "__init__.py", relative.with_name(f"{parts[-1]}.py")):
                if candidate.is_file():
                    self.by_name[name] = [candidate]
                    self.names[candidate] = name
                    return [candidate]
        if len(parts) == 1 or parts[0] in OUTSIDE or parts[0] in self.libraries:
            return []
        matching = self._endings.get(parts, [])
        return matching if len(matching) == 1 else []
