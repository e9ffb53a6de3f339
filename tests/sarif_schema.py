"""A JSON Schema of SARIF 2.1.0 from the models of `pysarif`, which were generated from the published one."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import jsonschema
import pysarif

Json = dict[str, Any]

PLAIN: dict[object, Json] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Any: {"type": "object"},
}
SOME = {"minItems": 1}
SINGLE = {"uniqueItems": True}
FROM_ONE = {"minimum": 1}
BOUNDS: dict[str, dict[str, Json]] = {
    "ArtifactChange": {"replacements": SOME},
    "CodeFlow": {"threadFlows": SOME},
    "Fix": {"artifactChanges": SOME | SINGLE},
    "Location": {"id": {"minimum": -1}},
    "Notification": {"locations": SINGLE},
    "Region": dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), FROM_ONE),
    "Result": {"fixes": SINGLE, "relatedLocations": SINGLE, "ruleIndex": {"minimum": -1}},
    "ThreadFlow": {"locations": SOME},
    "ThreadFlowLocation": {"executionOrder": {"minimum": -1}},
    "ToolComponent": {"rules": SINGLE},
}
"""What the models do not say of the parts that leaklint writes: sections 3.11 to 3.58 of the standard."""

SAID: dict[str, Json] = {"Message": {"anyOf": [{"required": ["text"]}, {"required": ["id"]}]}}


def validated(text: str) -> Json:
    """The log, if it is one."""
    log: Json = json.loads(text)
    validator().validate(log)
    return log


@cache
def validator() -> jsonschema.Draft202012Validator:
    known: dict[str, type] = {}
    collect(pysarif.SarifLog, known)
    return jsonschema.Draft202012Validator(
        {"$ref": "#/$defs/SarifLog", "$defs": {name: described(model) for name, model in known.items()}}
    )


def collect(model: type, known: dict[str, type]) -> None:
    """All models that one reaches, by name."""
    if model.__name__ not in known:
        known[model.__name__] = model
        for hint in get_type_hints(model).values():
            for part in parts(hint):
                if is_dataclass(part):
                    collect(part, known)


def parts(hint: Any) -> Iterator[Any]:
    yield hint
    for inner in get_args(hint):
        yield from parts(inner)


def described(model: type) -> Json:
    hints = get_type_hints(model)
    bounds = BOUNDS.get(model.__name__, {})
    properties = {spelled(model, field): typed(hints[field.name]) for field in fields(model)}
    return {
        "type": "object",
        "properties": {name: value | bounds.get(name, {}) for name, value in properties.items()},
        "required": [spelled(model, field) for field in fields(model) if is_required(field)],
        "additionalProperties": model is pysarif.PropertyBag,
        **SAID.get(model.__name__, {}),
    }


def spelled(model: type, field: Field[Any]) -> str:
    head, *rest = field.name.split("_")
    name = head + "".join(word.title() for word in rest)
    return "$schema" if model is pysarif.SarifLog and name == "schema" else name


def is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def typed(hint: Any) -> Json:
    if hint in PLAIN:
        return dict(PLAIN[hint])
    arguments = get_args(hint)
    if get_origin(hint) is Literal:
        return {"enum": list(arguments)}
    if get_origin(hint) is list:
        return {"type": "array", "items": typed(arguments[0])}
    if get_origin(hint) in (Union, types.UnionType):
        (inner,) = (one for one in arguments if one is not types.NoneType)
        return typed(inner)
    return {"$ref": f"#/$defs/{hint.__name__}"}
