"""A job that cannot be done, said in one line an item; the exit code is then 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from leaklint.config import ConfigError
from leaklint.discover import MissingPathsError
from leaklint.words import nearest, quoted


class Refusal(click.ClickException):
    """Shown as `error: …` lines."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        from leaklint.reports.visible import clean

        for line in self.message.split("\n"):
            click.echo(f"error: {clean(line)}", err=True, file=file)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what is wrong with a configuration or with paths into a refusal."""
    try:
        yield
    except ConfigError as error:
        raise Refusal(str(error)) from error
    except MissingPathsError as error:
        raise Refusal("\n".join(map(missing, error.paths))) from error


def missing(path: str) -> str:
    from leaklint.cli import COMMANDS

    meant = nearest(path, COMMANDS) if path.isalpha() else ""
    return f"{quoted(path)} does not exist" + meant.replace("did you mean", "did you mean the command")
