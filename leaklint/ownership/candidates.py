"""Which functions may acquire, and under which names a module knows what does: told before anything is interpreted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from leaklint.ownership.caller import COMMON
from leaklint.ownership.classes import CONSTRUCTORS
from leaklint.ownership.grounds import Memo
from leaklint.ownership.index import Function, Module
from leaklint.ownership.plausible import plausible
from leaklint.ownership.resolve import Target

if TYPE_CHECKING:
    from leaklint.ownership.project import Project


class Candidates:
    """Answers that hold until another name is found to acquire."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._plausible: dict[tuple[int, str], tuple[int, bool, int]] = {}
        self._asking: set[tuple[int, str]] = set()
        self._other_names: Memo[tuple[Path, int], frozenset[str]] = Memo(project.grounds, frozenset())

    def remember(self, others: Candidates, renamed: dict[int, int]) -> None:
        """Take over what was found of the same functions, some of them now in another module."""
        for (module, function), found in others._plausible.items():
            self._plausible[renamed.get(module, module), function] = found

    def may_acquire(self, module: Module, function: Function) -> bool:
        """Whether anything called in the function may acquire, going by names and by what is known of them."""
        key = (id(module), function.key)
        version, answer, facts = self._plausible.get(key, (-1, False, 0))
        if answer or version == len(self.project.acquiring):
            self.project.grounds.take(facts)
            return answer
        if key in self._asking:  # what calls itself in the end is worth a look
            return True
        self._asking.add(key)
        try:
            with self.project.grounds.collecting() as grounds:
                answer = plausible(self.project, module, function.calls, function)
        finally:
            self._asking.remove(key)
        self._plausible[key] = (len(self.project.acquiring), answer, grounds.facts)
        return answer

    def other_names(self, module: Module) -> frozenset[str]:
        """The names under which the module itself knows what acquires: import aliases, factories in variables."""
        key = (self.project.modules.path_of(module), len(self.project.acquiring))
        return self._other_names.get(key, lambda: frozenset(self._find_other_names(module)))

    def _find_other_names(self, module: Module) -> Iterator[str]:
        yield from self.library_methods(module)
        for name, qualified in module.imports.items():
            known = qualified.rpartition(".")[2] in self.project.acquiring
            if known or (not self._is_idle(qualified, module) and self._opens(self.project.names.path(module, name))):
                yield name
        for name in module.values:
            if self._opens(self.project.names.path(module, name)):
                yield name
        yield from self._fields(module)

    def _fields(self, module: Module) -> Iterator[str]:
        """The attributes of the module's classes that acquire when they are called."""
        for class_ in module.classes.values():
            target = Target("instance", class_.qualname, module)
            yield from (name for name in class_.attributes if self._opens(self.project.names.member(target, name)))

    def _is_idle(self, qualified: str, importer: Module) -> bool:
        """Whether what is imported comes from a file that mentions nothing that acquires: it need not be indexed."""
        modules = self.project.modules
        while qualified:
            path = modules.locate(qualified, modules.path_of(importer))
            if path is not None:
                modules.grounds.ask("file", str(path))
                return path in self.project.idle
            qualified = qualified.rpartition(".")[0]
        return False

    def library_methods(self, module: Module) -> set[str]:
        """The acquiring method names of the libraries that a module imports, however common they are."""
        roots = {qualified.partition(".")[0] for qualified in module.imports.values()}
        known = roots & self.project.catalog.libraries.keys()
        return {method for root in known for method in self.project.catalog.library_methods(root)}

    def _opens(self, target: Target) -> bool:
        """Whether calling the thing acquires by what a driver says."""
        if target.kind == "instance" and target.owner is None:
            return f"{target.name}.()" in self.project.catalog.members
        if target.kind in {"library", "member"}:
            return target.name in self.project.catalog.calls or target.name in self.project.catalog.members
        return target.kind in {"function", "class"} and target.name.rpartition(".")[2] in self.project.acquiring

    def factory_names(self, module: Module) -> Iterator[str]:
        """The names of a module's own variables, and of its classes' attributes, that others may call to acquire."""
        yield from (name for name in module.values if self._opens(self.project.names.path(module, name)))
        yield from (name for name in self._fields(module) if name not in COMMON)
        yield from (function.name for function in module.functions.values() if self.makes_factory(module, function))

    def makes_factory(self, module: Module, function: Function) -> bool:
        """Whether the function returns, alone or in a tuple, what acquires when it is called."""
        names, itself = self.project.names, Target("function", function.qualname, module)
        parts = (names.item(itself, position) for position in range(len(function.items)))
        return any(self._opens(made) for made in (*names.results(module, function), *parts) if made.kind == "instance")

    def owning_names(self, module: Module) -> tuple[set[str], set[str]]:
        """The names of the module's classes whose construction makes their user owe, and of the methods that do."""
        found: set[str] = set()
        opening: set[str] = set()
        for class_ in module.classes.values():
            target = Target("class", class_.qualname, module)
            methods = ((o, o.functions[m]) for c, o in self.project.names.lineage(target) for m in c.methods.values())
            if not any(self.may_acquire(owner, method) for owner, method in methods):
                continue
            owned = self.project.objects.owning(target)
            if owned is not None:
                found.add(class_.name)
                opening |= owned.by - set(CONSTRUCTORS)
        return found, opening

    def borrowed_names(self, module: Module) -> set[str]:
        """The names of functions and classes of other modules that this one calls, and that make it owe something."""
        found: set[str] = set()
        for function in module.functions.values():
            for path in function.calls:
                target = self.project.names.inside(module, function, path)
                if target.owner is None or target.owner is module:
                    continue
                called = target.owner.functions.get(target.name) if target.kind == "function" else None
                gives = called is not None and self.project.calls.ever(target.owner, called)
                if gives or (target.kind == "class" and self.project.objects.owning(target) is not None):
                    found.add(target.name.rpartition(".")[2])
        return found
