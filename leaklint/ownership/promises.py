"""Contracts held against bodies: what a function says of itself, and what its body visibly does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from leaklint.flow.facts import statements
from leaklint.flow.leaks import Ended, Leak, interpret, shown, sites
from leaklint.flow.program import Call, Const, Place, Procedure, Return
from leaklint.flow.resolver import Acquired
from leaklint.flow.run import RETURN
from leaklint.flow.state import OWED, RETURNED, State, Trace
from leaklint.flow.values import NEW
from leaklint.ownership.caller import FunctionResolver
from leaklint.ownership.contracts import Contract, owned
from leaklint.ownership.index import Function, Module
from leaklint.source import Unit

if TYPE_CHECKING:
    from leaklint.ownership.project import Project

PLAIN = frozenset({"property", "staticmethod", "classmethod"})


class Untrue(NamedTuple):
    """A function says that its caller owes what it returns; `does` is what it does instead, at `node`."""

    unit: Unit
    name: cst.CSTNode
    node: cst.CSTNode
    says: str
    does: str


class Promises(NamedTuple):
    """One function, what it says of itself, and its body."""

    project: Project
    function: Function
    contract: Contract
    unit: Unit
    name: cst.Name
    resolver: FunctionResolver

    @property
    def procedure(self) -> Procedure:
        return self.unit.procedure

    @property
    def _is_plain(self) -> bool:
        """Whether a call returns what the body does."""
        return PLAIN.issuperset(self.function.decorators)

    def broken(self) -> Iterator[Leak]:
        """What is left owed on some way out, though the function says that it is not."""
        yield from self._not_taken()
        if self.contract.lends and self._is_plain:
            yield from self._not_lent()

    def _not_taken(self) -> Iterator[Leak]:
        """What it says that it releases or keeps: the parameter stands for an acquisition at the function's name.

        What a callee that nobody can see is given lowers confidence as ever, so that a promise kept out of sight is
        not called broken.
        """
        for parameter in sorted((self.contract.releases | self.contract.keeps) & set(self.procedure.names)):
            does = "releases" if parameter in self.contract.releases else "keeps"
            trace = Trace().then("promised", self.name, f"`{self.function.name}()` says that it {does} `{parameter}`")
            acquired = self._anything()
            ended = self._from(parameter, acquired, trace)
            yield shown(Call(self.name, Place(self.name, parameter), ()), acquired, ended)

    def _not_lent(self) -> Iterator[Leak]:
        """What it says that it lends: an acquisition that only its caller gets hold of is nobody's to release."""
        for site, acquired in sites(self.procedure, self.resolver):
            found = self.project.leaking.leak(self.resolver, site, acquired)
            if found.gives is None or found.exits:
                continue
            lent = acquired._replace(why=f"`{self.function.name}()` says that it lends what it returns")
            ended = interpret(self.procedure, site, lent, self.resolver, State(), raises_all=self.project.raises_all)
            yield shown(site, lent, ended, lends=True)

    def untrue(self) -> Iterator[Untrue]:
        """What it returns, though it says that its caller owes that: nothing, or what stays where it was before."""
        returns = [one for one in statements(self.procedure) if isinstance(one, Return)]
        if not self.contract.returns or not self._is_plain or not returns:
            return
        says = f"`{self.function.name}()` says that its caller owes what it returns"
        if all(one.value is None or isinstance(one.value, Const) for one in returns):
            yield Untrue(self.unit, self.name, returns[0].node, says, "it returns nothing that could be owed")
            return
        for place in sorted({source.path for source in self.function.results if source.kind == "name"}):
            if not self._outlives(place):
                continue
            ended = self._from(place, self._anything(), Trace())
            for state, trace in ended.outcome.get(RETURN, {}).items():
                if state.get(place) == NEW and "new" in state.reachable(state.get(RETURNED)):
                    step = next(step for step in reversed(trace.steps()) if step.kind == "returns")
                    yield Untrue(self.unit, self.name, step.node, says, f"what it returns stays in `{place}`")
                    return

    def _outlives(self, place: str) -> bool:
        """Whether it is a field of the method's object, or a global."""
        root, _, field = place.partition(".")
        if field:
            return bool(self.function.class_name) and root in self.procedure.names[:1] and "." not in field
        return root not in self.procedure.locals and root in self.resolver.module.values

    def _from(self, place: str, acquired: Acquired, trace: Trace) -> Ended:
        """The body interpreted with something owed in a place."""
        start = State(new=OWED._replace(bound=True)).set(place, NEW)
        raises_all = self.project.raises_all
        return interpret(self.procedure, None, acquired, self.resolver, start, trace, raises_all=raises_all)

    def _anything(self) -> Acquired:
        return owned(self.project.catalog, self.function.name)._replace(why="")


def promises(project: Project, module: Module, function: Function) -> Promises | None:
    """The function with what it says of itself, where it says something and has a body to hold that against."""
    contract = project.contract(module, function)
    unit = project.unit(module, function) if contract and not function.abstract and not function.generator else None
    if contract is None or unit is None or not isinstance(unit.procedure.node, cst.FunctionDef):
        return None
    resolver = project.resolver(module, unit.procedure, function)
    return Promises(project, function, contract, unit, unit.procedure.node.name, resolver)
