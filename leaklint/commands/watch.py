"""`--watch`: check, and check again whenever a file changes that may matter."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from leaklint.commands.refusal import Refusal
from leaklint.discover import SUFFIXES

MATTERING = (*SUFFIXES, ".toml", ".gitignore")


def watch(paths: tuple[str, ...], run: Callable[[], int]) -> int:
    """Until Ctrl-C; what is wrong with a path or a setting meanwhile is told and waited out."""
    try:
        import watchfiles
    except ImportError:
        raise Refusal("--watch needs the package watchfiles: install leaklint-db[watch]") from None
    attempt(run)
    try:
        for _ in watchfiles.watch(*paths, watch_filter=lambda _, path: path.endswith(MATTERING)):
            if sys.stdout.isatty():
                click.clear()
            attempt(run)
    except KeyboardInterrupt:
        return 0
    return 0


def attempt(run: Callable[[], int]) -> None:
    try:
        run()
    except Refusal as refusal:
        refusal.show()
    click.echo(f"Watching {Path.cwd()} for changes; Ctrl-C ends it.", err=True)
