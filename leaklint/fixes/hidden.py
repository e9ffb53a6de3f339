"""An acquisition inside a larger expression, whose connection never gets a name → a `with` block that gives it one."""

from __future__ import annotations

import ast

from leaklint.fixes.block import Item, item
from leaklint.fixes.case import Case, Proposal, Refused, Unfit, own_nodes
from leaklint.fixes.draft import Draft
from leaklint.fixes.lifetime import Kind, Lifetime
from leaklint.fixes.region import consent, last_use, shortened
from leaklint.fixes.with_block import told

LOUD = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Subscript)
DEFERRED = (
    ast.Lambda,
    ast.IfExp,
    ast.BoolOp,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.comprehension,
    ast.NamedExpr,
)
SIMPLE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.For, ast.With)


def hidden(case: Case) -> Proposal:
    """Acquire in a `with` before the statement, and use the name in its place."""
    statement, value = case.statement, case.value
    if isinstance(case.parents[value], ast.withitem | ast.Expr | ast.Assign | ast.AnnAssign | ast.NamedExpr):
        raise Unfit("it is not part of a larger expression")
    if not isinstance(statement, SIMPLE) or not case.alone(statement):
        raise Refused("the statement in which it is acquired is no simple one")
    check_order(case, statement, value)
    written = item(case, value)
    if written is None:
        raise Refused("no `with` does what its release does")
    name = fresh(case, "session" if "session" in case.resource.noun else "conn")
    text = case.text
    lifetime = Lifetime(case, name, value)
    suite = case.suite(statement)
    last = max(last_use(suite, lifetime), suite.index)
    check_later(case, lifetime, suite.statements[last].end_lineno or 0)
    applicability, why = consent(case, lifetime, suite.statements[suite.index : last + 1])
    draft = Draft(case)
    indent = text.indentation(statement.lineno)
    opening = f"{written.keyword} {written.before}{dedented(case, written)}{written.behind} as {name}:"
    draft.put(text.starts[statement.lineno - 1], f"{indent}{opening}{text.newline}")
    draft.deepen(statement.lineno, suite.statements[last].end_lineno or 0)
    draft.substitute(value, name)
    draft.changes += written.imports
    message = f"give the {case.resource.noun} a name, and release it in `{written.keyword}`"
    return Proposal(draft.finish(), applicability, told(message, why))


def dedented(case: Case, written: Item) -> str:
    """The acquisition on one line, if it is on one."""
    inner = written.expression
    if inner.lineno == inner.end_lineno:
        return case.text.of(inner)
    lines = case.text.of(inner).splitlines()
    if any(
        line in case.text.fixed or line in case.text.comments for line in range(inner.lineno, inner.end_lineno or 0)
    ):
        raise Refused("the acquisition stretches over several lines")
    parts = [line.strip() for line in lines]
    joined = " ".join(parts)
    for opening in "([{":
        joined = joined.replace(f"{opening} ", opening)
    for closing in ")]}":
        joined = joined.replace(f", {closing}", closing).replace(f" {closing}", closing)
    return joined


def check_order(case: Case, statement: ast.stmt, value: ast.expr) -> None:
    """Nothing in the statement may happen before the acquisition, and it must happen exactly once."""
    inside = set(ast.walk(value))
    above = set(case.above(value))
    for node in case.above(value):
        if node is statement:
            break
        if isinstance(node, DEFERRED):
            raise Refused("it is not acquired on every way through the statement")
    if isinstance(statement, ast.For) and value not in set(ast.walk(statement.iter)):
        raise Refused("it is acquired inside a loop's head")
    if isinstance(statement, ast.With) and value not in set(ast.walk(statement.items[0].context_expr)):
        raise Refused("the block enters other things first")
    start = case.text.start(value)
    for node in own_nodes(statement):
        early = isinstance(node, LOUD) and node not in inside and node not in above and case.text.start(node) < start
        target = isinstance(getattr(node, "ctx", None), ast.Store)
        if early and not target:
            raise Refused(f"`{shortened(case.text.of(node))}` is evaluated before it")


def check_later(case: Case, lifetime: Lifetime, last_line: int) -> None:
    """Nothing that hangs on the connection may be used behind the block."""
    for name, kind in lifetime.names.items():
        for node in ast.walk(case.function):
            named = isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
            if kind > Kind.PLAIN and named and node.lineno > last_line:  # type: ignore[attr-defined]  # a name
                raise Refused(f"`{name}` is used outside the block (line {node.lineno})")  # type: ignore[attr-defined]


def fresh(case: Case, wanted: str) -> str:
    """A name that the function does not use yet, nor those in and around it."""
    owners = [case.function, *case.above(case.function)]
    owners = [one for one in owners if not isinstance(one, ast.Module)] or [case.tree]
    nodes = [node for owner in owners for node in ast.walk(owner)]
    taken = {node.id for node in nodes if isinstance(node, ast.Name)} | {n.arg for n in nodes if isinstance(n, ast.arg)}
    choices = [wanted, "connection" if wanted == "conn" else "db_session", f"own_{wanted}", f"new_{wanted}"]
    for name in choices:
        if name not in taken:
            return name
    raise Refused("no simple name is free for it")
