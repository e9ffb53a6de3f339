"""`leaklint check`: find the files, have them checked, report."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from leaklint.commands.emit import Output
from leaklint.commands.narrow import narrowed
from leaklint.commands.options import CheckCommand, Options, with_options
from leaklint.commands.progress import progress_bar
from leaklint.commands.refusal import refusals
from leaklint.config import Settings
from leaklint.config_load import Configurations, Overrides
from leaklint.discover import File, Found, beside, discover, stdin_file
from leaklint.garbage import RARELY, collected_after
from leaklint.reading import Sources
from leaklint.reports import Report
from leaklint.review import review, undriven_libraries
from leaklint.words import count

STDIN = "-"


@click.command(cls=CheckCommand, name="check", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, type=click.Path())
@with_options()
def command(**given: Any) -> int:
    """Report connections that some path never releases.

    PATHS are files and folders, `.` if there are none, or `-` for standard input. The exit code is 0 when there is
    nothing to report, 1 when there is, 2 when the job could not be done.
    """
    options = Options(**given)
    if options.watch:
        from leaklint.commands.watch import watch

        return watch(options.paths or (".",), lambda: attempt(options))
    return attempt(options)


def attempt(options: Options) -> int:
    with refusals():
        return run(options)


def run(options: Options) -> int:
    configurations = configurations_of(options)
    settings = configurations.of_folder(str(Path.cwd()))
    if options.show_settings:
        return show_settings(options, configurations)
    output = Output(options, settings)
    found = files_for(options, configurations)
    output.warn(found.warnings)
    if options.show_files:
        from leaklint.reports.visible import clean

        return output.lines(clean(file.display) for file in found.files)
    if options.fix or options.diff:
        return fix(found.files, options, settings, output)
    found_now = checked(found.files, options, settings, output)
    report = narrowed(found_now, lambda: whole(found.files, options), options, settings)
    if options.add_noqa is not None:
        from leaklint.commands.add_noqa import add_noqa

        return add_noqa(report.findings, found.files, options.paths or (".",), options.add_noqa)
    output.emit(report)
    failed = bool(report.findings or (options.baseline_strict and report.fixed))
    return int(failed and not options.exit_zero)


def configurations_of(options: Options) -> Configurations:
    overrides = Overrides(
        select=options.select or None,
        extend_select=options.extend_select,
        ignore=options.ignore,
        raises=options.raises,
        min_confidence=options.min_confidence,
    )
    return Configurations(file=options.config, isolated=options.isolated, overrides=overrides)


def settings_of(options: Options) -> Settings:
    """The settings that hold where leaklint is run."""
    return configurations_of(options).of_folder(str(Path.cwd()))


def report_of(options: Options) -> Report:
    """All that is found, known or not."""
    settings = settings_of(options)
    output = Output(options, settings)
    found = files_for(options, configurations_of(options))
    output.warn(found.warnings)
    return checked(found.files, options, settings, output)


def fix(files: tuple[File, ...], options: Options, settings: Settings, output: Output) -> int:
    """Fix, or show what would be fixed, then report what is left."""
    from leaklint.commands import fix_files

    unsafe = settings.unsafe_fixes if options.unsafe_fixes is None else options.unsafe_fixes

    def check(now: Sequence[File]) -> Report:
        found = checked(tuple(now), options, settings, output, fixes=True)
        return narrowed(found, lambda: whole(now, options), options, settings)

    done = fix_files.fixed(files, check, unsafe=unsafe)
    return fix_files.finish(done, files, check, options, output, unsafe=unsafe)


def files_for(options: Options, configurations: Configurations) -> Found:
    """The files to check, or standard input as one."""
    paths = options.paths or ((STDIN,) if options.stdin_filename else (".",))
    if STDIN not in paths:
        if options.stdin_filename:
            raise click.UsageError("--stdin-filename names what `-` reads, but there are other paths.")
        return discover(paths, configurations, force_exclude=options.force_exclude)
    if len(paths) > 1:
        raise click.UsageError("`-` cannot be combined with other paths.")
    file = stdin_file(options.stdin_filename, sys.stdin.buffer.read(), configurations)
    if options.force_exclude and options.stdin_filename and not discover_named(file, configurations):
        return Found(())
    return Found((file,))


def discover_named(file: File, configurations: Configurations) -> bool:
    """Whether `--force-exclude` lets the file through whose text comes from standard input."""
    from leaklint.discover import Exclusion

    return not Exclusion(configurations).named(str(file.path))


def checked(
    files: tuple[File, ...], options: Options, settings: Settings, output: Output, *, fixes: bool | None = None
) -> Report:
    """The analysis, then what of it is wanted."""
    from leaklint import check as engine

    start = time.perf_counter()
    jobs = settings.jobs if options.jobs is None else options.jobs
    wanted = output.tells_fixes if fixes is None else fixes
    garbage = RARELY if wanted else 0  # each trial of a fix leaves a project behind; all else is kept
    sources = Sources(files)
    with progress_bar(show=output.may_show_progress) as progress, collected_after(garbage):
        outcome = engine.check(
            files,
            jobs=jobs or processors(),
            progress=progress,
            fixes=wanted,
            cache=cache_of(options, settings),
            sources=sources,
            around=(lambda: beside(files, configurations_of(options))) if are_files(options.paths) else None,
        )
    reviewed = review(outcome.findings, files, sources, outcome.addressed)
    output.warn(reviewed.warnings)
    (output.tell if outcome.acquisitions else output.warn)(map(no_driver, undriven_libraries(files, sources)))
    output.tell(outcome.notes)
    output.tell([f"{count(len(files), 'file')} in {time.perf_counter() - start:.2f} s, settings from {origins(files)}"])
    return Report(
        findings=reviewed.findings,
        lines=sources.lines,
        files=outcome.files,
        acquisitions=outcome.acquisitions,
        paths=outcome.paths,
        suppressed=reviewed.suppressed,
        unsure=reviewed.unsure,
        root=str(Path.cwd()),
        brief=options.quiet,
    )


def are_files(paths: tuple[str, ...]) -> bool:
    """Whether files were named, as by an editor or a hook, and no folders: the project is more than these."""
    return bool(paths) and STDIN not in paths and not any(map(os.path.isdir, paths))


def whole(files: Sequence[File], options: Options) -> list[File]:
    """The files, and where single ones were named, those of their project."""
    return [*files, *(beside(files, configurations_of(options)) if are_files(options.paths) else ())]


def no_driver(library: str) -> str:
    return f"{library} is imported, and no driver speaks of it: tell what acquires in [tool.leaklint.drivers.{library}]"


def cache_of(options: Options, settings: Settings) -> Path | None:
    """The file of what earlier runs of this project found."""
    from leaklint.recall import cache_file

    return None if options.no_cache else cache_file(settings, options.cache_dir or "")


def origins(files: tuple[File, ...]) -> str:
    return ", ".join(sorted({file.settings.origin or "no file" for file in files})) or "no file"


def processors() -> int:
    available: Callable[[int], set[int]] | None = getattr(os, "sched_getaffinity", None)
    return len(available(0)) if available else os.cpu_count() or 1


def show_settings(options: Options, configurations: Configurations) -> int:
    """The settings for the first path, as TOML."""
    from leaklint.commands.show_settings import as_toml

    path = Path(options.paths[0] if options.paths else ".").absolute()
    folder = path if path.is_dir() else path.parent
    click.echo(as_toml(configurations.of_folder(os.path.normpath(folder))), nl=False)
    return 0
