"""An acquisition that nothing uses, made to see whether it works → released on the spot: `engine.connect().close()`."""

from __future__ import annotations

import ast

from leaklint.fixes.block import release_code
from leaklint.fixes.case import Case, Proposal, Refused, Unfit
from leaklint.fixes.draft import Draft


def released_at_once(case: Case) -> Proposal:
    """Write the release around the acquisition."""
    statement, value = case.statement, case.value
    if not isinstance(statement, ast.Expr) or statement.value is not value:
        raise Unfit("something is done with it")
    if case.facts.maybe:
        raise Refused("the call may return None, which nobody can release")
    before, _, behind = release_code(case, "{name}").partition("{name}")
    awaited = isinstance(value, ast.Await) and behind.startswith(".")
    draft = Draft(case)
    draft.put(case.text.start(value), f"{before}(" if awaited else before)
    draft.put(case.text.end(value), f"){behind}" if awaited else behind)
    return Proposal(draft.finish(), "safe", f"release the {case.resource.noun} at once")
