"""`leaklint doctor`: whether the settings, ruff, pre-commit and the files around them fit together."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import click

from leaklint import __version__
from leaklint.config import ConfigError
from leaklint.config_load import Configurations, displayed
from leaklint.discover import discover
from leaklint.reports.visible import clean
from leaklint.words import count

NEEDED = ("libcst", "click", "msgspec", "pathspec")
STRANGER = "leaklint"  # ours is called leaklint-db
MISSING = "missing"
PRE_COMMIT = (".pre-commit-config.yaml", ".pre-commit-config.yml")


class Check(NamedTuple):
    """One thing that was looked at: `ok`, `hint` or `wrong`, and what there is to say."""

    state: str
    text: str


@click.command(
    name="doctor",
    short_help="Check that leaklint is set up well here.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def command() -> int:
    """Check that leaklint is set up well here; the exit code is 1 if something is wrong."""
    checks = list(examined(Path.cwd()))
    for state, text in checks:
        click.echo(f"{state:<5}  {clean(text)}")
    return int(any(check.state == "wrong" for check in checks))


def examined(here: Path) -> Iterator[Check]:
    yield from installation()
    configurations = Configurations()
    try:
        origin = configurations.of_folder(str(here)).origin
        yield Check("ok", f"settings from {displayed(Path(origin))}" if origin else "no settings: the defaults hold")
        baseline = configurations.of_folder(str(here)).baseline
        if baseline and not Path(baseline).is_file():
            yield Check("wrong", f"there is no baseline {displayed(Path(baseline))}: `leaklint baseline create`")
        files = len(discover(["."], configurations).files)
        yield Check("ok" if files else "wrong", f"{count(files, 'file')} to check below {here}")
    except ConfigError as error:
        yield from (Check("wrong", str(problem)) for problem in error.problems)
    yield ruff(here)
    yield from pre_commit(here)
    yield from workflows(here)


def installation() -> Iterator[Check]:
    versions = ", ".join(f"{name} {installed(name)}" for name in NEEDED)
    yield Check("ok", f"leaklint {__version__} on Python {sys.version.split()[0]}, {versions}")
    if installed(STRANGER) != MISSING:
        yield Check("wrong", f"the distribution {STRANGER} is installed: another project's, with the same files")
    if not shutil.which("git"):
        yield Check("hint", "git is not installed: files are found by reading .gitignore instead")


def installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return MISSING


def ruff(here: Path) -> Check:
    """Whether ruff, where it is configured, would delete our comments."""
    for name, path in (("ruff.toml", ()), (".ruff.toml", ()), ("pyproject.toml", ("tool", "ruff"))):
        table = table_of(here / name, path)
        if table is not None:
            lint = table.get("lint")
            external = [*table.get("external", ()), *(lint.get("external", ()) if isinstance(lint, dict) else ())]
            if any("LKN".startswith(code) or code.startswith("LKN") for code in external if code):
                return Check("ok", f"ruff leaves `# noqa: LKN...` alone ({name})")
            return Check("wrong", f'ruff may remove `# noqa: LKN...`: set lint.external = ["LKN"] in {name}')
    return Check("ok", "ruff is not configured here")


def table_of(file: Path, keys: tuple[str, ...]) -> dict[str, Any] | None:
    try:
        table: Any = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else None


def pre_commit(here: Path) -> Iterator[Check]:
    for name in PRE_COMMIT:
        if (here / name).is_file():
            text = (here / name).read_text(encoding="utf-8", errors="replace")
            if re.search(r"^\s*-?\s*id:\s*leaklint", text, re.MULTILINE):
                yield Check("ok", f"{name} runs leaklint")
            else:
                yield Check("hint", f"{name} does not run leaklint: `leaklint init` prints the hook")


def workflows(here: Path) -> Iterator[Check]:
    folder = here / ".github/workflows"
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("*.y*ml"))]
    texts += [path.read_text(encoding="utf-8", errors="replace") for path in here.glob(".gitlab-ci.yml")]
    if any("leaklint" in text or "pre-commit" in text for text in texts):
        yield Check("ok", "CI runs leaklint, or pre-commit")
    elif texts:
        yield Check("hint", "CI does not run leaklint: `leaklint init` prints a step for it")
