"""What a fact is right now, in a few bytes that can be compared with what it was."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol

from leaklint.cache.place import digest
from leaklint.ownership.grounds import Fact, Outside
from leaklint.ownership.modules import Modules


class Releases(Protocol):
    """Whether somebody releases a field, among some files or all."""

    def __call__(self, question: Outside, among: Collection[Path] | None) -> bool: ...


class Truth:
    """What facts are, asked for no more than is needed to know it.

    `standing`: those that have not changed. `was`: what facts were before the files `changed`.
    """

    def __init__(
        self,
        digests: Mapping[str, bytes],
        standing: Mapping[Fact, bytes],
        was: Mapping[Fact, bytes],
        changed: Collection[Path],
    ) -> None:
        self._digests = digests
        self._known = dict(standing)
        self._was = was
        self._changed = changed

    def value(self, fact: Fact, modules: Modules, releases: Releases) -> bytes:
        known = self._known.get(fact)
        if known is not None:
            return known
        match fact.kind:
            case "file":
                path = Path(fact.name)
                return modules.name_of(path).encode() + b"=" + (self._digests.get(fact.name) or _digest(path))
            case "module":
                found = modules.locate(fact.name)
                return str(found).encode() if found is not None else b""
            case "outside":
                return self._known.setdefault(fact, self._outside(fact, releases))

    def _outside(self, fact: Fact, releases: Releases) -> bytes:
        """Where nobody released the field, only those files may release it by now that changed."""
        among = self._changed if self._was.get(fact) == b"no" else None
        return b"yes" if releases(Outside.read(fact.name), among) else b"no"


def _digest(path: Path) -> bytes:
    try:
        return digest(path.read_bytes())
    except OSError:
        return b""
