"""Which files matter: those that mention what acquires, until no file teaches another name by which something does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from pathlib import Path

import msgspec

from leaklint.glance import FEW
from leaklint.ownership.grounds import Word
from leaklint.ownership.index import Function, Module
from leaklint.ownership.project import Project
from leaklint.search import Search, Start


class Grown(msgspec.Struct):
    """The files that matter, indexed; of each file what it says to others, what that rests on, and what went wrong."""

    modules: dict[Path, Module] = {}
    unread: dict[Path, bytes] = {}
    left: dict[Path, bytes] = {}
    words: dict[Path, frozenset[Word]] = {}
    facts: dict[Path, int] = {}
    notes: dict[Path, list[str]] = {}
    reached: bool = False

    def said(self) -> frozenset[Word]:
        return frozenset[Word]().union(*self.words.values())


def grow(
    project: Project, new: Mapping[Path, bytes], idle: Mapping[Path, bytes], ahead: Callable[[list[Path]], None]
) -> Grown:
    """Index what may matter of the new files, and of the idle ones, which mention nothing that acquires so far.

    `ahead` is told which files will be asked for.
    """
    grown = Grown()
    project.idle = left = {**new, **idle}
    searched: set[str] = set()
    old = set(project.acquiring)
    start = Start(project.catalog)
    found = sorted(path for path in new if start.finds(new[path]))
    while True:
        names = project.acquiring - searched
        if not names:
            break
        searched |= names
        found += using(names, left.keys() - idle.keys() - set(found), left)
        found += using(names - old, idle.keys() & left.keys(), left)
        ahead(found)
        for path in found:
            module = project.add(path, left[path])
            if module is None:
                grown.unread[path] = left[path]
            else:
                grown.modules[path] = module
            del left[path]
        found.clear()
        for path, module in grown.modules.items():
            listen(project, grown, path, module)
        project.hear(grown.said())
    grown.left = left
    grown.reached = sum(map(len, left.values())) <= FEW
    if grown.reached:
        reach(project, grown, [path for path in left if path in new])
    return grown


def using(names: Set[str], paths: Iterable[Path], texts: Mapping[Path, bytes]) -> list[Path]:
    """Of these files, those that use one of the names."""
    if not names:
        return []
    search = Search(names)
    return sorted(path for path in paths if search.finds(texts[path]))


def listen(project: Project, grown: Grown, path: Path, module: Module) -> None:
    """What a module says by now, and what that rests on."""
    before = len(project.notes)
    with project.grounds.collecting() as grounds:
        project.grounds.ask("file", str(path))
        grown.words[path] = frozenset((*plain_words(module, path), *taught_words(project, module)))
    grown.facts[path] = grown.facts.get(path, 0) | grounds.facts
    grown.notes.setdefault(path, []).extend(project.notes[before:])
    del project.notes[before:]


def reach(project: Project, grown: Grown, paths: list[Path]) -> None:
    """Of a few files, find those that acquire through functions of files around them, whatever these are called."""
    for path in paths:
        module = project.add(path, grown.left[path])
        if module is None:
            continue
        with project.grounds.collecting() as grounds:
            project.grounds.ask("file", str(path))
            names = project.candidates.borrowed_names(module)
        grown.facts[path] = grounds.facts
        grown.words[path] = frozenset((*plain_words(module, path), *(Word("gives", name) for name in names)))
        if names:
            project.acquiring |= names
            grown.modules[path] = module
            del grown.left[path]


def plain_words(module: Module, path: Path) -> Iterator[Word]:
    """What can be read off a module's index: what it depends on, and the methods that it defines."""
    yield from (Word("depends", name) for name in module.depends)
    yield from (Word("method", f.name, str(path)) for f in module.functions.values() if f.class_name)


def taught_words(project: Project, module: Module) -> Iterator[Word]:
    """The names of functions and classes of a module that give or owe something."""
    for function in module.functions.values():
        if function.name in project.known:
            continue
        if not project.may_acquire(module, function) and project.contract(module, function) is None:
            continue
        if gives_anything(project, module, function):
            yield Word("gives", function.name)
    owning, opening = project.candidates.owning_names(module)
    yield from (Word("gives", name) for name in owning | opening)
    yield from (Word("opens", name) for name in opening)
    yield from (Word("gives", name) for name in project.candidates.factory_names(module))


def gives_anything(project: Project, module: Module, function: Function) -> bool:
    try:
        return project.calls.ever(module, function)
    except Exception as error:  # told where the function is checked; here it only gives nothing
        project.notes.append(f"{module.name}.{function.qualname}: internal error, {type(error).__name__}: {error}")
        return False
