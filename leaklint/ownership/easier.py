"""Text that libcst can read though an expression in it is very long; everything stays where it stands.

libcst nests what Python has in a row: each operand of a chain of `or`, each string of many that follow one another.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from itertools import accumulate, pairwise
from math import isqrt

from leaklint.ownership.survey import Survey

LONG = 50
LINE = re.compile(rb"(?<=\n)|(?<=\r)(?!\n)")
OPERATOR = re.compile(rb"([ \t])(?:or|and)\s*?([ \t])")
BEFORE = frozenset({tokenize.STRING, getattr(tokenize, "FSTRING_END", tokenize.STRING)})
PLAIN = re.compile(r"[rRbBuU]*['\"]")


def easier(text: str) -> str:
    """The text of a function or module, indented or not, with its long rows broken up."""
    return one_string_each(grouped(text))


def depth(text: str) -> int:
    """How deep the statements and expressions are nested; raises `SyntaxError`."""
    return Survey().take(parsed(text).body)


def parsed(text: str) -> ast.Module:
    """The tree of a text that may be indented; its lines count from 2 then, as they do without."""
    return ast.parse(f"if True:\n{text}" if text[:1].isspace() else f"\n{text}")


def grouped(text: str) -> str:
    """`a or b or c or d` as `a or(b or c)or d`, where there are many more: what it means stays, and its length."""
    data = bytearray(text.encode())
    starts = [0, *accumulate((len(line) for line in LINE.split(bytes(data))), initial=0)]
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.BoolOp) and len(node.values) > LONG:
            bracket(data, [place(starts, one, other) for one, other in pairwise(node.values)])
    return data.decode()


def place(starts: list[int], one: ast.expr, other: ast.expr) -> slice:
    """What stands between two operands."""
    return slice(starts[one.end_lineno - 1] + one.end_col_offset, starts[other.lineno - 1] + other.col_offset)  # type: ignore[operator]  # parsed code has places


def bracket(data: bytearray, gaps: list[slice]) -> None:
    """Put brackets round groups of operands, in the place of blanks beside the operators."""
    found = ((gap, OPERATOR.search(data[gap])) for gap in gaps[:: isqrt(len(gaps))] if b"#" not in data[gap])
    blanks = [(gap.start + match.start(1), gap.start + match.start(2)) for gap, match in found if match is not None]
    for (_, opening), (closing, _) in pairwise(blanks):
        data[opening], data[closing] = b"()"


def one_string_each(text: str) -> str:
    """Of strings that follow one another the first is left, and those that are more than text."""
    lines = list(io.StringIO(text, newline=""))
    before = tokenize.ENCODING
    for token in tokenize.generate_tokens(iter(lines.copy()).__next__):
        if token.type in {tokenize.NL, tokenize.COMMENT}:
            continue
        (row, start), (last, end) = token.start, token.end
        if token.type == tokenize.STRING and before in BEFORE and row == last and PLAIN.match(token.string):
            line = lines[row - 1]
            lines[row - 1] = line[:start] + " " * (end - start) + line[end:]
        before = token.type
    return "".join(lines)
