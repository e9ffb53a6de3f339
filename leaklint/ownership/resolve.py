"""Names to things: what a dotted path means in a module, through imports, classes, attributes and results of calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from leaklint.ownership.catalog import Catalog
from leaklint.ownership.index import Class, Function, Module, Source
from leaklint.ownership.modules import Modules

DEEPEST = 40

CALL = re.compile(r"\(\)(?:\[(\d+)\])?")
"""A call in a path, and the part of its result that is meant."""


class Target(NamedTuple):
    """What a path means.

    `library`: a qualified name outside the project. `module`, `function`, `class`: of the project, `owner` being the
    module. `instance`: an object of a library type (`name`), or of a project class (with `owner`). `super`: the same
    object, seen as its bases define it. `member`: an attribute of a library type.
    """

    kind: Literal["library", "module", "function", "class", "instance", "super", "member", "unknown"]
    name: str = ""
    owner: Module | None = None
    bound: bool = False


UNKNOWN = Target("unknown")


class Names:
    """Resolves paths over a project."""

    def __init__(self, modules: Modules, catalog: Catalog) -> None:
        self.modules = modules
        self.catalog = catalog
        self._qualified = frozenset({*catalog.calls, *catalog.makes})
        self._cache: dict[tuple[int, str], tuple[Target, int, int]] = {}
        self._asked: dict[tuple[int, str], int] = {}
        self._given_up = 0

    def path(self, module: Module, path: str, depth: int = 0) -> Target:
        """What a dotted path means at the top level of a module."""
        return self._answer((id(module), path), depth, lambda: self._path(module, path, depth))

    def _answer(self, key: tuple[int, str], depth: int, work: Callable[[], Target]) -> Target:
        """The answer to a question, worked out once.

        One that rests on a question given up, too deep or asked already, holds at this depth and below only.
        """
        grounds = self.modules.grounds
        found, holds_from, facts = self._cache.get(key, (UNKNOWN, DEEPEST + 1, 0))
        if key in self._asked or depth >= holds_from:
            self._given_up += key in self._asked or holds_from > 0
            grounds.take(facts)
            grounds.take_since(self._asked.get(key, grounds.depth))
            return found
        self._asked[key] = grounds.depth
        before = self._given_up
        with grounds.collecting() as answer:
            found = work()
        del self._asked[key]
        self._cache[key] = (found, depth if self._given_up > before else 0, answer.facts)
        return found

    def _too_deep(self, depth: int) -> bool:
        self._given_up += depth > DEEPEST
        return depth > DEEPEST

    def _path(self, module: Module, path: str, depth: int) -> Target:
        if self._too_deep(depth):
            return UNKNOWN
        last = next((call for call in CALL.finditer(path) if call.end() == len(path)), None)
        if last is not None:
            target = self.path(module, path[: last.start()], depth + 1)
            return self.of_call(target, last[1], module, depth + 1)
        base, _, name = path.rpartition(".")
        if base:
            return self.member(self.path(module, base, depth + 1), name, depth + 1)
        return self.name(module, name, depth)

    def follow(self, target: Target, path: str, module: Module, depth: int = 0) -> Target:
        """What a dotted path behind a thing means; `()` behind a name is a call of it."""
        for part in path.split(".") if path else ():
            target = self.member(target, part.partition("(")[0], depth + 2)
            for call in CALL.finditer(part):
                target = self.of_call(target, call[1], module, depth + 2)
        return target

    def of_call(self, target: Target, position: str | None, module: Module, depth: int) -> Target:
        """What calling a thing returns, or what stands at a position of that."""
        return self.item(target, int(position), depth) if position else self.called(target, (), module, depth)

    def inside(self, module: Module, function: Function, path: str) -> Target:
        """What a path means in a function that is not looked at further: `self` is its class, all else is global."""
        root, _, rest = path.partition(".")
        if root in {"self", "cls"} and function.class_name and rest:
            return self.follow(Target("instance", function.class_name, module), rest, module)
        return self.path(module, path)

    def name(self, module: Module, name: str, depth: int = 0) -> Target:
        """What a plain name means at the top level of a module."""
        if name in module.functions:
            return Target("function", name, module)
        if name in module.classes:
            return Target("class", name, module)
        if name in module.imports:
            return self.imported(module, name, depth + 1)
        if name in module.values:
            return self.first(self.sources(module, module.values[name], depth + 1))
        submodule = self.modules.find(f"{module.name}.{name}", self.modules.path_of(module)) if module.package else None
        if submodule is not None:
            return Target("module", submodule.name, submodule)
        for star in module.stars:
            found = self.qualified(f"{star}.{name}", module, depth + 1)
            if found.kind != "library" or self.catalog.canonical(found.name) in self._qualified:
                return found
        return UNKNOWN

    def imported(self, module: Module, name: str, depth: int = 0) -> Target:
        """What an imported name means; of several meanings, the first that the project or a driver knows of."""
        targets = [self.qualified(one, module, depth) for one in (module.imports[name], *module.others.get(name, ()))]
        known = (t for t in targets if t.owner is not None or t.name.partition(".")[0] in self.modules.libraries)
        return next(known, targets[0])

    def qualified(self, name: str, importer: Module, depth: int = 0) -> Target:
        """What an absolute qualified name means where it is imported: a part of the project, else of a library."""
        if self._too_deep(depth):
            return UNKNOWN
        parts = name.split(".")
        for cut in range(len(parts), 0, -1):
            module = self.modules.find(".".join(parts[:cut]), self.modules.path_of(importer))
            if module is not None:
                target = Target("module", module.name, module)
                for part in parts[cut:]:
                    target = self.member(target, part, depth + 1)
                if target.kind != "unknown" or self.catalog.canonical(name) not in self._qualified:
                    return target
        return Target("library", self.catalog.canonical(name))

    def member(self, target: Target, name: str, depth: int = 0) -> Target:
        """What an attribute of a thing means."""
        if self._too_deep(depth):
            return UNKNOWN
        match target.kind:
            case "library":
                return Target("library", self.catalog.canonical(f"{target.name}.{name}"))
            case "module" if target.owner is not None:
                found = self.name(target.owner, name, depth + 1)
                qualified = f"{target.owner.name}.{name}"
                namesake = found.kind == "unknown" and qualified.partition(".")[0] in self.modules.libraries
                return Target("library", self.catalog.canonical(qualified)) if namesake else found
            case "class" | "instance" | "super" if target.owner is not None:
                return self._class_member(target, name, depth + 1)
            case "instance":
                made = self.catalog.attributes.get(f"{target.name}.{name}")
                return Target("instance", made) if made else Target("member", f"{target.name}.{name}")
            case _:
                return UNKNOWN

    def _class_member(self, target: Target, name: str, depth: int) -> Target:
        lineage = list(self.lineage(target))
        for class_, owner in lineage[target.kind == "super" :]:
            if name in class_.methods:
                function = owner.functions[class_.methods[name]]
                if function.is_property:
                    return self.result(owner, function, depth + 1)
                return Target("function", function.qualname, owner, bound=function.is_bound(target.kind))
            if name in class_.attributes:
                found = self.field(owner, class_, name, depth + 1)
                if found.kind != "unknown":
                    return found
            nested = f"{class_.qualname}.{name}"
            if nested in owner.classes:
                return Target("class", nested, owner)
        library = next((base for base in self.library_bases(target)), "")
        return Target("member", f"{library}.{name}") if library else UNKNOWN

    def field(self, owner: Module, class_: Class, name: str, depth: int) -> Target:
        """What an attribute of a class holds, as far as can be told."""
        key = (id(owner), f"{class_.qualname} {name}")
        return self._answer(key, depth, lambda: self.first(self.attribute(owner, class_, name, depth)))

    def attribute(self, owner: Module, class_: Class, name: str, depth: int = 0) -> Iterator[Target]:
        """What an attribute of a class may hold; in its sources, `self` is the class."""
        for source in class_.attributes.get(name, ()):
            root, _, rest = source.path.partition(".")
            if root in {"self", "cls"} and source.kind != "annotation":
                own = Target("instance" if root == "self" else "class", class_.qualname, owner)
                first = rest.partition(".")[0].rstrip("()")
                target = UNKNOWN if first == name else self.follow(own, rest, owner, depth)
                yield self.called(target, source.args, owner, depth + 1) if source.kind == "call" else target
            else:
                yield from self.sources(owner, (source,), depth + 1)

    def sources(self, module: Module, sources: Iterable[Source], depth: int = 0) -> Iterator[Target]:
        """What values from these sources may be."""
        for source in sources:
            target = self.path(module, source.path, depth + 1)
            if source.kind == "call":
                yield self.called(target, source.args, module, depth + 1)
            elif source.kind == "annotation":
                yield self.instance(target)
            else:
                yield target

    def instance(self, target: Target) -> Target:
        """An object of what a name means."""
        if target.kind == "class":
            return Target("instance", target.name, target.owner)
        return Target("instance", target.name) if target.kind == "library" else UNKNOWN

    def called(self, target: Target, args: Iterable[str], module: Module, depth: int = 0) -> Target:
        """What calling a thing returns."""
        if self._too_deep(depth):
            return UNKNOWN
        match target.kind:
            case "class":
                return Target("instance", target.name, target.owner)
            case "library" if target.name in {"functools.partial", "functools.partialmethod"}:
                return self.path(module, next(iter(args), ""), depth + 1) if args else UNKNOWN
            case "library" | "member":
                given = [self.path(module, arg, depth + 1).name for arg in args]
                made = self.catalog.made(target.name, given)
                return Target("instance", made) if made else UNKNOWN
            case "instance" if target.owner is None:
                made = self.catalog.made(f"{target.name}.()", ())
                return Target("instance", made) if made else UNKNOWN
            case "function" if target.owner is not None:
                return self.result(target.owner, target.owner.functions[target.name], depth + 1)
            case _:
                return UNKNOWN

    def result(self, owner: Module, function: Function, depth: int) -> Target:
        """What a function of the project returns, as far as can be told."""
        key = (id(owner), f"def {function.key}")
        return self._answer(key, depth, lambda: self.first(self.results(owner, function, depth)))

    def results(self, owner: Module, function: Function, depth: int = 0) -> Iterator[Target]:
        """What a function of the project may return: by its annotation, else by what it returns."""
        if function.annotation is not None:
            yield from self.sources(owner, (function.annotation,), depth + 1)
        yield from self._returned(owner, function, function.results, depth)

    def item(self, target: Target, position: int, depth: int = 0) -> Target:
        """What stands at a position of the tuple that a function of the project returns."""
        if self._too_deep(depth) or target.kind != "function" or target.owner is None:
            return UNKNOWN
        owner, function = target.owner, target.owner.functions[target.name]
        key = (id(owner), f"def {function.key} {position}")
        return self._answer(key, depth, lambda: self.first(self._items(owner, function, position, depth)))

    def _items(self, owner: Module, function: Function, position: int, depth: int) -> Iterator[Target]:
        for sources in function.items[position : position + 1]:
            yield from self._returned(owner, function, sources, depth)
        for source in function.results:
            if source.kind == "call":
                yield self.item(self.inside(owner, function, source.path), position, depth + 1)

    def _returned(self, owner: Module, function: Function, sources: Iterable[Source], depth: int) -> Iterator[Target]:
        class_ = owner.classes.get(function.class_name)
        for source in sources:
            root, _, rest = source.path.partition(".")
            if root in {"self", "cls"} and class_ is not None:
                target = self.follow(Target("instance", class_.qualname, owner), rest, owner, depth)
                yield self.called(target, source.args, owner, depth + 1) if source.kind == "call" else target
            else:
                yield from self.sources(owner, (source,), depth + 1)

    def lineage(self, target: Target) -> Iterator[tuple[Class, Module]]:
        """The class and its bases that the project defines, nearest first."""
        pending = [target]
        seen: set[tuple[str, str]] = set()
        while pending:
            one = pending.pop(0)
            if one.owner is None or one.name not in one.owner.classes or (one.owner.name, one.name) in seen:
                continue
            seen.add((one.owner.name, one.name))
            class_ = one.owner.classes[one.name]
            yield class_, one.owner
            pending += [self.path(one.owner, base) for base in class_.bases if base]

    def library_bases(self, target: Target) -> Iterator[str]:
        """The library classes that a project class derives from."""
        for class_, owner in self.lineage(target):
            for base in class_.bases:
                found = self.path(owner, base) if base else UNKNOWN
                if found.kind == "library":
                    yield found.name

    @staticmethod
    def first(targets: Iterable[Target]) -> Target:
        """The first that is known."""
        return next((target for target in targets if target.kind != "unknown"), UNKNOWN)
