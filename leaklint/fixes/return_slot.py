"""`conn.close()` on a connection whose pool wants it back → `pool.putconn(conn, close=True)` or one line more."""

from __future__ import annotations

from leaklint.fixes.block import release_code
from leaklint.fixes.case import Case, Proposal, Refused, Unfit
from leaklint.fixes.draft import Draft
from leaklint.fixes.region import check_scope, held
from leaklint.fixes.releases import releases
from leaklint.fixes.try_block import check_names


def return_slot(case: Case) -> Proposal:
    """Give the slot back wherever the connection is closed."""
    found = held(case)
    check_scope(case, found.name)
    every = releases(case, found.name)
    closing = [one for one in every if one.closes]
    if not closing:
        raise Unfit("it is not closed, either")
    line = release_code(case, found.name)
    last = max(one.call.lineno for one in closing)
    check_names(case, (found.statement.end_lineno or 0) + 1, last, [line])
    draft = Draft(case)
    text = case.text
    for one in closing:
        statement = one.statement
        if statement is None or not case.alone(statement):
            raise Refused("it is closed within a larger statement")
        if case.facts.driver == "psycopg2" and line.endswith(f".putconn({found.name})"):
            draft.replace(text.start(statement), text.end(statement), line[:-1] + ", close=True)")
        elif "await " in one.code or one.name not in case.resource.awaited:
            draft.put_line(statement.end_lineno or 0, f"{text.indentation(statement.lineno)}{line}")
        else:
            raise Refused("its close is not awaited")
    message = f"give the slot of `{found.name}` back to the pool"
    return Proposal(draft.finish(), "safe", message, frozenset(one.name for one in closing))
