"""A glance at the text, before anything heavy is imported: whether something in some files can acquire at all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from leaklint.config import Settings
from leaklint.discover import File
from leaklint.drivers import DRIVERS
from leaklint.intake import Texts
from leaklint.ownership.catalog import USES, Catalog
from leaklint.ownership.indexer import imported_from, parse
from leaklint.ownership.modules import Modules
from leaklint.search import CONTRACT

FEW = 1_000_000
"""Bytes of files beyond which a second look at all of them costs more than it may save."""

MOST_UNASKED = 20_000_000
"""Bytes of files without any name of interest that are parsed all the same, to tell of syntax errors in them."""


def catalog_of(settings: Settings) -> Catalog:
    return Catalog.of((*settings.drivers.values(), *DRIVERS))


def telling_names(catalog: Catalog, settings: Settings) -> frozenset[str]:
    """The names of which a text must mention one before anything in it acquires by itself."""
    functions = {name.rpartition(".")[2] for name in settings.functions}
    return catalog.names() | catalog.generic_libraries() | functions | {CONTRACT}


def scan(names: Iterable[str]) -> re.Pattern[bytes]:
    """One pattern for all names by which a call can acquire."""
    words = sorted(re.escape(name.encode()) for name in names)
    return re.compile(rb"(?<![A-Za-z0-9_])(?:" + b"|".join(words) + rb")\b")


def lonely(files: Sequence[File], texts: Texts) -> bool:
    """Whether nothing can be found in the files whatever the rest of their project says.

    What somebody hands over is acquired by a name that is told elsewhere, but then it is used as a connection here.
    """
    signs = scan(USES | catalog_of(files[0].settings).releases)
    return idle(files, texts) and not any(signs.search(text) for text in texts.sources.values())


def idle(files: Sequence[File], texts: Texts) -> bool:
    """Whether neither a file nor any module that it imports mentions a name by which something is acquired.

    False where that cannot be told cheaply: the files are many, or some cannot be read or parsed. What their settings
    say to the analysis is the same for all of them.
    """
    left = FEW - sum(map(texts.sources.size, texts.sources))
    if texts.findings or left < 0:
        return False
    settings = files[0].settings
    catalog = catalog_of(settings)
    pattern = scan(telling_names(catalog, settings))
    if any(pattern.search(text) for text in texts.sources.values()):
        return False
    modules = Modules()
    modules.libraries |= catalog.libraries.keys()
    modules.give(texts.sources)
    pending = dict(texts.sources)
    seen = set(pending)
    while pending:
        path, text = pending.popitem()
        try:
            new = {path: path.read_bytes() for path in set(imports(modules, path, text)) - seen}
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        left -= sum(map(len, new.values()))
        if left < 0 or any(pattern.search(found) for found in new.values()):
            return False
        pending |= new
        seen |= new.keys()
    return True


def imports(modules: Modules, path: Path, text: bytes) -> Iterator[Path]:
    """The files of the project that a module imports, packages on the way included."""
    package = path.stem == "__init__"
    for node in ast.walk(parse(text)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = imported_from(node, modules.names[path], package=package)
            names = [f"{base}.{alias.name}" if base else alias.name for alias in node.names]
        for name in names:
            while name:
                found = modules.locate(name, path)
                if found is not None:
                    yield found
                name = name.rpartition(".")[0]
