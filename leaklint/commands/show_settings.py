"""Settings as the TOML table that would set them."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from leaklint.config import Settings, keys
from leaklint.reports.visible import clean, glyph


def as_toml(settings: Settings) -> str:
    """Every key with the value in force; what a table leaves out is a comment."""
    values = msgspec.to_builtins(settings)
    rows = [f"# from {clean(settings.origin or 'no file: these are the defaults')}", "[tool.leaklint]"]
    for key in keys():
        value = values[key]
        rows.append(f"# {key} is not set" if value in (None, "") else f"{key} = {toml_value(value)}")
    return "\n".join(rows) + "\n"


def toml_value(value: Any) -> str:
    match value:
        case dict():
            pairs = (f"{toml_key(key)} = {toml_value(one)}" for key, one in value.items())
            return "{ " + ", ".join(pairs) + " }" if value else "{}"
        case list() | tuple():
            return "[" + ", ".join(map(toml_value, value)) + "]"
    return plain(json.dumps(value, ensure_ascii=False))


def plain(text: str) -> str:
    """The text with everything escaped that a terminal might obey."""
    return "".join(char if glyph(char)[0] == char else f"\\U{ord(char):08x}" for char in text)


def toml_key(key: str) -> str:
    return key if re.fullmatch(r"[\w-]+", key, re.ASCII) else plain(json.dumps(key, ensure_ascii=False))
