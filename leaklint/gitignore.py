"""The files below a folder that version control would keep: git's answer, or a walk that reads each `.gitignore`."""

# Paths are strings here: tens of thousands pass, and a `Path` costs ten times as much.
# ruff: noqa: PTH110, PTH113, PTH118, PTH120, PTH123

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from leaklint.patterns import specification

if TYPE_CHECKING:
    import subprocess

    from pathspec import GitIgnoreSpec

Skip: TypeAlias = Callable[[str], bool]
Ignores: TypeAlias = "tuple[tuple[str, GitIgnoreSpec], ...]"

# A repository's own configuration can name programs for git to run: none of them may.
COMMAND = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
LIST = ("ls-files", "--cached", "--others", "--exclude-standard", "-z")
IGNORES = ".gitignore"
ENVIRONMENT = "pyvenv.cfg"
INHERITED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


class Entry(NamedTuple):
    """A file by its absolute path, and whether that is a symbolic link."""

    path: str
    link: bool


def files_below(top: str, suffixes: tuple[str, ...], skip: Skip, warnings: list[str]) -> Iterator[Entry]:
    """The files of these suffixes that are not ignored; folders for which `skip` is true are not entered."""
    listed = listing(top) if in_work_tree(top) else None
    if listed is None or (not listed and ignored(top)):
        yield from walk(top, suffixes, skip, warnings)
        return
    for name in listed:
        path = os.path.join(top, name)
        mode = mode_of(path)
        if stat.S_ISDIR(mode):  # a submodule, or a repository inside this one
            if not skip(path.rstrip(os.sep)):
                yield from files_below(path.rstrip(os.sep), suffixes, skip, warnings)
        elif path.endswith(suffixes) and (stat.S_ISREG(mode) or (stat.S_ISLNK(mode) and os.path.isfile(path))):
            yield Entry(path, stat.S_ISLNK(mode))


def mode_of(path: str) -> int:
    """0 for a file that git still lists though it is gone."""
    try:
        return os.lstat(path).st_mode
    except OSError:
        return 0


def in_work_tree(top: str) -> bool:
    """Whether some folder from here up holds `.git`: cheaper than asking git where there is none."""
    while not os.path.exists(os.path.join(top, ".git")):
        parent = os.path.dirname(top)
        if parent == top:
            return False
        top = parent
    return True


def ask_git(top: str, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    import subprocess

    environment = {name: value for name, value in os.environ.items() if name not in INHERITED}
    try:
        return subprocess.run(
            (*COMMAND, "-C", top, *arguments),
            env=environment,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except OSError:
        return None


def listing(top: str) -> list[str] | None:
    """What git lists below a folder, or `None` if it cannot say."""
    answer = ask_git(top, *LIST)
    if answer is None or answer.returncode:
        return None
    return sorted({os.fsdecode(name) for name in answer.stdout.split(b"\0") if name})


def ignored(top: str) -> bool:
    """Whether the folder itself is ignored: somebody who names it wants it looked at all the same."""
    answer = ask_git(top, "check-ignore", "--quiet", ".")
    return answer is not None and answer.returncode == 0


def walk(top: str, suffixes: tuple[str, ...], skip: Skip, warnings: list[str]) -> Iterator[Entry]:
    pending = [(top, inherited(top))]
    while pending:
        folder, ignores = pending.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            warnings.append(f"{folder} cannot be read: {error.strerror}")
            continue
        names = {entry.name for entry in entries}
        if folder != top and ENVIRONMENT in names:
            continue
        if IGNORES in names:
            ignores += own(folder)
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if not (skip(entry.path) or matches(entry.path + "/", ignores)):
                    pending.append((entry.path, ignores))
            elif entry.name.endswith(suffixes) and is_file(entry) and not matches(entry.path, ignores):
                yield Entry(entry.path, entry.is_symlink())


def is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a loop of symbolic links
        return False


def own(folder: str) -> Ignores:
    try:
        with open(os.path.join(folder, IGNORES), encoding="utf-8", errors="surrogateescape") as stream:
            return ((folder, specification(stream.read().splitlines())),)
    except (OSError, ValueError):
        return ()


def inherited(top: str) -> Ignores:
    """The rules of the folders above, unless they ignore `top` itself, which somebody named."""
    ignores: Ignores = ()
    folder = top
    while (parent := os.path.dirname(folder)) != folder:
        ignores = own(parent) + ignores
        folder = parent
    return () if matches(top + "/", ignores) else ignores


def matches(path: str, ignores: Ignores) -> bool:
    """What the nearest `.gitignore` that speaks of the path says."""
    for folder, spec in reversed(ignores):
        verdict = spec.check_file(os.path.relpath(path, folder) + ("/" if path.endswith("/") else "")).include
        if verdict is not None:
            return verdict
    return False
