"""Changes as a unified diff: byte for byte where a program reads it, harmless where a person does."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping

import click

from leaklint.reading import decode
from leaklint.reports.visible import laid_out

LINE = re.compile(rb"[^\n]*\n|[^\n]+")
"""A line as git and patch have it; no other character ends one."""

ODD = re.compile(rb"[\x00-\x1f\x7f\"\\]")
"""What git quotes in the name of a file."""


def diff(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> bytes:
    """All changed files as one diff that can be applied."""
    return b"".join(part for name in sorted(after) for part in _file(name, before[name], after[name]))


def _file(name: str, before: bytes, after: bytes) -> Iterator[bytes]:
    old, new = _quoted(f"a/{name}"), _quoted(f"b/{name}")
    for line in difflib.diff_bytes(difflib.unified_diff, LINE.findall(before), LINE.findall(after), old, new):
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _quoted(name: str) -> bytes:
    raw = os.fsencode(name)
    if not ODD.search(raw):
        return raw
    return b'"%s"' % ODD.sub(lambda found: b"\\%03o" % ord(found[0]), raw)


def shown(changes: bytes) -> str:
    """A diff for a terminal, in the colours that git gives it."""
    return "".join(f"{_painted(laid_out(decode(line))[0])}\n" for line in changes.split(b"\n")[:-1])


def _painted(line: str) -> str:
    if line.startswith(("---", "+++")):
        return click.style(line, bold=True)
    if line.startswith("@@"):
        return click.style(line, fg="cyan")
    if line.startswith("+"):
        return click.style(line, fg="green")
    return click.style(line, fg="red") if line.startswith("-") else line
