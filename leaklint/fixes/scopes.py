"""What the names of a text mean: a rewrite must leave none unbound, and none with another meaning."""

from __future__ import annotations

import builtins
import symtable
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from leaklint.fixes.case import Refused

Path: TypeAlias = tuple[str, ...]
Meanings: TypeAlias = dict[str, str]


class Scope(NamedTuple):
    """The names of a module, a class or a function: `local`, `imported`, `global` or `outer`."""

    path: Path
    names: Meanings


def check_names(before: str, after: str) -> None:
    """Every name must mean what it meant; a new one must be bound, and hide none that is read further in."""
    old, new = scopes(before), scopes(after)
    if [one.path for one in old] != [one.path for one in new]:
        raise Refused("functions would come or go")
    top = new[0].names
    for was, now in zip(old, new, strict=True):
        for name, meaning in now.names.items():
            if was.names.get(name, meaning) != meaning:
                raise Refused(f"`{name}` would mean something else")
            if meaning == "global" and top.get(name, "global") == "global" and not hasattr(builtins, name):
                check_known(name, old)
            if name not in was.names and meaning in {"local", "imported"}:
                check_hides_nothing(name, was.path, old)


def check_known(name: str, old: list[Scope]) -> None:
    """What nothing in the file binds may come from `import *`, if it was read before."""
    if not any(name in scope.names for scope in old):
        raise Refused(f"`{name}` would be unbound")


def check_hides_nothing(name: str, path: Path, old: list[Scope]) -> None:
    inner = [one for one in old if one.path[: len(path)] == path and one.path != path]
    if any(one.names.get(name) in {"global", "outer"} for one in inner):
        raise Refused(f"`{name}` is read by a function within, and would be hidden from it")


def scopes(source: str) -> list[Scope]:
    return list(below(symtable.symtable(source, "<text>", "exec"), ()))


def below(table: symtable.SymbolTable, path: Path) -> Iterator[Scope]:
    path = (*path, table.get_name())
    yield Scope(path, {symbol.get_name(): meaning(symbol) for symbol in table.get_symbols()})
    for child in table.get_children():
        yield from below(child, path)


def meaning(symbol: symtable.Symbol) -> str:
    if symbol.is_imported():
        return "imported"
    if symbol.is_free():
        return "outer"
    return "local" if symbol.is_assigned() or symbol.is_parameter() else "global"
