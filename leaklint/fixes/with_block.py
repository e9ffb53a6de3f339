"""Acquire … release in line, or a `try`/`finally` that starts too late, or no release at all → one `with` block."""

from __future__ import annotations

import ast

from leaklint.fixes.block import Item, agreed_release, item
from leaklint.fixes.case import Case, Proposal, Refused, Unfit
from leaklint.fixes.draft import Draft
from leaklint.fixes.region import Region, region


def with_block(case: Case) -> Proposal:
    """Put everything from the acquisition to its last use into the `with` block of the driver."""
    found = region(case)
    if not found.held.direct:
        raise Refused("it is bound to a name together with something else")
    _, usual = agreed_release(case, found.held.name, found.releases)
    written = item(case, case.value) if usual else None
    if written is None:
        raise Unfit("no `with` does what its release does")
    draft = Draft(case)
    draft.deepen(found.first_line, found.last_line)
    draft.drop(one.whole for one in found.releases if one.whole is not None)
    _check_body(found)
    header(draft, case, found, written)
    draft.changes += written.imports
    return Proposal(
        draft.finish(),
        found.applicability,
        told(f"use `{written.keyword}` from the acquisition to the last use of `{found.held.name}`", found.why),
        frozenset(one.name for one in found.releases),
    )


def told(message: str, why: str) -> str:
    return f"{message}; unsafe: {why}" if why else message


def _check_body(found: Region) -> None:
    dropped = [one.whole for one in found.releases]
    rest = found.suite.statements[found.suite.index + 1 : found.last + 1]
    if all(statement in dropped for statement in rest):
        raise Refused("nothing happens between the acquisition and the release")


def header(draft: Draft, case: Case, found: Region, written: Item) -> None:
    """`conn = acquire(…)` → `with acquire(…) as conn:`; everything else on these lines stays."""
    text, statement = case.text, found.held.statement
    indent = text.indentation(statement.lineno)
    annotation = ""
    if isinstance(statement, ast.AnnAssign):
        annotation = f"{text.of(statement.target)}: {text.of(statement.annotation)}{text.newline}{indent}"
    inner = written.expression
    start, end = text.start(inner), text.end(inner)
    before = f"{annotation}{written.keyword} {written.before}"
    behind = f"{written.behind} as {found.held.name}:"
    several = inner.end_lineno != inner.lineno
    hangs = text.line(inner.lineno).split("#")[0].rstrip()[-1:] not in tuple("([{")
    if several and written.before.endswith("(") and not hangs:
        draft.replace(text.start(statement), start, f"{before}{text.newline}{indent}{case.unit}")
        draft.deepen(inner.lineno + 1, inner.end_lineno or 0)
        draft.replace(end, text.end(statement), f"{text.newline}{indent}{behind}")
        return
    draft.replace(text.start(statement), start, before)
    draft.replace(end, text.end(statement), behind)
    if several:
        realign(draft, inner, len(before) - len(annotation) - (start - text.start(statement)))


def realign(draft: Draft, node: ast.expr, by: int) -> None:
    """Move the further lines of an expression along where they hang under its opening parenthesis."""
    text = draft.text
    column = text.place(text.start(node))[1] - 1
    for line in range(node.lineno + 1, (node.end_lineno or 0) + 1):
        indent = text.indentation(line)
        if len(indent) <= column or line in text.fixed or "\t" in indent:
            continue
        start = text.starts[line - 1]
        if by > 0:
            draft.put(start, " " * by)
        else:
            draft.replace(start, start - by, "")
