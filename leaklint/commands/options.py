"""The options of `check`, in the groups in which its help shows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import click
import msgspec

from leaklint.commands.complete import format_words, rule_words
from leaklint.config import Raises
from leaklint.finding import CONFIDENCES, Confidence
from leaklint.reports import FORMATS, format_problem
from leaklint.selection import selector_problem

Callback = TypeVar("Callback", bound=Callable[..., Any])


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for on the command line."""

    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    raises: Raises | None = None
    min_confidence: Confidence | None = None
    config: Path | None = None
    isolated: bool = False
    show_settings: bool = False
    force_exclude: bool = False
    stdin_filename: str | None = None
    show_files: bool = False
    output_format: tuple[str, ...] = ()
    statistics: bool = False
    color: Literal["auto", "always", "never"] = "auto"
    quiet: bool = False
    verbose: bool = False
    exit_zero: bool = False
    add_noqa: str | None = None
    fix: bool = False
    unsafe_fixes: bool | None = None
    diff: bool = False
    jobs: int | None = None
    cache_dir: str | None = None
    no_cache: bool = False
    watch: bool = False
    baseline: str | None = None
    baseline_strict: bool = False
    diff_base: str | None = None


class Grouped(click.Option):
    """An option that knows the heading it is shown under."""

    def __init__(self, *arguments: Any, heading: str, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.heading = heading


VALUE_OPTIONAL = ("--add-noqa", "--baseline")


class CheckCommand(click.Command):
    """A command whose help is divided by headings, and some of whose options take a value only after `=`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        bare = [f"{one}=" if one in VALUE_OPTIONAL else one for one in args[:end]]
        return super().parse_args(ctx, bare + args[end:])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)):
                sections.setdefault(getattr(parameter, "heading", OTHER), []).append(record)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records)


def selectors(ctx: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Comma-separated codes, prefixes or names, each of them known."""
    words = tuple(word.strip() for one in value for word in one.split(",") if word.strip())
    if not ctx.resilient_parsing:
        for problem in filter(None, map(selector_problem, words)):
            raise click.BadParameter(problem, ctx, parameter)
    return words


def formats(ctx: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    for problem in filter(None, map(format_problem, value)):
        raise click.BadParameter(problem, ctx, parameter)
    return value


def option(heading: str, *names: str, **keywords: Any) -> tuple[str, Callable[[Any], Any]]:
    return names[0], click.option(*names, cls=Grouped, heading=heading, **keywords)


RULES = "Which findings"
FILES = "Which files"
SETTINGS = "Configuration"
NEW = "Only what is new"
FIXING = "Fixing"
OUTPUT = "Output"
OTHER = "Other"
CODES: dict[str, Any] = {"multiple": True, "metavar": "RULES", "callback": selectors, "shell_complete": rule_words}
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)

OPTIONS = (
    option(RULES, "--select", **CODES, help="Report these only: codes, prefixes or names, separated by commas."),
    option(RULES, "--extend-select", **CODES, help="Report these besides those selected."),
    option(RULES, "--ignore", **CODES, help="Do not report these."),
    option(
        RULES,
        "--raises",
        type=click.Choice(get_args(Raises)),
        help="What may raise: what does in practice (the default), or every call, operator and store.",
    ),
    option(
        RULES,
        "--min-confidence",
        type=click.Choice(CONFIDENCES),
        help="Report findings of this confidence and above; the default is medium.",
    ),
    option(FILES, "--force-exclude", is_flag=True, help="Exclude named files, too, where the configuration says so."),
    option(FILES, "--stdin-filename", metavar="FILE", help="The name of what `-` reads from standard input."),
    option(FILES, "--show-files", is_flag=True, help="List the files that would be checked, and stop."),
    option(SETTINGS, "--config", type=EXISTING, help="Use this file instead of the nearest pyproject.toml."),
    option(SETTINGS, "--isolated", is_flag=True, help="Heed no configuration file."),
    option(SETTINGS, "--cache-dir", metavar="DIR", help="Keep results here between runs."),
    option(SETTINGS, "--no-cache", is_flag=True, help="Use no results of earlier runs, and keep none."),
    option(SETTINGS, "--show-settings", is_flag=True, help="Print the settings in force here, and stop."),
    option(
        NEW,
        "--baseline",
        metavar="[=FILE]",
        help="Report what is not in a baseline; another file than .leaklint-baseline.json comes after `=`.",
    ),
    option(NEW, "--baseline-strict", is_flag=True, help="Fail, too, if the baseline holds what is fixed."),
    option(
        NEW,
        "--diff-base",
        metavar="REV",
        help="Report what has a step in lines that changed since REV, or since HEAD branched off from it; asks git.",
    ),
    option(FIXING, "--fix", is_flag=True, help="Rewrite the files so that what was found cannot leak."),
    option(
        FIXING,
        "--unsafe-fixes/--no-unsafe-fixes",
        default=None,
        help="Apply fixes that may change behaviour, too, with `--fix` or `--diff`.",
    ),
    option(FIXING, "--diff", is_flag=True, help="Show what `--fix` would change, and write nothing."),
    option(
        OUTPUT,
        "--output-format",
        multiple=True,
        metavar="FORMAT[:FILE]",
        callback=formats,
        shell_complete=format_words,
        envvar="LEAKLINT_OUTPUT_FORMAT",
        help=f"{', '.join(FORMATS)}; may be repeated, as in `--output-format text --output-format sarif:leaks.sarif`.",
    ),
    option(OUTPUT, "--statistics", is_flag=True, help="Count the findings of each rule instead of showing them."),
    option(
        OUTPUT,
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="When to use colours; `auto` heeds NO_COLOR, FORCE_COLOR and the terminal.",
    ),
    option(OUTPUT, "--quiet", "-q", is_flag=True, help="Print findings and nothing else."),
    option(OUTPUT, "--verbose", "-v", is_flag=True, help="Tell what was not understood, and where errors come from."),
    option(OTHER, "--exit-zero", is_flag=True, help="Exit with 0 even if there are findings."),
    option(
        OTHER,
        "--add-noqa",
        metavar="[=REASON]",
        help="Write a `# noqa` comment for each finding; a reason comes after `=`.",
    ),
    option(OTHER, "--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C."),
    option(OTHER, "--jobs", "-j", type=click.IntRange(min=0), help="How many processes to use; 0, one a processor."),
)


def with_options(*names: str) -> Callable[[Callback], Callback]:
    """A decorator for some of the options, or for all."""

    def decorated(callback: Callback) -> Callback:
        for name, decorate in reversed(OPTIONS):
            if not names or name in names:
                callback = decorate(callback)
        return callback

    return decorated
