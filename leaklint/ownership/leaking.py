"""Acquisitions interpreted: each once, for its function's summary and for its findings alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaklint.flow.leaks import NOTHING, Leak, leak
from leaklint.flow.program import Call, Procedure
from leaklint.flow.resolver import Acquired
from leaklint.flow.state import State
from leaklint.ownership.caller import FunctionResolver

if TYPE_CHECKING:
    from leaklint.ownership.project import Project

Key = tuple[Procedure, Call, Acquired, State, frozenset[str]]


class Leaks:
    """What was found, by acquisition, by what is known at the start, and by the names that are known to acquire."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._found: dict[Key, tuple[Leak, int]] = {}
        self._called: dict[Procedure, frozenset[str]] = {}

    def leak(self, resolver: FunctionResolver, site: Call, acquired: Acquired, start: State = NOTHING) -> Leak:
        """Interpret the resolver's procedure for one acquisition, unless that was done before."""
        procedure = resolver.procedure
        key = (procedure, site, acquired, start, self.known_names(procedure))
        known = self._found.get(key)
        if known is not None:
            self.project.grounds.take(known[1])
            return known[0]
        with self.project.grounds.collecting() as grounds:
            found = leak(procedure, site, acquired, resolver, raises_all=self.project.raises_all, start=start)
        if not self.project.fixpoint.assuming:
            self._found[key] = (found, grounds.facts)
        return found

    def known_names(self, procedure: Procedure) -> frozenset[str]:
        """The names of what is called in the procedure of which something is known: with more, more may be found."""
        return self._names(procedure) & self.project.acquiring

    def _names(self, procedure: Procedure) -> frozenset[str]:
        """What is called in the procedure and in those nested in it."""
        found = self._called.get(procedure)
        if found is None:
            inner = [self._names(nested) for nested in procedure.nested]
            found = self._called[procedure] = frozenset({call.method for call in procedure.calls}.union(*inner))
        return found
