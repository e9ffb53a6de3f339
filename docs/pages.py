"""Generated pages: rules from their docstrings, drivers from their data, settings from their definitions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

import claims
import msgspec

from leaklint.commands.drivers import acquisition_facts
from leaklint.commands.show_settings import toml_value
from leaklint.config import Settings, json_schema
from leaklint.drivers import DRIVERS
from leaklint.drivers.spec import Driver
from leaklint.rules import RULES
from leaklint.selection import Rule, page

NAMED = """\
A rule can be named by its code, by a prefix of its code, or by its name: `LKN102`, `LKN1`, `leak-on-exception`.
`leaklint rule NAME` prints these pages.
"""


def rules() -> dict[str, str]:
    """The page of each rule, and the one that lists them."""
    listed = [rule.name for rule in by_code()]
    contents = "```{toctree}\n:hidden:\n\n" + "\n".join(listed) + "\n```\n"
    index = {"docs/rules/index.md": f"# Rules\n\n{NAMED}\n{rule_table('')}\n{contents}"}
    return index | {f"docs/rules/{rule.name}.md": f"# {rule.name} ({rule.code})\n\n{page(rule)}\n" for rule in RULES}


def rule_table(folder: str) -> str:
    rows = [f"| [{rule.code}]({folder}{rule.name}.md) | {rule.name} | {summary(rule)} |\n" for rule in by_code()]
    return "".join(["| code | name | what it says |\n", "|---|---|---|\n", *rows])


def by_code() -> list[Rule]:
    return sorted(RULES, key=lambda rule: rule.code)


def summary(rule: Rule) -> str:
    first = page(rule).split("\n\n")[0]
    return first if rule.default else f"{first} (Off by default.)"


def libraries() -> str:
    return f"{', '.join(driver.title for driver in DRIVERS if driver.libraries)}.\n"


DRIVERS_INTRODUCTION = """\
# Drivers: what is known of each library

A driver says how a connection or session of one library is acquired, what releases it, and what `with` really does on
it. `leaklint drivers NAME` prints what stands here. A driver of your own is written in the same words: see
[its keys](configuration.md#keys-of-drivers).

It is data, and most of it was found by running the library against a real server. Counted here are the claims of each
driver; [each claim](claims.md) says what it rests on.
"""


def drivers() -> str:
    claimed = "".join(claims.overview())
    return "\n".join([DRIVERS_INTRODUCTION, claimed, *(part for driver in DRIVERS for part in driver_page(driver))])


def driver_page(driver: Driver) -> Iterator[str]:
    yield f"## {driver.title or driver.name}\n"
    imported = ", ".join(f"`{name}`" for name in driver.libraries)
    yield f"Driver `{driver.name}`" + (f", imported as {imported}.\n" if imported else ", for names alone.\n")
    for acquisition in driver.acquisitions:
        head, facts = acquisition_facts(acquisition)
        yield f"```text\n{head}"
        yield from (f"    {heading}: {fact}" for heading, fact in facts.items() if fact)
        yield "```\n"


SETTINGS_INTRODUCTION = """\
# Configuration

None is needed. Settings stand in the table `[tool.leaklint]` of `pyproject.toml`, or in a file `leaklint.toml` without
that heading. For each checked file the nearest one above it holds, alone; `extend` names one to build on. The command
line stands above both. A mistake is an error that names its line and the key that may have been meant.

`leaklint --show-settings PATH` prints what is in force, `--show-files` what would be checked, `--config FILE` uses that
file for all, and `--isolated` none.

Editors that know JSON Schema can complete and check the table: `docs/schema/settings.json` describes it.
"""


def configuration() -> str:
    """Each key with its type, its default and what it means; then the tables inside."""
    schema = json_schema()
    definitions = schema["$defs"]
    table = definitions["Table"]
    defaults = msgspec.to_builtins(Settings())
    parts = [SETTINGS_INTRODUCTION]
    for key, entry in table["properties"].items():
        parts.append(f"## {key}\n\n{entry.get('description', '')}\n")
        parts.append(f"- type: {kind(entry, definitions)}\n- default: {shown(defaults[key])}\n")
    parts += [inner(title, definitions[name], definitions) for name, title in INNER.items()]
    return "\n".join(parts)


def inner(title: str, definition: dict[str, Any], definitions: dict[str, Any]) -> str:
    """The keys of a table within the table; underscores in what is said of them stand for dashes."""
    entries = {key: entry for key, entry in definition["properties"].items() if (title, key) != ("drivers", "name")}
    said = cleandoc(definition.get("description", ""))
    meant = "".join(f"- `{key}`: {entry['description']}\n" for key, entry in entries.items() if "description" in entry)
    rows = (f"| `{key}` | {kind(entry, definitions)} | {default(entry)} |\n" for key, entry in entries.items())
    return f"## Keys of {title}\n\n{said}\n\n{meant}\n| key | type | default |\n|---|---|---|\n{''.join(rows)}"


def default(entry: dict[str, Any]) -> str:
    return "" if entry["default"] in ("", (), [], {}) or "$ref" in entry else shown(entry["default"])


def kind(entry: dict[str, Any], definitions: dict[str, Any]) -> str:
    """A JSON Schema type in words."""
    match entry:
        case {"anyOf": choices}:
            return " or ".join(kind(one, definitions) for one in choices if one.get("type") != "null")
        case {"enum": values}:
            return "one of " + ", ".join(f"`{json.dumps(value)}`" for value in values)
        case {"type": "array", "prefixItems": items}:
            return f"a list of {len(items)} texts"
        case {"type": "array", "items": items}:
            return f"a list of {plural(kind(items, definitions))}"
        case {"$ref": target}:
            return f"a table with the {keys_of(target)}"
        case {"type": "object", "additionalProperties": {"$ref": target}}:
            return f"for each name a table with the {keys_of(target)}"
        case {"type": "object", "additionalProperties": dict(value)}:
            return f"for each name {kind(value, definitions)}"
    return {"string": "a text", "boolean": "true or false", "integer": "a whole number"}[entry["type"]]


INNER = {"FunctionFacts": "functions", "Driver": "drivers", "Acquisition": "acquisitions", "Template": "template"}


def keys_of(target: str) -> str:
    title = INNER[target.rpartition("/")[2]]
    return f"[keys of {title}](#keys-of-{title})"


def plural(words: str) -> str:
    singular = {"a text": "texts", "a whole number": "whole numbers"}
    return singular.get(words, words.replace("a table", "tables", 1).replace("a list", "lists", 1))


def shown(value: Any) -> str:
    return "none" if value is None else "not set" if value == "" else f"`{toml_value(value)}`"
