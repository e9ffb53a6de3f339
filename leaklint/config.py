"""What can be configured: the keys of `[tool.leaklint]`, their types and what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from leaklint.drivers.spec import Driver
from leaklint.finding import Confidence

Raises: TypeAlias = Literal["likely", "all"]
Positions: TypeAlias = int | tuple[int, ...]

# fmt: off
DEFAULT_EXCLUDES = (
    ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox",
    ".pants.d", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv", ".vscode", "CVS",
    "__pycache__", "__pypackages__", "_build", "buck-out", "build", "dist", "node_modules", "site-packages", "venv",
)
# fmt: on


class FunctionFacts(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """What a function does with a connection; positions count its arguments from 0, without `self`."""

    returns: Annotated[Literal["owned", "nothing"], Meta(description="Whether the caller owes what it returns.")] = (
        "nothing"
    )
    releases: Annotated[Positions, Meta(description="The arguments that it releases.")] = ()
    keeps: Annotated[
        Positions, Meta(description="The arguments that it takes over, so that it owes their release.")
    ] = ()
    lends: Annotated[bool, Meta(description="What it returns stays somebody else's: the caller owes nothing.")] = False

    @property
    def released(self) -> tuple[int, ...]:
        return positions(self.releases)

    @property
    def kept(self) -> tuple[int, ...]:
        return positions(self.keeps)


def positions(value: Positions) -> tuple[int, ...]:
    return (value,) if isinstance(value, int) else value


class Table(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """leaklint's table in `pyproject.toml`, or the whole of `leaklint.toml`."""

    extend: Annotated[str, Meta(description="A configuration file that this one builds on.")] = ""
    select: Annotated[
        tuple[str, ...] | None, Meta(description="Codes, prefixes of codes or names of the rules to report.")
    ] = None
    extend_select: Annotated[tuple[str, ...], Meta(description="Rules to report besides those selected.")] = ()
    ignore: Annotated[tuple[str, ...], Meta(description="Rules not to report.")] = ()
    per_file_ignores: Annotated[
        dict[str, tuple[str, ...]],
        Meta(description="Rules not to report in the files that match a pattern; `!pattern` means all other files."),
    ] = {}
    exclude: Annotated[tuple[str, ...], Meta(description="Patterns of files and folders that are not looked at.")] = (
        DEFAULT_EXCLUDES
    )
    extend_exclude: Annotated[tuple[str, ...], Meta(description="Patterns to exclude besides `exclude`.")] = ()
    raises: Annotated[
        Raises,
        Meta(description="What may raise: `likely`, what does in practice; `all`, every call, operator and store."),
    ] = "likely"
    min_confidence: Annotated[Confidence, Meta(description="Report findings of this confidence and above.")] = "medium"
    unsafe_fixes: Annotated[bool, Meta(description="Let `--fix` apply fixes that may change behaviour, too.")] = False
    drivers: Annotated[
        dict[str, Driver], Meta(description="Database libraries and wrappers of your own, in the words of a driver.")
    ] = {}
    functions: Annotated[
        dict[str, FunctionFacts],
        Meta(description="By qualified name, functions that leaklint cannot see into or should not judge itself."),
    ] = {}
    baseline: Annotated[str, Meta(description="A file of known findings that are not reported.")] = ""
    output_format: Annotated[
        str | tuple[str, ...], Meta(description="The reports to write, each `FORMAT` or `FORMAT:FILE`.")
    ] = ()
    cache_dir: Annotated[str, Meta(description="Where results are kept between runs.")] = ""
    jobs: Annotated[int, Meta(ge=0, description="How many processes to use; 0 means one a processor.")] = 0


class Settings(Table, frozen=True, kw_only=True):
    """A table after `extend` and the command line; `origin` is the file it was read from, if any.

    Patterns with a slash, `baseline` and `cache_dir` are absolute here.
    """

    origin: str = ""

    @property
    def excluded(self) -> tuple[str, ...]:
        return self.exclude + self.extend_exclude

    @property
    def formats(self) -> tuple[str, ...]:
        return (self.output_format,) if isinstance(self.output_format, str) else self.output_format


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong with a configuration, and where it stands; line 0 is the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}" if self.file else self.message


class ConfigError(Exception):
    """The configuration cannot be used; `problems` says all that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def keys() -> tuple[str, ...]:
    """The keys as people write them."""
    return Table.__struct_encode_fields__


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the table; no key but these is accepted."""
    schema = msgspec.json.schema(Table)
    for definition in schema["$defs"].values():
        definition["additionalProperties"] = False
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "leaklint", **schema}
