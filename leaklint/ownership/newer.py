"""Files written for a newer Python than the one that runs: rewritten, line for line, into what `ast` here can read.

libcst's grammar does not depend on the running Python. Only the index is made from the rewritten text, which needs no
more than names and lines; what is interpreted is the file itself.
"""

from __future__ import annotations

import re
from itertools import accumulate

import libcst as cst

MOST_BRACKETS = 200
"""Python reads no more brackets inside one another; libcst takes quadratic time and memory for them."""

QUOTED = re.compile(rb"#[^\r\n]*|'[^'\r\n]*'|\"[^\"\r\n]*\"")
BRACKETS = re.compile(rb"[()\[\]{}]")


class Older(cst.CSTTransformer):
    """Takes out type parameters, type aliases, template strings and bracketless `except A, B`."""

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        del original_node
        return updated_node.with_changes(type_parameters=None)

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:
        del original_node
        return updated_node.with_changes(type_parameters=None)

    def leave_TypeAlias(self, original_node: cst.TypeAlias, updated_node: cst.TypeAlias) -> cst.Expr:
        lines = cst.Module([]).code_for_node(original_node).count("\n")
        del updated_node
        return cst.Expr(blank(lines))

    def leave_FormattedString(
        self, original_node: cst.FormattedString, updated_node: cst.FormattedString
    ) -> cst.BaseExpression:
        del updated_node
        return blank(cst.Module([]).code_for_node(original_node).count("\n"))

    def leave_TemplatedString(
        self, original_node: cst.BaseExpression, updated_node: cst.BaseExpression
    ) -> cst.BaseExpression:
        del updated_node
        return blank(cst.Module([]).code_for_node(original_node).count("\n"))

    def leave_ExceptHandler(
        self, original_node: cst.ExceptHandler, updated_node: cst.ExceptHandler
    ) -> cst.ExceptHandler:
        del original_node
        kind = updated_node.type
        if isinstance(kind, cst.Tuple) and not kind.lpar:
            return updated_node.with_changes(type=kind.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]))
        return updated_node


def blank(lines: int) -> cst.BaseExpression:
    """A string that takes as many lines as what it stands for."""
    return cst.SimpleString('"""' + "\n" * lines + '"""')


def in_older_syntax(text: bytes) -> bytes | None:
    """The text without what is new in it, on the same lines; None where libcst cannot read it either."""
    if brackets(text) > MOST_BRACKETS:
        return None
    try:
        return cst.parse_module(text).visit(Older()).bytes
    except (cst.ParserSyntaxError, SyntaxError, RecursionError, UnicodeError, LookupError):
        return None


def brackets(text: bytes) -> int:
    """How many brackets stand inside one another, about: what lines quote does not count."""
    steps = (1 if found in b"([{" else -1 for found in BRACKETS.findall(QUOTED.sub(b"", text)))
    return max(accumulate(steps, lambda depth, step: max(depth + step, 0), initial=0))
