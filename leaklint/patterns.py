"""Patterns of files in the words of `.gitignore`: a bare name matches anywhere, one with a slash below its own root."""

# Paths are strings here: tens of thousands pass, and a `Path` costs ten times as much.
# ruff: noqa: PTH119, PTH120

from __future__ import annotations

import fnmatch
import functools
import os
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

GLOB = re.compile(r"[*?\[]")
SPECIAL = re.compile(r"([\\*?\[\]!# ])")
ESCAPED = r"\\\1"


def anchor(pattern: str, root: str, *, bare: bool = False) -> str:
    """The pattern made absolute, so that it may be merged with those of other roots.

    A bare name stays as it is, meaning the name anywhere, unless `bare` asks that it, too, stay below the root.
    """
    negation, body = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    if "/" not in body.rstrip("/"):
        if not bare:
            return pattern
        body = f"**/{body}"
    top = root.replace(os.sep, "/").rstrip("/")
    below = body.removeprefix(f"{top}/").removeprefix("./").lstrip("/")
    return f"{negation}{SPECIAL.sub(ESCAPED, top)}/{below}"


def specification(lines: Iterable[str]) -> GitIgnoreSpec:
    """Compile lines of a `.gitignore`; pathspec is imported here because few runs need it."""
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)


def parts_of(path: str) -> list[str]:
    return path.replace(os.sep, "/").strip("/").split("/")


class Patterns:
    """Several patterns; any of them matching is a match."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        bare = [pattern.rstrip("/") for pattern in patterns if "/" not in pattern.rstrip("/")]
        slashed = [pattern for pattern in patterns if "/" in pattern.rstrip("/")]
        self._names = frozenset(name for name in bare if not GLOB.search(name))
        self._globs = tuple(re.compile(fnmatch.translate(name)) for name in bare if GLOB.search(name))
        self._spec = specification(slashed) if slashed else None

    def _named(self, name: str) -> bool:
        return name in self._names or any(glob.match(name) for glob in self._globs)

    def _below_root(self, path: str, *, directory: bool) -> bool:
        whole = "/".join(parts_of(path)) + "/" * directory
        return self._spec is not None and self._spec.match_file(whole)

    def match_entry(self, path: str, *, directory: bool = False) -> bool:
        """Whether this file or folder itself matches, whatever the folders above it are called."""
        if self._named(os.path.basename(path)):
            return True
        if self._spec is None:
            return False
        above = os.path.dirname(path)
        return self._below_root(path, directory=directory) and not self._below_root(above, directory=True)

    def match_within(self, path: str) -> bool:
        """Whether the file or a folder it lies in matches."""
        return any(map(self._named, parts_of(path))) or self._below_root(path, directory=False)


@functools.cache
def compiled(patterns: tuple[str, ...]) -> Patterns:
    return Patterns(patterns)


def applies(pattern: str, path: str) -> bool:
    """Whether a key of `per-file-ignores` speaks of this file."""
    if pattern.startswith("!"):
        return not compiled((pattern[1:],)).match_within(path)
    return compiled((pattern,)).match_within(path)
