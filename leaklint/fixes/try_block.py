"""What no `with` of the driver releases alike (`getconn`/`putconn`, `_conn`/`_return`) → `try`/`finally`."""

from __future__ import annotations

import ast

from leaklint.fixes.block import agreed_release, if_any
from leaklint.fixes.case import Case, Proposal, Refused, bound_by, own_nodes
from leaklint.fixes.draft import Draft
from leaklint.fixes.region import region
from leaklint.fixes.with_block import told


def try_block(case: Case) -> Proposal:
    """Put everything from behind the acquisition to its last use into a `try` whose `finally` releases."""
    found = region(case)
    lines, _ = agreed_release(case, found.held.name, found.releases)
    check_names(case, found.first_line, found.last_line, lines)
    lines = if_any(case, found.held.name, lines)
    draft = Draft(case)
    statement, text = found.held.statement, case.text
    indent = text.indentation(statement.lineno)
    draft.deepen(found.first_line, found.last_line)
    draft.drop(one.whole for one in found.releases if one.whole is not None)
    draft.open_try(statement.end_lineno or 0, indent)
    draft.put_line(
        found.last_line,
        f"{indent}finally:" + "".join(f"{text.newline}{indent}{case.unit}{line}" for line in lines),
    )
    return Proposal(
        draft.finish(),
        found.applicability,
        told(f"release `{found.held.name}` in `finally`", found.why),
        frozenset(one.name for one in found.releases),
    )


def check_names(case: Case, first: int, last: int, lines: list[str], but: str = "") -> None:
    """Every name that the release reads must still mean the same on these lines."""
    code = "\n ".join(["async def f():", *lines])
    names = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)} - {but}
    for node in own_nodes(case.function):
        again = names.intersection(bound_by(node))
        if again and first <= node.lineno <= last:  # type: ignore[attr-defined]  # what binds has a place
            raise Refused(f"`{again.pop()}` is bound again before the end of the block")
