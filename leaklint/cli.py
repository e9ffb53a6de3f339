"""The command line as a whole: which commands there are, `check` for whatever is none, and how every run ends."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING

import click

from leaklint import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = ("check", "rule", "drivers", "baseline", "init", "doctor")
OWN_OPTIONS = ("--help", "-h", "--version")
REFUSED = 2

EPILOG = """\b
Without a command, leaklint checks: `leaklint src` is `leaklint check src`.
The options of that are told by `leaklint check --help`.
A path that is called like a command is written with a slash: `leaklint ./rule`.

\b
Shell completion (bash; zsh_source and fish_source work alike):
  eval "$(_LEAKLINT_COMPLETE=bash_source leaklint)"
"""


class Commands(click.Group):
    """The commands, each imported when it is called for; what names none of them is given to `check`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"leaklint.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = bool(args) and args[0] in (*COMMANDS, *OWN_OPTIONS)
        completing_first = ctx.resilient_parsing and not args
        return super().parse_args(ctx, args if named or completing_first else ["check", *args])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        check = self.get_command(ctx, "check")
        assert check is not None
        inner = click.Context(check, info_name="check", parent=ctx)
        found = [*super().shell_complete(ctx, incomplete), *check.shell_complete(inner, incomplete)]
        if not incomplete.startswith("-"):
            found += check.params[0].shell_complete(inner, incomplete)
        return list({(item.value, item.type): item for item in found}.values())


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="leaklint", message="%(prog)s %(version)s")
def cli() -> None:
    """Find database connections that some path never releases."""


def main() -> None:
    """The entry point: 0 nothing to report, 1 findings, 2 the job could not be done."""
    code = run(sys.argv[1:])
    gc.freeze()  # what is left dies with the process: to look for garbage in it once more takes a tenth of a long run
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line and give its exit code; nothing but an interpreter that dies gets past this."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(args=list(arguments), prog_name="leaklint", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return REFUSED
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return REFUSED
    except BrokenPipeError:
        quiet_stdout()
        return 0
    except SystemExit:  # click's own end for a closed pipe, such as `leaklint --help | head -1`
        quiet_stdout()
        return 0
    except Exception as error:
        return internal_error(error, verbose=not {"-v", "--verbose"}.isdisjoint(arguments))
    return code if isinstance(code, int) else 0


def internal_error(error: Exception, *, verbose: bool) -> int:
    if verbose:
        import traceback

        traceback.print_exception(error)
    said = " ".join(str(error).split())
    click.echo(f"internal error: {type(error).__name__}{': ' + said if said else ''}", err=True)
    click.echo("This is a fault of leaklint, not of the code it was given. -v shows where it happened.", err=True)
    return REFUSED


def quiet_stdout() -> None:
    """Nobody reads on: let the interpreter's last flush go nowhere instead of complaining."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
