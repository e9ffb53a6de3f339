"""What the command line found in a project, brought up to date: for front ends that are shown one file at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from leaklint.config import Settings
from leaklint.finding import Finding

MOST_CHANGED = 50
"""Files that may have changed since; beyond that, another run of the command line is due."""


def cache_file(settings: Settings, configured: str = "") -> Path:
    """Where it is kept what was found in the project that these settings are of."""
    from leaklint.cache.place import file_for

    root = Path(settings.origin).parent if settings.origin else Path.cwd()
    return file_for(root, configured or settings.cache_dir)


def findings_of_project(settings: Settings, settings_of: Callable[[str], Settings]) -> dict[Path, list[Finding]]:
    """The findings of each file that the last run looked at; none where there was no run, or too much has changed.

    `settings_of` tells the settings that hold in a folder.
    """
    cache = cache_file(settings)
    if not cache.exists():
        return {}
    from leaklint.check import check
    from leaklint.discover import File, display_name

    fixes, paths = last_run(cache, settings)
    files = [File(path, display_name(str(path)), settings_of(str(path.parent))) for path in paths]
    known: dict[str, list[Finding]] = {file.display: [] for file in files}
    for finding in check(files, fixes=fixes, cache=cache).findings if files else ():
        known[finding.filename].append(finding)
    return {file.path: known[file.display] for file in files}


def last_run(cache: Path, settings: Settings) -> tuple[bool, list[Path]]:
    """Whether it asked for fixes, and the files that it looked at and that are still there."""
    from leaklint.cache.sight import latest
    from leaklint.check import engine_settings

    for fixes in (True, False):
        seen = latest(cache, engine_settings(settings), fixes=fixes)
        if seen is not None and seen.changed() <= MOST_CHANGED:
            return fixes, [path for one in seen.all_stamps() if (path := Path(one)).is_file()]
    return False, []
