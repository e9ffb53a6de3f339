"""Objects that owe for what they keep: a resource acquired by their class, or a handle given to their constructor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from leaklint.drivers.spec import Acquisition, Template
from leaklint.flow import calm
from leaklint.flow.given import fields_of
from leaklint.flow.resolver import Acquired, Held
from leaklint.ownership.caller import FunctionResolver
from leaklint.ownership.classes import CONSTRUCTORS
from leaklint.ownership.grounds import Memo
from leaklint.ownership.index import Class, Function, Module
from leaklint.ownership.resolve import Target

if TYPE_CHECKING:
    from leaklint.ownership.project import Project

EXITS = frozenset({"__exit__", "__aexit__"})
ENDS = EXITS | {"__del__", "stop", "exit", "quit", "end", "tearDown", "asyncTearDown"}
"""Methods that end an object, besides those whose names say that they release."""

MOST_INSIDE = 2
"""An object that keeps one that keeps another that keeps a resource is not held to account for that."""

Kept = dict[str, tuple[Acquired, set[str]]]


class Owning(NamedTuple):
    """A class whose objects owe: what its constructor, or some method, acquires and how the object releases it.

    `fields`: the field that keeps it, and the properties that hand it out.
    """

    resource: Acquisition
    driver: str
    by: frozenset[str]
    fields: frozenset[str]
    inside: int
    why: str

    def acquired(self, *, receiver: bool = False) -> Acquired:
        """What is owed by whoever makes such an object, or calls a method on one that acquires (`receiver`)."""
        return Acquired(
            self.resource,
            self.driver,
            receiver=receiver,
            fields=self.fields,
            inside=self.inside,
            confidence="medium",
            why=self.why,
        )


class Objects:
    """Summaries by class."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._owning: dict[tuple[str, str], Owning | None] = {}
        self._keeping: dict[tuple[str, str], tuple[Kept, Owning | None]] = {}
        self._holders: Memo[object, Held | None] = Memo(project.grounds, None)
        self._lent: Memo[tuple[str, str], dict[str, str]] = Memo(project.grounds, {})

    def owning(self, target: Target) -> Owning | None:
        """Whether objects of a project class owe a release from their construction or a method on."""
        assert target.owner is not None
        key = (str(self.project.modules.path_of(target.owner)), target.name)
        version = len(self.project.acquiring)
        return self.project.fixpoint.settle(key, self._owning, None, lambda: self._find_owning(target), version)

    def lent(self, target: Target) -> dict[str, str]:
        """The properties of a class that do no more than hand out a field, with that field."""
        assert target.owner is not None
        key = (str(self.project.modules.path_of(target.owner)), target.name)
        return self._lent.get(key, lambda: self._find_lent(target))

    def _find_lent(self, target: Target) -> dict[str, str]:
        found: dict[str, str] = {}
        for class_, module in reversed(list(self.project.names.lineage(target))):
            found |= {name: handed_out(module.functions[qualname]) for name, qualname in class_.methods.items()}
        return {name: field for name, field in found.items() if field}

    def _find_owning(self, target: Target) -> Owning | None:
        lineage = list(self.project.names.lineage(target))
        kept = self._kept(lineage)
        key = (str(self.project.modules.path_of(lineage[0][1])), target.name) if lineage else ("", target.name)
        before, found = self._keeping.get(key, ({}, None))
        if before != kept:
            found = self._released(target, lineage, kept)
            if not self.project.fixpoint.assuming:
                self._keeping[key] = kept, found
        return found

    def _kept(self, lineage: list[tuple[Class, Module]]) -> Kept:
        """What methods leave in fields of the object, with the names of these methods."""
        kept: Kept = {}
        overridden: set[str] = set()
        for class_, module in lineage:
            for name, qualname in class_.methods.items():
                function = module.functions[qualname]
                if (name in overridden and name not in CONSTRUCTORS) or not self.project.may_acquire(module, function):
                    continue
                overridden.add(name)
                for one in self.project.leaks(module, function):
                    for field in one.keeps if one.acquired.inside < MOST_INSIDE else ():
                        kept.setdefault(field, (one.acquired, set()))[1].add(name)
        return kept

    def _released(self, target: Target, lineage: list[tuple[Class, Module]], kept: Kept) -> Owning | None:
        """The first of these fields that some method releases."""
        for field, (acquired, by) in kept.items():
            releasers = self._releasers(lineage, field, acquired)
            if releasers:
                others = {name for name, lent in self.lent(target).items() if lent == field}
                seen = any(not EXITS.isdisjoint(class_.methods) for class_, _ in lineage)
                return owning(target, (field, *sorted(others)), acquired, frozenset(by), releasers, exit_seen=seen)
        return None

    def holder(self, target: Target, parameter: str, acquired: Acquired) -> Held | None:
        """The field in which objects keep what their constructor is given, and the methods that release it."""
        lineage = list(self.project.names.lineage(target))
        key = (str(self.project.modules.path_of(lineage[0][1])), target.name, parameter, acquired.resource)
        return self._holders.get(key, lambda: self._find_holder(lineage, parameter, acquired))

    def _find_holder(self, lineage: list[tuple[Class, Module]], parameter: str, acquired: Acquired) -> Held | None:
        found = next(((m, c.methods["__init__"]) for c, m in lineage if "__init__" in c.methods), None)
        fields = [parameter]
        if found is not None:
            unit = self.project.unit(found[0], found[0].functions[found[1]])
            if unit is None:
                return None
            resolver = FunctionResolver(self.project, found[0], unit.procedure, found[0].functions[found[1]])
            fields = fields_of(unit.procedure, parameter, acquired, resolver)
        for field in fields:
            releasers = self._releasers(lineage, field, acquired)
            if releasers:
                awaited = tuple(name for name, asynchronous in releasers.items() if asynchronous)
                return Held(field, tuple(releasers), awaited, not EXITS.isdisjoint(releasers))
        return Held(fields[0], (), (), entered=False) if len(fields) == 1 else None

    def _releasers(self, lineage: list[tuple[Class, Module]], field: str, acquired: Acquired) -> dict[str, bool]:
        """The methods that release a field on all normal ways; where there are none, those that do on some."""
        always = self._releasing(lineage, field, acquired, partly=False)
        found = always or self._releasing(lineage, field, acquired, partly=True)
        return found | dict(_inherited(lineage, found))

    def _releasing(
        self, lineage: list[tuple[Class, Module]], field: str, acquired: Acquired, *, partly: bool
    ) -> dict[str, bool]:
        """The methods that release a field on all (or some) normal ways, each with whether it must be awaited."""
        found: dict[str, bool] = {}
        for class_, module in lineage:
            for name, qualname in class_.methods.items():
                if name in found or name in CONSTRUCTORS:
                    continue
                function = module.functions[qualname]
                receiver = function.params[0].name if function.params else ""
                if not receiver or function.generator:
                    continue
                fate = self.project.given(module, function, f"{receiver}.{field}", acquired, {})
                released = fate is not None and "released" in fate.normal
                if fate is not None and released and (partly or fate.normal == frozenset({"released"})):
                    found[name] = function.asynchronous
        if not found and any(_delegates(module, class_, field) for class_, module in lineage):
            return {name: name in acquired.resource.awaited for name in acquired.resource.releases}
        return found


def handed_out(function: Function) -> str:
    """The field that a property hands out, whatever way it returns; "" for any other function."""
    paths = {source.path if source.kind == "name" else "" for source in function.results}
    if not function.is_property or len(paths) != 1 or not function.params:
        return ""
    root, _, field = paths.pop().partition(".")
    return field if root == function.params[0].name and "." not in field else ""


def _inherited(lineage: list[tuple[Class, Module]], releasers: dict[str, bool]) -> Iterator[tuple[str, bool]]:
    """The methods of a base that end an object by calling a method that releases in the class itself."""
    for class_, module in lineage[1:]:
        for name, qualname in class_.methods.items():
            function = module.functions[qualname]
            ends = name in ENDS or calm.RELEASING_NAME.search(name)
            if not ends or name in releasers or not function.params:
                continue
            receiver = function.params[0].name
            if any(f"{receiver}.{releaser}" in function.calls for releaser in releasers):
                yield name, function.asynchronous


def _delegates(module: Module, class_: Class, field: str) -> bool:
    """Whether attributes that the class does not define are those of the field."""
    function = module.functions.get(class_.methods.get("__getattr__", ""))
    if function is None or not function.params:
        return False
    place = f"{function.params[0].name}.{field}"
    return any(source.path == "getattr" and source.args[:1] == (place,) for source in function.results)


def owning(
    target: Target,
    fields: tuple[str, ...],
    acquired: Acquired,
    by: frozenset[str],
    releasers: dict[str, bool],
    *,
    exit_seen: bool,
) -> Owning:
    """Such a class, from what its first field keeps; the others hand that out.

    Where no exit is seen, a base out of sight has the one that `with` needs, and is trusted with it.
    """
    inner = acquired.resource
    entered = not EXITS.isdisjoint(releasers)
    public = tuple(name for name in releasers if name not in EXITS | {"__del__"})
    name = target.name.rpartition(".")[2]
    resource = msgspec.structs.replace(
        inner,
        noun=f"{name} object",
        type=target.name,
        awaiting="no",
        releases=public,
        closes=(),
        pool_releases=(),
        functions=(),
        awaited=tuple(method for method in public if releasers[method]),
        same=("__enter__",),
        entered="releases" if entered or not exit_seen else "unsupported",
        lazy=False,
        template=Template(item="{acquire}" if entered else "", release=f"{{name}}.{public[0]}()" if public else ""),
    )
    why = f"{name} keeps a {inner.noun} in self.{fields[0]}"
    return Owning(resource, acquired.driver, by, frozenset(fields), acquired.inside + 1, why)


def held_resource(inner: Acquisition, name: str, held: Held) -> Acquisition:
    """The object as a resource of its own."""
    return msgspec.structs.replace(
        inner,
        noun=f"{name} object",
        type="",
        awaiting="no",
        releases=held.releases,
        closes=(),
        pool_releases=inner.pool_releases,
        awaited=held.awaited,
        same=(),
        entered="releases" if held.entered else "unsupported",
        lazy=False,
        template=Template(
            item="{acquire}" if held.entered else "",
            release=f"{{name}}.{held.releases[0]}()" if held.releases else "",
        ),
    )
