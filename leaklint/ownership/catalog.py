"""The drivers, arranged for look-up: which qualified name, method or bare name acquires, makes, borrows or releases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from leaklint.drivers.spec import Acquisition, Driver


def telling(name: str, words: Iterable[str]) -> bool:
    """Whether the last part of a name is one of the telling words, whole or after `_` or a change of case."""
    last = name.removesuffix("()").rpartition(".")[2]
    for word in words:
        if last == word or last.endswith(f"_{word}") or (word[:1].isupper() and last.endswith(word)):
            return True
        if not word[:1].isupper() and last.endswith(word[:1].upper() + word[1:]):
            return True
    return False


USES = frozenset(
    (
        "cursor",
        "execute",
        "executemany",
        "executescript",
        "commit",
        "rollback",
        "fetch",
        "fetchrow",
        "fetchval",
        "fetchall",
    )
)
"""Methods by which a value shows that it is a connection, or a cursor of one."""

GETTER = re.compile(r"_*(get|make|create|init|configure|build|new|set|setup|register|close|dispose)[_A-Z]")


def tells_factory(name: str, words: Iterable[str]) -> bool:
    """Whether a name is that of a session factory, and not of a function that makes one."""
    return telling(name, words) and not GETTER.match(name.rpartition(".")[2])


class Entry(NamedTuple):
    """One way to acquire, with the driver that tells of it."""

    acquisition: Acquisition
    driver: Driver


@dataclass(slots=True)
class Catalog:
    """All drivers, by what is asked of them."""

    calls: dict[str, list[Entry]] = field(default_factory=dict)
    members: dict[str, list[Entry]] = field(default_factory=dict)
    methods: dict[str, list[Entry]] = field(default_factory=dict)
    makes: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    borrows: set[str] = field(default_factory=set)
    libraries: dict[str, list[Driver]] = field(default_factory=dict)
    releases: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, drivers: Iterable[Driver]) -> Catalog:
        catalog = cls()
        for driver in drivers:
            catalog._add(driver)
        return catalog

    def _add(self, driver: Driver) -> None:
        for library in driver.libraries:
            self.libraries.setdefault(library.partition(".")[0], []).append(driver)
        self.makes.update(driver.makes)
        self.attributes.update(driver.attributes)
        self.aliases.update(driver.aliases)
        self.borrows.update(driver.borrows)
        for acquisition in driver.acquisitions:
            entry = Entry(acquisition, driver)
            for name in acquisition.calls:
                self.calls.setdefault(name, []).append(entry)
            for receiver in acquisition.receivers:
                for method in acquisition.methods:
                    self.members.setdefault(f"{receiver}.{method}", []).append(entry)
            for method in acquisition.methods:
                self.methods.setdefault(method, []).append(entry)
            self.releases.update(acquisition.pool_releases)

    def canonical(self, name: str) -> str:
        """The one name of a thing that a library exports under several; the longest known prefix decides."""
        for _ in range(4):
            prefix = name
            while prefix and prefix not in self.aliases:
                prefix = prefix.rpartition(".")[0]
            if not prefix:
                return name
            name = self.aliases[prefix] + name[len(prefix) :]
        return name

    def made(self, name: str, args: Iterable[str]) -> str:
        """The type of what a library callable returns, or ""."""
        for arg in args:
            found = self.makes.get(f"{name}({arg})")
            if found:
                return found
        if name in self.makes:
            return self.makes[name]
        entries = self.calls.get(name) or self.members.get(name)
        return entries[0].acquisition.type if entries else ""

    def names(self) -> frozenset[str]:
        """Every last name by which a call can be an acquisition."""
        found = {name.rpartition(".")[2] for name in self.calls} | {name.rpartition(".")[2] for name in self.aliases}
        found = {name for name in found if self._acquires(name)}
        for method, entries in self.methods.items():
            for entry in entries:
                if method == "()":
                    found.update(entry.acquisition.telling)
                elif entry.acquisition.distinctive or entry.acquisition.telling or entry.driver.name == "conventions":
                    found.add(method)
        factories = {name for name, made in self.makes.items() if f"{made}.()" in self.members}
        found |= {name.partition("(")[0].rpartition(".")[2] for name in factories}
        return frozenset(found | {name.rpartition(".")[2] for name in self.calls})

    def conventions(self) -> set[str]:
        """The method names by which a call acquires where no method of the project has them."""
        return {name for name, entries in self.methods.items() if any(e.driver.name == "conventions" for e in entries)}

    def factories(self) -> set[str]:
        """The last names of the types whose objects acquire when they are called."""
        return {name.removesuffix(".()").rpartition(".")[2] for name in self.members if name.endswith(".()")}

    def tells(self, method: str, base: str) -> bool:
        """Whether the name of a method, or of what it is called on, is enough to make an acquisition likely."""
        for entry in self.methods.get(method, ()):
            if entry.acquisition.distinctive or telling(base, entry.acquisition.telling):
                return True
        return any(tells_factory(method, entry.acquisition.telling) for entry in self.methods.get("()", ()))

    def generic_libraries(self) -> set[str]:
        """The libraries whose own method names are too common to be looked for."""
        return {
            library
            for library, drivers in self.libraries.items()
            if any(a.methods and not a.distinctive and not a.telling for d in drivers for a in d.acquisitions)
        }

    def generic_methods(self) -> dict[str, set[str]]:
        """The method names that acquire on objects of such libraries, and nowhere else."""
        known = self.names()
        found = {library: set(self.library_methods(library)) - known for library in self.generic_libraries()}
        return {library: methods for library, methods in found.items() if methods}

    def library_methods(self, root: str) -> Iterator[str]:
        """The method names that acquire on objects of a library, however common the names are."""
        for driver in self.libraries.get(root, ()):
            for acquisition in driver.acquisitions:
                yield from (method for method in acquisition.methods if method != "()")

    def _acquires(self, last: str) -> bool:
        return any(target in self.calls for alias, target in self.aliases.items() if alias.rpartition(".")[2] == last)
