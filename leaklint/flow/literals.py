"""The values of literals: most by hand, since starting Python's parser for each takes longer than all the rest."""

from __future__ import annotations

import ast

from leaklint.flow.operands import Constant


def literal(text: str) -> Constant | complex:
    """The value of a number or of a plain string; raises `ValueError` or `SyntaxError`."""
    if text[0] in "'\"" and "\\" not in text:
        quotes = 3 if text[:3] in {'"""', "'''"} else 1
        return text[quotes:-quotes]
    value: Constant | complex = int(text) if text.isdecimal() else ast.literal_eval(text)
    return value
