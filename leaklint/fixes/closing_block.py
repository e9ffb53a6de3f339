"""`with connect() as c:` that ends the transaction only → `with closing(connect()) as c, c:`, commit included."""

from __future__ import annotations

import ast

from leaklint.fixes.block import item, release_code
from leaklint.fixes.case import Case, Proposal, Refused, Unfit, mentions
from leaklint.fixes.draft import Draft
from leaklint.fixes.hidden import fresh
from leaklint.fixes.lifetime import Kind, Lifetime
from leaklint.fixes.region import consent
from leaklint.fixes.with_block import told


def closing_block(case: Case) -> Proposal:
    """Make the block in which the connection is acquired release it as well."""
    entered = case.parents[case.value]
    if not isinstance(entered, ast.withitem) or entered.context_expr is not case.value:
        raise Unfit("it is not acquired by a `with`")
    if case.facts.maybe:
        raise Refused("the call may return None")
    statement = case.statement
    assert isinstance(statement, ast.With | ast.AsyncWith)
    target = entered.optional_vars
    if target is not None and not isinstance(target, ast.Name):
        raise Refused("the block binds no simple name")
    name = target.id if isinstance(target, ast.Name) else fresh(case, "conn")
    lifetime = Lifetime(case, name)
    check_after(case, lifetime, statement)
    applicability, why = consent(case, lifetime, statement.body)
    draft = Draft(case)
    if case.resource.entered == "releases" and isinstance(case.value, ast.Await):
        message = drop_await(case, draft)
    elif isinstance(statement, ast.AsyncWith):
        raise Refused("no `async with` releases it")
    else:
        message = close_too(case, draft, statement, entered, name)
    return Proposal(draft.finish(), applicability, told(message, why))


def check_after(case: Case, lifetime: Lifetime, statement: ast.stmt) -> None:
    """Nothing that hangs on the connection may be used behind the block."""
    for name, kind in lifetime.names.items():
        for node in mentions(case.function, name):
            line = node.lineno  # type: ignore[attr-defined]  # names and attributes have places
            loads = isinstance(getattr(node, "ctx", None), ast.Load)
            if kind > Kind.PLAIN and loads and line > (statement.end_lineno or 0):
                raise Refused(f"`{name}` is used outside the block in which it is acquired (line {line})")


def drop_await(case: Case, draft: Draft) -> str:
    """`async with await pool.acquire()`: entering what is awaited is not entering the acquisition."""
    written = item(case, case.value)
    if written is None or written.before or not written.asynchronous:
        raise Refused("no `async with` releases it")
    draft.replace(case.text.start(case.value), case.text.start(written.expression), "")
    return "enter the acquisition itself, which releases at the end of the block"


def close_too(case: Case, draft: Draft, statement: ast.With, entered: ast.withitem, name: str) -> str:
    text = case.text
    written = item(case, case.value)
    if written is None:
        return put_back(case, draft, statement, entered, name)
    if written.asynchronous or not written.before:
        raise Refused("the block of the driver does not release it")
    start, end = text.start(case.value), text.end(case.value)
    draft.put(start, written.before)
    if entered.optional_vars is None:
        draft.put(end, f"{written.behind} as {name}, {name}")
    else:
        draft.put(end, written.behind)
        draft.put(text.end(entered.optional_vars), f", {name}")
    draft.changes += written.imports
    return f"close `{name}` when the block has ended its transaction"


def put_back(case: Case, draft: Draft, statement: ast.With, entered: ast.withitem, name: str) -> str:
    """A slot of a pool: the block stays and ends the transaction, `finally` gives the slot back."""
    text = case.text
    if len(statement.items) > 1 or not case.alone(statement) or statement.body[0].lineno == statement.lineno:
        raise Refused("the block enters other things as well")
    release = release_code(case, name)
    indent = text.indentation(statement.lineno)
    last = statement.body[-1].end_lineno or 0
    value = entered.context_expr
    head_end = text.source.index(":", text.end(entered.optional_vars or value))
    acquire = text.of(value)
    lines = [f"{name} = {acquire}", f"{indent}try:", f"{indent}{case.unit}with {name}"]
    draft.replace(text.start(statement), head_end, text.newline.join(lines))
    draft.deepen((value.end_lineno or statement.lineno) + 1, last)
    draft.put_line(last, f"{indent}finally:{text.newline}{indent}{case.unit}{release}")
    return f"give the slot of `{name}` back in `finally`"
