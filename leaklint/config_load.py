"""Configuration files to settings: the nearest one of each folder, what it extends, the command line on top."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from leaklint.config import ConfigError, Problem, Raises, Settings
from leaklint.finding import Confidence
from leaklint.patterns import anchor

Raw: TypeAlias = dict[str, Any]

STANDALONE = "leaklint.toml"
SHARED = "pyproject.toml"
HEADER = ("tool", "leaklint")
JOINED = ("extend-select", "extend-exclude")
MERGED = ("per-file-ignores", "drivers", "functions")


class Overrides(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says about the settings of every file."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    raises: Raises | None = None
    min_confidence: Confidence | None = None

    def over(self, settings: Settings) -> Settings:
        """A `select` starts afresh: it forgets what the file selected and ignored."""
        anew = self.select is not None
        return msgspec.structs.replace(
            settings,
            select=self.select if anew else settings.select,
            extend_select=(() if anew else settings.extend_select) + self.extend_select,
            ignore=(() if anew else settings.ignore) + self.ignore,
            raises=self.raises or settings.raises,
            min_confidence=self.min_confidence or settings.min_confidence,
        )


def displayed(path: Path) -> str:
    """A path as people know it: relative to where they are if it lies below."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def failure(path: Path, message: str, line: int = 0) -> ConfigError:
    return ConfigError([Problem(displayed(path), line, message)])


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise failure(path, f"cannot be read: {error.strerror or error}") from error


def parse(path: Path, data: bytes) -> tuple[Raw, str]:
    import tomllib

    try:
        text = data.decode().replace("\r\n", "\n")
        return tomllib.loads(text), text
    except UnicodeDecodeError as error:
        raise failure(path, "is not UTF-8, which TOML has to be") from error
    except tomllib.TOMLDecodeError as error:
        raise failure(path, f"is not valid TOML: {error}") from error


def table_in(path: Path) -> tuple[Raw, str, tuple[str, ...]] | None:
    """The table of a configuration file, its text and the key it stands under, or `None` if it has none."""
    data = read(path)
    if path.name == SHARED and b"leaklint" not in data:
        return None
    document, text = parse(path, data)
    tool = document.get("tool")
    if isinstance(tool, dict) and "leaklint" in tool:
        if not isinstance(tool["leaklint"], dict):
            raise failure(path, "tool.leaklint must be a table")
        return tool["leaklint"], text, HEADER
    return None if path.name == SHARED else (document, text, ())


def selector_problems(table: Raw, path: Path, text: str, prefix: tuple[str, ...]) -> Iterator[Problem]:
    from leaklint.config_check import line_of
    from leaklint.selection import selector_problem

    lists: dict[tuple[str, ...], list[str]] = {
        (key,): table.get(key, []) for key in ("select", "extend-select", "ignore")
    }
    lists |= {("per-file-ignores", pattern): codes for pattern, codes in table.get("per-file-ignores", {}).items()}
    for where, selectors in lists.items():
        for selector in selectors:
            if problem := selector_problem(selector, where[0]):
                yield Problem(displayed(path), line_of(text, prefix + where, selector), problem)


def format_problems(table: Raw, path: Path, text: str, prefix: tuple[str, ...]) -> Iterator[Problem]:
    from leaklint.config_check import line_of
    from leaklint.reports import format_problem

    written = table.get("output-format", ())
    for one in (written,) if isinstance(written, str) else written:
        if problem := format_problem(one):
            yield Problem(displayed(path), line_of(text, (*prefix, "output-format"), one), problem)


def checked(path: Path) -> Raw | None:
    """A file's own table, without a fault; its paths are absolute."""
    found = table_in(path)
    if found is None:
        return None
    from leaklint.config_check import table_problems

    table, text, prefix = found
    problems = table_problems(table, displayed(path), text, prefix)
    if not problems:
        problems = [*selector_problems(table, path, text, prefix), *format_problems(table, path, text, prefix)]
    if problems:
        raise ConfigError(sorted(problems, key=lambda problem: problem.line))
    return absolute(table, str(path.parent))


def absolute(table: Raw, root: str) -> Raw:
    """The table with its patterns and paths made independent of the folder it lies in."""
    table = dict(table)
    for key in ("exclude", "extend-exclude"):
        if key in table:
            table[key] = [anchor(pattern, root) for pattern in table[key]]
    if "per-file-ignores" in table:
        ignores = table["per-file-ignores"].items()
        table["per-file-ignores"] = {anchor(pattern, root, bare=True): codes for pattern, codes in ignores}
    for key in ("extend", "baseline", "cache-dir"):
        if table.get(key):
            table[key] = os.path.normpath(Path(root, Path(table[key]).expanduser()))
    return table


def merged(base: Raw, above: Raw) -> Raw:
    """The table `above` on top of the one it extends."""
    joined = {key: [*base.get(key, ()), *above[key]] for key in JOINED if key in above}
    tables = {key: {**base.get(key, {}), **above[key]} for key in MERGED if key in above}
    return {**base, **above, **joined, **tables}


def extended(path: Path, chain: tuple[Path, ...] = ()) -> Raw | None:
    """A file's table with all that it extends underneath."""
    if path in chain:
        raise failure(chain[0], "extends itself: " + " -> ".join(displayed(one) for one in (*chain, path)))
    table = checked(path)
    if not table or not table.get("extend"):
        return table
    base = extended(Path(table["extend"]), (*chain, path))
    if base is None:
        raise failure(path, f"extends {displayed(Path(table['extend']))}, which has no [tool.leaklint] table")
    return merged(base, table)


def load(path: Path) -> Settings | None:
    """The settings of one file, `None` if it says nothing about leaklint; raises `ConfigError`."""
    raw = extended(path)
    if raw is None:
        return None
    settings = msgspec.convert({**raw, "origin": str(path)}, Settings)
    drivers = {name: msgspec.structs.replace(one, name=name) for name, one in settings.drivers.items()}
    return msgspec.structs.replace(settings, drivers=drivers)


class Configurations:
    """The settings that hold in each folder, each file read once; raises `ConfigError`."""

    def __init__(self, *, file: Path | None = None, isolated: bool = False, overrides: Overrides | None = None) -> None:
        self._overrides = overrides or Overrides()
        self._default = self._overrides.over(Settings())
        self._fixed = self._default if isolated else self._named(file) if file else None
        self._found: dict[str, Settings] = {}

    def _named(self, file: Path) -> Settings:
        settings = load(file.absolute())
        if settings is None:
            raise failure(file, "has no [tool.leaklint] table")
        return self._overrides.over(settings)

    def of_folder(self, folder: str) -> Settings:
        """The settings for the files that lie directly in a folder, given by its absolute path."""
        if self._fixed is not None:
            return self._fixed
        if folder not in self._found:
            parent = str(Path(folder).parent)
            above = self._default if parent == folder else self.of_folder(parent)
            self._found[folder] = self._own(Path(folder)) or above
        return self._found[folder]

    def _own(self, folder: Path) -> Settings | None:
        for path in (folder / STANDALONE, folder / SHARED):
            if path.is_file() and (settings := load(path)):
                return self._overrides.over(settings)
        return None
