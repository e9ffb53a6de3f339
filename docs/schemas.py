"""The JSON Schemas that are shipped: of the settings, and of the `json` report."""

from __future__ import annotations

import inspect
import json
from typing import Any

import msgspec

from leaklint.config import json_schema
from leaklint.finding import Finding

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def files() -> dict[str, str]:
    made = {"settings": dedented(json_schema()), "findings": dedented(findings())}
    return {f"docs/schema/{name}.json": f"{json.dumps(schema, indent=2)}\n" for name, schema in made.items()}


def dedented(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with its descriptions as Python 3.13 keeps docstrings, whichever Python this is."""
    for definition in schema["$defs"].values():
        if "description" in definition:
            definition["description"] = inspect.cleandoc(definition["description"])
    return schema


def findings() -> dict[str, Any]:
    """Every field is always there, and no other."""
    schema = msgspec.json.schema(list[Finding])
    for definition in schema["$defs"].values():
        definition["additionalProperties"] = False
        definition["required"] = list(definition["properties"])
    return {"$schema": DIALECT, "title": "leaklint's json report", **schema}
