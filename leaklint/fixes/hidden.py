"""An acquisition inside a larger expression, whose connection never gets a name → a `with` block that gives it one."""

from __future__ import annotations

import ast

from leaklint.fixes.block import item, release_code
from leaklint.fixes.case import Case, Proposal, Refused, Unfit, bound_by, own_nodes
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
    if case.facts.maybe:
        raise Refused("the call may return None")
    check_order(case, statement, value)
    name = fresh(case, "session" if "session" in case.resource.noun else "conn")
    lifetime = Lifetime(case, name, value)
    suite = case.suite(statement)
    last = max(last_use(suite, lifetime), suite.index)
    check_later(case, lifetime, suite.statements[last].end_lineno or 0)
    applicability, why = consent(case, lifetime, suite.statements[suite.index : last + 1])
    draft = Draft(case)
    draft.deepen(statement.lineno, suite.statements[last].end_lineno or 0)
    draft.substitute(value, name)
    how = enclose(draft, case, name, suite.statements[last])
    message = f"give the {case.resource.noun} a name, and release it in `{how}`"
    return Proposal(draft.finish(), applicability, told(message, why))


def enclose(draft: Draft, case: Case, name: str, last: ast.stmt) -> str:
    """Acquire in a line before the statement, and release behind the last; the keyword that does so."""
    text, first = case.text, case.statement.lineno
    indent, newline = text.indentation(first), text.newline
    written = item(case, case.value)
    if written is None:
        release = release_code(case, name)
        opening = f"{name} = {in_one_line(case, case.value)}{newline}{indent}try:"
        draft.put_line(last.end_lineno or 0, f"{indent}finally:{newline}{indent}{case.unit}{release}")
    else:
        acquire = in_one_line(case, written.expression)
        opening = f"{written.keyword} {written.before}{acquire}{written.behind} as {name}:"
        draft.changes += written.imports
    draft.put_first(text.starts[first - 1], f"{indent}{opening}{newline}")
    return "finally" if written is None else written.keyword


def in_one_line(case: Case, inner: ast.expr) -> str:
    """The acquisition on one line, comments and strings allowing."""
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
    """A name that neither the function nor what is nested in it uses yet."""
    taken = {name for node in ast.walk(case.function) for name in names_in(node)}
    choices = [wanted, "connection" if wanted == "conn" else "db_session", f"own_{wanted}", f"new_{wanted}"]
    for name in choices:
        if name not in taken:
            return name
    raise Refused("no simple name is free for it")


def names_in(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Name(name) | ast.arg(name):
            return (name,)
        case ast.Global(names) | ast.Nonlocal(names):
            return tuple(names)
        case _:
            return bound_by(node)
