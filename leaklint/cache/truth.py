"""What a fact is right now, in a few bytes that can be compared with what it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from leaklint.cache.place import digest
from leaklint.ownership.grounds import Fact, Outside
from leaklint.ownership.modules import Modules


def value(fact: Fact, modules: Modules, digests: Mapping[str, bytes], releases: Callable[[Outside], bool]) -> bytes:
    match fact.kind:
        case "file":
            path = Path(fact.name)
            return modules.name_of(path).encode() + b"=" + (digests.get(fact.name) or _digest(path))
        case "module":
            found = modules.locate(fact.name)
            return str(found).encode() if found is not None else b""
        case "outside":
            return b"yes" if releases(Outside.read(fact.name)) else b"no"


def _digest(path: Path) -> bytes:
    try:
        return digest(path.read_bytes())
    except OSError:
        return b""
