"""What a fact is right now, in a few bytes that can be compared with what it was."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from leaklint.cache.place import digest
from leaklint.ownership.grounds import Fact, Outside

if TYPE_CHECKING:
    from leaklint.ownership.project import Project


class Truth:
    """What facts are, asked for no more than is needed to know it.

    `standing`: those that have not changed. `was`: what facts were before files `changed`.
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

    def changed(self, project: Project) -> int:
        """The facts, by number, that are not what they were."""
        found = 0
        for number, (fact, was) in enumerate(self._was.items()):
            if self._known.get(fact) != was and self.value(fact, project) != was:
                found |= 1 << number
        return found

    def values(self, facts: Iterable[Fact], project: Project) -> tuple[bytes, ...]:
        known = self._known  # nearly all are: thousands, so that a call for each would be felt
        return tuple(value if (value := known.get(fact)) is not None else self.value(fact, project) for fact in facts)

    def value(self, fact: Fact, project: Project) -> bytes:
        known = self._known.get(fact)
        if known is not None:
            return known
        match fact.kind:
            case "file":
                path = Path(fact.name)
                return project.modules.name_of(path).encode() + b"=" + (self._digests.get(fact.name) or _digest(path))
            case "module":
                return "\n".join(map(str, project.modules.named(fact.name))).encode()
            case "outside":
                return self._known.setdefault(fact, self._outside(fact, project))

    def _outside(self, fact: Fact, project: Project) -> bytes:
        """Where somebody releases the field; where nobody did, only the files that changed may do so by now."""
        among = self._changed if self._was.get(fact) == b"" else project.modules.texts
        found = project.releasing(Outside.read(fact.name), among)
        return str(found).encode() if found is not None else b""


def _digest(path: Path) -> bytes:
    try:
        return digest(path.read_bytes())
    except OSError:
        return b""
