"""What calls of a project's functions make their callers owe."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING

import libcst as cst
import msgspec

from leaklint.drivers.spec import Acquisition
from leaklint.flow.leaks import sites
from leaklint.flow.program import Call, Constant, Procedure
from leaklint.flow.relevance import tested
from leaklint.flow.resolver import Acquired
from leaklint.flow.state import State
from leaklint.flow.values import Known, known
from leaklint.ownership.caller import FunctionResolver
from leaklint.ownership.contracts import owned
from leaklint.ownership.index import Function, Module
from leaklint.ownership.objects import held_resource
from leaklint.ownership.resolve import Target
from leaklint.source import Unit

if TYPE_CHECKING:
    from leaklint.ownership.project import Project

MOST_METHODS = 8

MOST_VARIANTS = 8
"""Sets of constants that a function is told apart by; what it is given beyond them counts as unknown."""

Constants = tuple[tuple[str, Known], ...]
Key = tuple[tuple[str, str], Constants, frozenset[str]]


class Gives:
    """Summaries by function, with its defaults or without."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._gives: dict[Key, Acquired | None] = {}
        self._nothing: set[Procedure] = set()
        self._variants: dict[tuple[str, str], set[Constants]] = {}

    def gives(self, module: Module, function: Function, constants: Mapping[str, Constant]) -> Acquired | None:
        """What a call of the function makes its caller owe, where these parameters are these constants."""
        contract = self.project.contract(module, function)
        if contract is not None and (contract.returns or contract.lends):
            return owned(self.project.catalog, function.name) if contract.returns else None
        if function.abstract:
            return self._overridden(module, function)
        if function.generator or is_cached(function) or not self._may_give(module, function):
            return None
        unit = self.project.unit(module, function) if self.project.sketches.acquires(module, function) else None
        if unit is None:
            return None
        place = self.project.key(module, function)
        given = self._variant(place, unit.procedure, constants)
        key = (place, given, self.project.leaking.known_names(unit.procedure))
        version = len(self.project.acquiring)
        return self.project.fixpoint.settle(
            key, self._gives, None, lambda: self._evaluate(module, function, unit, given), version
        )

    def ever(self, module: Module, function: Function) -> bool:
        """Whether a call of the function makes its caller owe something, with its defaults or with anything else."""
        return any(self.gives(module, function, constants) for constants in (defaults(function), {}))

    def is_busy(self, module: Module, function: Function) -> bool:
        """Whether it is being worked out right now what the function gives."""
        place = self.project.key(module, function)
        unit = self.project.unit(module, function) if place in self._variants else None
        if unit is None:
            return False
        names = self.project.leaking.known_names(unit.procedure)
        return any(self.project.fixpoint.is_busy((place, given, names)) for given in self._variants[place])

    def _variant(self, place: tuple[str, str], procedure: Procedure, constants: Mapping[str, Constant]) -> Constants:
        """Of the constants those that some condition of the function asks about."""
        asked = tested(procedure)
        given = tuple((name, known(constants[name])) for name in sorted(constants) if name in asked)
        variants = self._variants.setdefault(place, set())
        if given not in variants and len(variants) >= MOST_VARIANTS:
            given = ()
        variants.add(given)
        return given

    def _may_give(self, module: Module, function: Function, depth: int = 0) -> bool:
        if self.project.may_acquire(module, function):
            return True
        if depth > 5:
            return False
        for source in function.results:
            if source.kind != "call":
                continue
            target = self.project.names.inside(module, function, source.path)
            if target.kind == "function" and target.owner is not None:
                inner = target.owner.functions[target.name]
                if inner is not function and self._may_give(target.owner, inner, depth + 1):
                    return True
            if target.kind == "class":
                return True
        return False

    def _evaluate(self, module: Module, function: Function, unit: Unit, constants: Constants) -> Acquired | None:
        procedure = unit.procedure
        resolver = FunctionResolver(self.project, module, procedure, function)
        start = State(dict(constants))
        for site, acquired in sites(procedure, resolver):
            found = self.project.leaking.leak(resolver, site, acquired, start)
            if found.gives is None or (found.gives.inside and found.gives.made is None):
                continue
            if found.gives.made is not None:
                acquired = self._as_held(acquired, resolver, found.gives.made)
            path = self.project.modules.path_of(module)
            line = unit.spans([site.node])[0].line
            code = cst.Module([]).code_for_node(site.node)
            why = acquired.why or f"{function.name}() returns it from {shortened(code)} ({path.name}:{line})"
            return acquired._replace(
                maybe=acquired.maybe or found.gives.maybe,
                position=found.gives.position if found.gives.position is not None else acquired.position,
                size=found.gives.size or acquired.size,
                awaited=function.asynchronous or (acquired.awaited and found.gives.pending),
                nested=function.asynchronous and found.gives.pending,
                resource=acquired.resource if found.gives.pending else settled(acquired.resource),
                receiver=False,
                why=why,
            )
        return None

    def _as_held(self, acquired: Acquired, resolver: FunctionResolver, made: Call) -> Acquired:
        """What is owed when an object that holds the resource is handed on instead of it: the object's release."""
        held = next((h for h in (resolver.holder(made, i, acquired) for i in arguments(made)) if h is not None), None)
        if held is None:
            return acquired
        name = made.method or "object"
        return acquired._replace(resource=held_resource(acquired.resource, name, held), fields=frozenset({held.field}))

    def agreed(self, name: str) -> Acquired | None:
        """What all methods of that name in the project give, if they agree."""
        if len(self.project.methods.get(name, ())) > MOST_METHODS:
            return None
        methods = list(islice(self.project.methods_named(name), MOST_METHODS + 1))
        if not methods or len(methods) > MOST_METHODS:
            return None
        found = [self.gives(module, function, defaults(function)) for module, function in methods]
        first = found[0]
        same = all(one is not None and first is not None and one.resource == first.resource for one in found)
        return first if same else None

    def _overridden(self, module: Module, function: Function) -> Acquired | None:
        """What every body gives that subclasses put in the place of an abstract method."""
        names = self.project.names
        bodies = [
            (owner, other)
            for owner, other in self.project.methods_named(function.name)
            if not other.abstract
            and any(
                class_.qualname == function.class_name and home is module
                for class_, home in names.lineage(Target("class", other.class_name, owner))
            )
        ]
        found = [self.gives(owner, other, defaults(other)) for owner, other in bodies[:MOST_METHODS]]
        given = [one for one in found if one is not None]
        return given[0]._replace(confidence="medium") if given and len(given) == len(found) else None

    def of_closure(self, outer: FunctionResolver, procedure: Procedure) -> Acquired | None:
        """What calling a nested function makes its caller owe."""
        if procedure.generator:
            return None
        key = (id(procedure), "closure")
        if self.project.fixpoint.is_busy(key) or procedure in self._nothing:
            return None
        with self.project.fixpoint.working(key):
            view = FunctionResolver(self.project, outer.module, procedure, None, outer)
            for site, acquired in sites(procedure, view):
                found = self.project.leaking.leak(view, site, acquired)
                if found.gives is not None and not found.gives.inside:
                    return acquired._replace(
                        maybe=acquired.maybe or found.gives.maybe,
                        position=found.gives.position,
                        size=found.gives.size,
                        awaited=procedure.asynchronous,
                        why=acquired.why or f"{procedure.name}() returns it",
                    )
            self._nothing.add(procedure)
        return None


def is_cached(function: Function) -> bool:
    """What a cache keeps is lent to each caller."""
    names = {decorator.rpartition(".")[2] for decorator in function.decorators}
    return not names.isdisjoint({"lru_cache", "cache", "cached", "memoize", "alru_cache", "singleton"})


def arguments(call: Call) -> list[int | str]:
    return [argument.keyword or index for index, argument in enumerate(call.args)]


def settled(resource: Acquisition) -> Acquisition:
    """The resource once it was awaited inside: what the caller gets is the thing itself."""
    if resource.awaiting == "no":
        return resource
    return msgspec.structs.replace(resource, awaiting="no", entered=resource.entered_awaited)


def defaults(function: Function) -> dict[str, Constant]:
    """The parameters that have a plain constant as default."""
    return {p.name: p.constant for p in function.params if p.defaulted}


def shortened(code: str) -> str:
    """One line of code, not too long."""
    flat = " ".join(code.split())
    return f"`{flat}`" if len(flat) <= 60 else f"`{flat[:57]}...`"
