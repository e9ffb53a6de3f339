"""Bytes to text and lines, the way Python itself counts lines, and files written whole or not at all."""

from __future__ import annotations

import io
import os
import re
import tokenize
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from leaklint.shelf import Kept, Shelf

if TYPE_CHECKING:
    from leaklint.discover import File

NEWLINE = re.compile(r"\r\n|\r|\n")


def encoding_of(data: bytes) -> str:
    """The encoding a file declares, or Latin-1 where that is unknown or does not fit, as flake8 has it."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        data.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        return "latin-1"
    return encoding


def decode(data: bytes) -> str:
    return data.decode(encoding_of(data))


def split_lines(text: str) -> list[str]:
    """Lines without their ends; form feeds and the separators of Unicode end no line."""
    return NEWLINE.split(text) if "\r" in text else text.split("\n")


def cell_source(data: bytes, cell: int) -> str:
    """The text of a notebook's cell, counted from 1; empty where there is none."""
    import json

    try:
        source = json.loads(data)["cells"][cell - 1]["source"]
    except (ValueError, LookupError, TypeError):
        return ""
    return source if isinstance(source, str) else "".join(source)


class Sources:
    """The text of the files of one run, by the name that findings carry; each file is read once."""

    def __init__(self, files: Iterable[File]) -> None:
        self._files = {file.display: file for file in files}
        self._shelf = Shelf()
        self._kept: dict[str, Kept] = {}
        self._lines: dict[tuple[str, int | None], list[str]] = {}

    def kept(self, file: File) -> Kept:
        """The bytes of a file, or where they are; raises `OSError`."""
        if file.display not in self._kept:
            self._kept[file.display] = self._shelf.keep(file.path.read_bytes() if file.source is None else file.source)
        return self._kept[file.display]

    def data(self, filename: str, cell: int | None = None) -> bytes:
        """The bytes of a file or of a notebook's cell; empty where it cannot be read."""
        file = self._files.get(filename)
        if file is None:
            return b""
        try:
            data = self.kept(file).read()
        except OSError:
            return b""
        return data if cell is None else cell_source(data, cell).encode("utf-8", "replace")

    def lines(self, filename: str, cell: int | None = None) -> list[str]:
        key = (filename, cell)
        if key not in self._lines:
            self._lines[key] = split_lines(decode(self.data(filename, cell)))
        return self._lines[key]


LEADS_OUT = "it is a symbolic link that leads out of the given paths"


def leads_out(path: Path, roots: Iterable[str]) -> bool:
    """Whether a file really lies below none of the paths that were given."""
    return not any(is_below(path, root) for root in roots)


def is_below(path: Path, root: str) -> bool:
    """Whether a file really lies below one of the paths that were given."""
    real = Path(os.path.realpath(path))
    given = Path(root)
    base = Path(os.path.realpath(given if given.is_dir() else given.parent))
    return real.is_relative_to(base)


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file by `data`, or leave it as it was; its mode stays, and a symbolic link stays one."""
    import tempfile

    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():  # a pipe or a device cannot be replaced
        target.write_bytes(data)
        return
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~umask())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
