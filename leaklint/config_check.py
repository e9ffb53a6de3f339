"""What is wrong with a configuration: all problems at once, each with file, line and the nearest right word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from msgspec import inspect

from leaklint.config import Problem, Table
from leaklint.words import nearest, quoted

KeyPath: TypeAlias = tuple[str | int, ...]
Complaint: TypeAlias = tuple[KeyPath, str]

HEADER = re.compile(r"^\s*(\[\[?)([^\[\]=]+)\]\]?\s*(?:#.*)?$")
ASSIGNMENT = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""", re.ASCII)
WORD = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""", re.ASCII)


def dotted(path: KeyPath) -> str:
    """A key path as TOML writes it, list positions in brackets."""
    written = ""
    for part in path:
        if isinstance(part, int):
            written += f"[{part}]"
        else:
            bare = re.fullmatch(r"[\w-]+", part, re.ASCII)
            written += ("." if written else "") + (part if bare else quoted(part))
    return written


def shown(value: object) -> str:
    """A value in words."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f"the text {quoted(value)}"
        case int() | float():
            return f"the number {value}"
        case list():
            return "a list"
        case dict():
            return "a table"
    return f"the {type(value).__name__} {value}"


def wanted(kind: inspect.Type) -> str:
    """A type in words."""
    match kind:
        case inspect.Metadata(type=inner):
            return wanted(inner)
        case inspect.LiteralType(values=values):
            return "one of " + ", ".join(map(quoted, values))
        case inspect.UnionType(types=types):
            return " or ".join(wanted(one) for one in types if not isinstance(one, inspect.NoneType))
        case inspect.VarTupleType(item_type=item):
            return f"a list of {'numbers' if isinstance(item, inspect.IntType) else 'texts'}"
        case inspect.IntType(ge=least):
            return "a whole number" if least is None else f"a whole number from {least} up"
        case inspect.BoolType():
            return "true or false"
        case inspect.StrType():
            return "a text"
    return "a table"


def complaints(value: object, kind: inspect.Type, path: KeyPath = ()) -> Iterator[Complaint]:
    """What keeps a value from being of a type, part by part."""
    match kind, value:
        case inspect.Metadata(type=inner), _:
            yield from complaints(value, inner, path)
        case inspect.StructType(fields=fields), dict():
            yield from table_complaints(value, fields, path)
        case inspect.DictType(value_type=inner), dict():
            for key, one in value.items():
                yield from complaints(one, inner, (*path, key))
        case inspect.VarTupleType(item_type=inner), list():
            for number, one in enumerate(value):
                yield from complaints(one, inner, (*path, number))
        case inspect.UnionType(types=types), _:
            yield from union_complaints(value, types, kind, path)
        case inspect.LiteralType(values=values), str() if value not in values:
            yield path, f"{dotted(path)} must be {wanted(kind)}, not {quoted(value)}{nearest(value, map(str, values))}"
        case _ if not fits(value, kind):
            yield path, f"{dotted(path)} must be {wanted(kind)}, not {shown(value)}"


def table_complaints(value: dict[str, Any], fields: tuple[inspect.Field, ...], path: KeyPath) -> Iterator[Complaint]:
    known = {field.encode_name: field for field in fields}
    for key, one in value.items():
        if key in known:
            yield from complaints(one, known[key].type, (*path, key))
        else:
            within = f" in {dotted(path)}" if path else ""
            yield (*path, key), f"unknown key {quoted(key)}{within}{nearest(key, known)}"
    for name, field in known.items():
        if field.required and name not in value:
            yield path, f"{dotted(path)} needs the key {quoted(name)}"


def union_complaints(
    value: object, types: tuple[inspect.Type, ...], kind: inspect.Type, path: KeyPath
) -> Iterator[Complaint]:
    found = [list(complaints(value, one, path)) for one in types]
    if all(found):
        inner = [many for many in found if any(where != path for where, _ in many)]
        yield from inner[0] if inner else [(path, f"{dotted(path)} must be {wanted(kind)}, not {shown(value)}")]


def fits(value: object, kind: inspect.Type) -> bool:
    match kind:
        case inspect.StrType():
            return isinstance(value, str)
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.IntType(ge=least):
            return isinstance(value, int) and not isinstance(value, bool) and (least is None or value >= least)
        case inspect.LiteralType(values=values):
            return value in values
    return False


def names(written: str) -> list[str]:
    return [word.strip("\"'") for word in WORD.findall(written)]


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line on which each table and key of a TOML file begins."""
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if header := HEADER.match(line):
            table = tuple(names(header[2]))
            for size in range(1, len(table)):
                if table[:size] in counts:
                    table = (*table[:size], counts[table[:size]] - 1, *table[size:])
            if header[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                table = (*table, counts[table] - 1)
            lines.setdefault(table, number)
        elif assignment := ASSIGNMENT.match(line):
            lines.setdefault((*table, *names(assignment[1])), number)
    return lines


def line_of(text: str, path: KeyPath, value: object = None) -> int:
    """The line on which a key stands, as near as its table can be told; 0 if not even that."""
    lines = key_lines(text)
    known = next((path[:size] for size in range(len(path), 0, -1) if path[:size] in lines), ())
    if not known:
        return 0
    first = lines[known]
    if known == path and not isinstance(value, str):
        return first
    last = min((line for line in lines.values() if line > first), default=text.count("\n") + 2)
    sought = value if isinstance(value, str) else next((part for part in reversed(path) if isinstance(part, str)), "")
    body = text.split("\n")[first - 1 : last - 1]
    return next((first + number for number, line in enumerate(body) if sought in line), first)


def value_at(table: object, path: KeyPath) -> object:
    for part in path:
        table = table.get(part) if isinstance(table, dict) else table[part] if isinstance(table, list) else None  # type: ignore[index]
    return table


def table_problems(table: dict[str, Any], file: str, text: str, prefix: KeyPath) -> list[Problem]:
    """Unknown keys and wrong types of a whole table."""
    kind = inspect.type_info(Table)
    return [
        Problem(file, line_of(text, prefix + path, value_at(table, path)), message)
        for path, message in complaints(table, kind)
    ]
