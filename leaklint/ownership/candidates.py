"""Which functions may acquire, and under which names a module knows what does: told before anything is interpreted."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Set
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from leaklint.ownership.caller import COMMON
from leaklint.ownership.classes import CONSTRUCTORS
from leaklint.ownership.grounds import Memo
from leaklint.ownership.index import Class, Function, Module, Source
from leaklint.ownership.plausible import RESULT, plausible
from leaklint.ownership.resolve import UNKNOWN, Target

if TYPE_CHECKING:
    from leaklint.ownership.project import Project

WORD = re.compile(r"\w+")


class Candidates:
    """Answers that hold until another name is found to acquire."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._plausible: dict[tuple[int, str], tuple[int, bool, int]] = {}
        self._asking: set[tuple[int, str]] = set()
        self._other_names: Memo[tuple[Path, int], frozenset[str]] = Memo(project.grounds, frozenset())
        self._last_names: dict[int, tuple[Collection[str], frozenset[str]]] = {}
        self._known: Memo[tuple[Path, str, int], bool] = Memo(project.grounds, False)
        self._acquiring: Memo[tuple[Path, str, int], bool] = Memo(project.grounds, False)

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
        if answer or not self.project.fixpoint.assuming:
            self._plausible[key] = (len(self.project.acquiring), answer, grounds.facts)
        return answer

    def last_names(self, calls: Collection[str]) -> frozenset[str]:
        """The last names of what is called; one for all that is the result of another call."""
        known = self._last_names.get(id(calls))
        if known is None:
            lasts = (path.rpartition(".")[2] for path in calls)
            known = calls, frozenset(RESULT if last.endswith(RESULT) else last for last in lasts)
            self._last_names[id(calls)] = known  # with the calls, which thus stay where they are
        return known[1]

    def other_names(self, module: Module) -> frozenset[str]:
        """The names under which the module itself knows what acquires: import aliases, factories in variables."""
        key = (self.project.modules.path_of(module), len(self.project.acquiring))
        return self._other_names.get(key, lambda: frozenset(self._find_other_names(module)))

    def _find_other_names(self, module: Module) -> Iterator[str]:
        yield from self.library_methods(module)
        named = {*self._imported(module)}
        yield from named
        yield from self._variables(module, named)
        yield from self._fields(module, named)

    def _imported(self, module: Module) -> Iterator[str]:
        """What a module imports that acquires, by its own names: where it comes from, it may have another."""
        for name, qualified in module.imports.items():
            if qualified.rpartition(".")[2] in self.project.acquiring or self._is_renamed(qualified, module):
                yield name

    def _is_renamed(self, qualified: str, importer: Module) -> bool:
        """Whether the module from which something is imported knows by that name what acquires."""
        found = self._home(qualified, importer)
        module = self.project.modules.index(found[0]) if found is not None else None
        return found is not None and module is not None and self._knows(module, found[1])

    def _knows(self, module: Module, name: str) -> bool:
        """Whether a name that the module imports or gives to a variable means what acquires."""
        key = (self.project.modules.path_of(module), name, len(self.project.acquiring))
        return self._known.get(key, lambda: self._finds(module, name))

    def _finds(self, module: Module, name: str) -> bool:
        qualified = module.imports.get(name)
        if qualified is not None:
            return qualified.rpartition(".")[2] in self.project.acquiring or self._is_renamed(qualified, module)
        sources = module.values.get(name, ())
        mentions = self._mentions(sources, lambda word: word in module.imports and self._knows(module, word))
        return mentions and self._opens(self.project.names.path(module, name))

    def _home(self, qualified: str, importer: Module) -> tuple[Path, str] | None:
        """The file of the module from which something is imported, unless it mentions nothing that acquires."""
        modules = self.project.modules
        name, _, rest = qualified.rpartition(".")
        while name:
            path = modules.locate(name, modules.path_of(importer))
            if path is not None:
                modules.grounds.ask("file", str(path))
                return None if path in self.project.idle else (path, rest.partition(".")[0])
            name, _, last = name.rpartition(".")
            rest = f"{last}.{rest}"
        return None

    def _mentions(self, sources: Iterable[Source], known: Callable[[str], bool]) -> bool:
        """Whether a value can be what acquires, going by the names that it is made of."""
        words = {word for source in sources for path in (source.path, *source.args) for word in WORD.findall(path)}
        return not words.isdisjoint(self.project.acquiring) or any(map(known, words))

    def _variables(self, module: Module, named: Set[str]) -> Iterator[str]:
        """The module's variables that acquire when they are called."""
        for name, sources in module.values.items():
            if self._mentions(sources, named.__contains__) and self._opens(self.project.names.path(module, name)):
                yield name

    def _fields(self, module: Module, named: Set[str]) -> Iterator[str]:
        """The attributes of the module's classes that acquire when they are called."""
        for class_ in module.classes.values():
            target = Target("instance", class_.qualname, module)
            for name, sources in class_.attributes.items():
                if self._mentions(sources, named.__contains__) and self._opens(self.project.names.member(target, name)):
                    yield name

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
        known = self.other_names(module)
        yield from (name for name in known if name in module.values)
        fields = {name for class_ in module.classes.values() for name in class_.attributes}
        yield from known & fields - COMMON
        yield from (function.name for function in module.functions.values() if self.makes_factory(module, function))

    def makes_factory(self, module: Module, function: Function) -> bool:
        """Whether the function returns, alone or in a tuple, what acquires when it is called."""
        note = (function.annotation,) if function.annotation is not None else ()
        known = self.other_names(module).__contains__
        if not self._mentions((*note, *function.results, *chain(*function.items)), known):
            return False
        names, itself = self.project.names, Target("function", function.qualname, module)
        parts = (names.item(itself, position) for position in range(len(function.items)))
        return any(self._opens(made) for made in (*names.results(module, function), *parts) if made.kind == "instance")

    def owning_names(self, module: Module) -> tuple[set[str], set[str]]:
        """The names of the module's classes whose construction makes their user owe, and of the methods that do."""
        found: set[str] = set()
        opening: set[str] = set()
        for class_ in module.classes.values():
            owned = None
            if self._has_acquiring(module, class_):
                owned = self.project.objects.owning(Target("class", class_.qualname, module))
            if owned is not None:
                found.add(class_.name)
                opening |= owned.by - set(CONSTRUCTORS)
        return found, opening

    def _has_acquiring(self, module: Module, class_: Class) -> bool:
        """Whether some method of a class may acquire, its own or one that it inherits."""
        key = (self.project.modules.path_of(module), class_.qualname, len(self.project.acquiring))
        found = self._acquiring.get(key, lambda: self._find_acquiring(module, class_))
        if not found and self.project.fixpoint.assuming:
            self._acquiring.forget(key)
        return found

    def _find_acquiring(self, module: Module, class_: Class) -> bool:
        if any(self.may_acquire(module, module.functions[method]) for method in class_.methods.values()):
            return True
        bases = (self._base(module, base) for base in class_.bases if base)
        return any(
            base.owner is not None
            and base.name in base.owner.classes
            and self._has_acquiring(base.owner, base.owner.classes[base.name])
            for base in bases
        )

    def _base(self, module: Module, path: str) -> Target:
        """A base class, unless it comes from a file that mentions nothing that acquires."""
        root, _, rest = path.partition(".")
        qualified = module.imports.get(root)
        if qualified is not None and root not in module.classes:
            home = self._home(f"{qualified}.{rest}" if rest else qualified, module)
            if home is None:
                return UNKNOWN
        return self.project.names.path(module, path)

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
