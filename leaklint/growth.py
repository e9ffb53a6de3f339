"""Which files matter: those that mention what acquires, until no file teaches another name by which something does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from leaklint.glance import FEW
from leaklint.ownership.catalog import Catalog
from leaklint.ownership.grounds import Word
from leaklint.ownership.index import Function, Module
from leaklint.ownership.project import Project
from leaklint.parallel import Team
from leaklint.search import NOTHING, Search, Seen, Start


class Grown(msgspec.Struct):
    """The files that matter, indexed; of each file what it says to others, what that rests on, and what went wrong.

    What files say as their functions tell, `taught`, is known of one's `own` files; of those of others in the team it
    is known all together.
    """

    modules: dict[Path, Module] = {}
    own: dict[Path, Module] = {}
    unread: set[Path] = set()
    left: dict[Path, None] = {}
    plain: dict[Path, frozenset[Word]] = {}
    taught: dict[Path, frozenset[Word]] = {}
    all_taught: frozenset[Word] = frozenset()
    facts: dict[Path, int] = {}
    notes: dict[Path, list[str]] = {}
    reached: bool = False

    def said(self) -> frozenset[Word]:
        """What all files say."""
        return self.all_taught.union(*self.plain.values())

    def words(self, path: Path) -> frozenset[Word]:
        """What a file of one's own says."""
        return self.plain.get(path, frozenset()) | self.taught.get(path, frozenset())


def grow(
    project: Project,
    new: Collection[Path],
    idle: Collection[Path],
    ahead: Callable[[Sequence[Path]], None],
    team: Team,
) -> Grown:
    """Index what may matter of the new files, and of the idle ones, which mention nothing that acquires so far.

    `ahead` is told which files will be asked for. All in the team know all files in the end.
    """
    grown = Grown()
    texts = project.modules.texts
    project.idle = left = dict.fromkeys((*new, *idle))
    searched: set[str] = set()
    old = set(project.acquiring)
    found = chosen(project, grown, Start(project.catalog.generic_methods()).look, new, team)
    while True:
        names = project.acquiring - searched
        if not names:
            break
        searched |= names
        known = {*idle, *found}
        rest = [path for path in left if path not in known]
        found += chosen(project, grown, search_for(names, project.catalog).look, rest, team)
        if names - old:
            more = search_for(names - old, project.catalog)
            found += concerned(more, texts, [path for path in idle if path in left], team)
        ahead(found)
        for path in found:
            del left[path]
            add(project, grown, path)
        grown.own.update((path, grown.modules[path]) for path in team.share(found) if path in grown.modules)
        found.clear()
        for path, module in grown.own.items():
            listen(project, grown, path, module)
        exchange(project, grown, team)
    grown.left = left
    grown.reached = sum(map(texts.size, left)) <= FEW
    if grown.reached:
        reach(project, grown, [path for path in left if path in new], team)
    return grown


def search_for(names: Iterable[str], catalog: Catalog) -> Search:
    return Search(names, conventions=catalog.conventions(), factories=catalog.factories())


def chosen(
    project: Project, grown: Grown, look: Callable[[bytes], Seen], among: Iterable[Path], team: Team
) -> list[Path]:
    """The files that must be read; what others say is noted."""
    found: list[Path] = []
    for path, seen in looked_at(look, project.modules.texts, among, team):
        if seen.wanted:
            found.append(path)
            continue
        words = {Word("method", name, str(path)) for name in seen.methods}
        words |= {Word("depends", name) for name in seen.depends}
        grown.plain[path] = grown.plain.get(path, frozenset()) | words
        project.hear(words)
    return found


def concerned(search: Search, texts: Mapping[Path, bytes], among: Iterable[Path], team: Team) -> list[Path]:
    """The idle files to which some name is news: what they were taken to say may not be all by now."""
    return [path for path, _ in looked_at(search.look, texts, among, team)]


def looked_at(
    look: Callable[[bytes], Seen], texts: Mapping[Path, bytes], among: Iterable[Path], team: Team
) -> Iterator[tuple[Path, Seen]]:
    """The files that tell something at a glance, each looked at by one of the team."""
    paths = list(among)
    mine = [(number, look(texts[paths[number]])) for number in team.share(range(len(paths)))]
    told = [(number, seen) for number, seen in mine if seen != NOTHING]
    for number, seen in sorted(one for part in team.told(told, list[tuple[int, Seen]]) for one in part):
        yield paths[number], seen


def add(project: Project, grown: Grown, path: Path) -> None:
    module = project.add(path)
    if module is None:
        grown.unread.add(path)
    else:
        grown.modules[path] = module
        grown.plain[path] = frozenset(plain_words(module, path))


def listen(project: Project, grown: Grown, path: Path, module: Module) -> None:
    """What a module says by now, and what that rests on."""
    before = len(project.notes)
    with project.grounds.collecting() as grounds:
        project.grounds.ask("file", str(path))
        grown.taught[path] = frozenset(taught_words(project, module))
    grown.facts[path] = grown.facts.get(path, 0) | grounds.facts
    grown.notes.setdefault(path, []).extend(project.notes[before:])
    del project.notes[before:]


def exchange(project: Project, grown: Grown, team: Team) -> None:
    """Tell all in the team what one's own files say."""
    mine = frozenset[Word]().union(*grown.taught.values())
    grown.all_taught = mine.union(*team.told(mine, frozenset[Word]))
    project.hear(grown.all_taught)


def reach(project: Project, grown: Grown, paths: Sequence[Path], team: Team) -> None:
    """Of a few files, find those that acquire through functions of files around them, whatever these are called."""
    modules = {path: module for path in paths if (module := project.add(path)) is not None}
    grown.plain |= {path: frozenset(plain_words(module, path)) for path, module in modules.items()}
    borrowed = list(borrowing(project, grown, modules)) if team.leads else []
    for path, names in zip(modules, team.told(borrowed, list[frozenset[str]])[0], strict=True):
        if names:
            project.acquiring |= names
            grown.all_taught |= {Word("gives", name) for name in names}
            grown.modules[path] = modules[path]
            del grown.left[path]
            if team.leads:
                grown.own[path] = modules[path]


def borrowing(project: Project, grown: Grown, modules: Mapping[Path, Module]) -> Iterator[frozenset[str]]:
    """The names by which each of the modules acquires."""
    for path, module in modules.items():
        with project.grounds.collecting() as grounds:
            project.grounds.ask("file", str(path))
            names = frozenset(project.candidates.borrowed_names(module))
        grown.facts[path] = grounds.facts
        grown.taught[path] = frozenset(Word("gives", name) for name in names)
        project.acquiring |= names
        yield names


def plain_words(module: Module, path: Path) -> Iterator[Word]:
    """What can be read off a module's index: what it depends on, and the methods that it defines."""
    yield from (Word("depends", name) for name in module.depends)
    yield from (Word("method", f.name, str(path)) for f in module.functions.values() if f.class_name)


def taught_words(project: Project, module: Module) -> Iterator[Word]:
    """The names of functions and classes of a module that give or owe something."""
    yield from (Word("gives", name) for name in giving_names(project, module))
    owning, opening = project.candidates.owning_names(module)
    yield from (Word("gives", name) for name in owning | opening)
    yield from (Word("opens", name) for name in opening)
    yield from (Word("gives", name) for name in project.candidates.factory_names(module))


def giving_names(project: Project, module: Module) -> set[str]:
    """The names of functions that give something; what they teach to others of the module is heard at once."""
    found: set[str] = set()
    asked = [function for function in module.functions.values() if function.name not in project.known]
    callers: dict[str, list[Function]] = {}
    while asked:
        new = {one.name for one in asked if one.name not in found and gives_anything(project, module, one)}
        found |= new
        callers = callers or (callers_in(module) if new else {})
        taught = {one.key: one for name in sorted(new - project.acquiring) for one in callers.get(name, ())}
        asked = [one for one in taught.values() if one.name not in found and one.name not in project.known]
        project.acquiring |= new if asked else set()
    return found


def callers_in(module: Module) -> dict[str, list[Function]]:
    """The functions of a module by the names of what they call."""
    found: dict[str, list[Function]] = {}
    for function in module.functions.values():
        for name in {path.rpartition(".")[2] for path in function.calls}:
            found.setdefault(name, []).append(function)
    return found


def gives_anything(project: Project, module: Module, function: Function) -> bool:
    if not project.may_acquire(module, function) and project.contract(module, function) is None:
        return False
    try:
        return project.calls.ever(module, function)
    except Exception as error:  # told where the function is checked; here it only gives nothing
        project.notes.append(f"{module.name}.{function.qualname}: internal error, {type(error).__name__}: {error}")
        return False
