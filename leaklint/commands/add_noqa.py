"""`--add-noqa`: a comment for each finding, written where every front end looks for it, and proven to silence it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import click

from leaklint import suppression
from leaklint.discover import File
from leaklint.finding import Finding
from leaklint.reading import LEADS_OUT, leads_out, write_whole
from leaklint.reports.visible import clean
from leaklint.words import count


def add_noqa(findings: Iterable[Finding], files: Sequence[File], roots: Sequence[str], reason: str) -> int:
    """2 if some finding could not be silenced, each of them with its reason."""
    by_name = {file.display: file for file in files}
    wanted = [one for one in findings if one.code not in suppression.NEVER_SILENCED]
    written = changed = 0
    refused: list[str] = []
    for name, group in groupby(wanted, key=lambda finding: finding.filename):
        here = list(group)
        if problem := silence(by_name[name], here, roots, reason):
            refused.append(f"{name} was left as it is: {problem}")
        else:
            written, changed = written + len(here), changed + 1
    for message in refused:
        click.echo(f"error: {clean(message)}", err=True)
    click.echo(f"Silenced {count(written, 'finding')} in {count(changed, 'file')}.")
    return 2 if refused else 0


def silence(file: File, findings: list[Finding], roots: Sequence[str], reason: str) -> str:
    """Write the comments for one file; why not, if that cannot be done."""
    if file.source is not None:
        return "it is standard input"
    if file.display.endswith(".ipynb"):
        return "comments are not written into notebooks"
    if leads_out(file.path, roots):
        return LEADS_OUT
    try:
        source = file.path.read_bytes()
        commented = suppression.added(source, findings, reason)
        comments = suppression.read(commented)
        if not all(suppression.silenced(one, comments) for one in findings):
            return "a comment there would not be heeded"
        write_whole(file.path, commented)
    except UnicodeEncodeError:
        return "the reason cannot be written in the file's encoding"
    except OSError as error:
        return error.strerror or str(error)
    return ""
