"""Acquired inside an `if` or a `try` and used behind it → `finally: if conn is not None: release` around all of it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from leaklint.fixes.block import agreed_release
from leaklint.fixes.case import Case, Proposal, Refused, Suite, Unfit, bound_by, own_nodes, path_of
from leaklint.fixes.draft import Draft
from leaklint.fixes.lifetime import Kind, Lifetime
from leaklint.fixes.order import check_order
from leaklint.fixes.region import check_double, check_scope, consent, held, last_use
from leaklint.fixes.releases import releases
from leaklint.fixes.try_block import check_names
from leaklint.fixes.with_block import told


def guarded(case: Case) -> Proposal:
    """Release at the end of the smallest stretch that holds every use, if something was acquired at all."""
    found = held(case)
    name = found.name
    check_scope(case, name)
    others = siblings(case, name)
    check_bound_once(case, name, others)
    lifetime = Lifetime(case, name)
    suite = stretch(case, lifetime, found.statement, others)
    first = suite.statements[suite.index]
    if first is found.statement:
        raise Unfit("its own suite holds every use")
    last = last_use(suite, lifetime)
    statements = suite.statements[suite.index : last + 1]
    applicability, why = consent(case, lifetime, statements)
    every = tuple(one for one in releases(case, name))
    check_double(case, every, name)
    check_order(case, every, first.lineno, statements[-1].end_lineno or 0)
    plain = tuple(one for one in every if one.whole is not None)
    lines, _ = agreed_release(case, name, plain)
    end = statements[-1].end_lineno or 0
    check_names(case, first.lineno, end, lines, but=name)
    if not case.alone(first) or "\n" in "".join(lines):
        raise Refused("statements share a line at the start of the block")
    draft = Draft(case)
    wrap(draft, case, statements, name, lines, tuple(one.whole for one in plain if one.whole is not None))
    if not is_none_before(case, suite, name):
        indent = case.text.indentation(first.lineno)
        draft.put_first(case.text.starts[first.lineno - 1], f"{indent}{name} = None{case.text.newline}")
    message = f"release `{name}` in `finally` wherever it was acquired"
    return Proposal(
        draft.finish(), applicability, told(message, why), frozenset(one.name for one in every), 1 + len(others)
    )


def siblings(case: Case, name: str) -> list[ast.Assign]:
    """Where the same name is bound to another connection that leaks and is released alike: in another branch."""
    return [
        node
        for node in own_nodes(case.function)
        if isinstance(node, ast.Assign)
        and [path_of(target) for target in node.targets] == [name]
        and any(case.text.place(case.text.start(call)) in case.facts.siblings for call in calls(node.value))
    ]


def calls(node: ast.expr) -> list[ast.Call]:
    """A call and what is awaited of it."""
    inner = node.value if isinstance(node, ast.Await) else node
    return [inner] if isinstance(inner, ast.Call) else []


def check_bound_once(case: Case, name: str, others: Sequence[ast.stmt]) -> None:
    """Whatever the name holds at the end must be the connection of this acquisition or of its siblings, or None."""
    for node in own_nodes(case.function):
        if name not in bound_by(node):
            continue
        owner = case.parents.get(node)
        if owner is case.statement or owner in others:
            continue
        none = isinstance(owner, ast.Assign) and isinstance(owner.value, ast.Constant) and owner.value.value is None
        if not none:
            raise Refused(f"`{name}` is bound to other things as well")
    function = case.function
    if not isinstance(function, ast.Module) and name in {arg.arg for arg in arguments(function.args)}:
        raise Refused(f"`{name}` may be the caller's")


def arguments(args: ast.arguments) -> list[ast.arg]:
    rest = [one for one in (args.vararg, args.kwarg) if one is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *rest]


def stretch(case: Case, lifetime: Lifetime, statement: ast.stmt, others: Sequence[ast.stmt]) -> Suite:
    """The smallest suite around the acquisitions behind which nothing needs the connection any more."""
    names = [name for name, kind in lifetime.names.items() if kind >= Kind.HOLDS]
    uses: list[ast.expr | ast.stmt] = [
        node
        for node in ast.walk(case.function)
        if isinstance(node, ast.Name | ast.Attribute) and path_of(node) in names and isinstance(node.ctx, ast.Load)
    ]
    uses += others
    current: ast.AST = statement
    while True:
        suite = case.suite(current)
        low, high = suite.statements[suite.index].lineno, suite.statements[-1].end_lineno or 0
        if all(low <= node.lineno <= high for node in uses):
            return suite
        owner = suite.owner
        while isinstance(owner, ast.ExceptHandler | ast.match_case):
            owner = case.parents[owner]
        if not isinstance(owner, ast.If | ast.Try | ast.TryStar | ast.With | ast.AsyncWith | ast.Match):
            raise Refused("it is acquired in a loop and used outside it")
        current = owner


def is_none_before(case: Case, suite: Suite, name: str) -> bool:
    """Whether the name is None when the stretch begins."""
    while True:
        for statement in suite.statements[: suite.index]:
            if isinstance(statement, ast.Assign) and any(path_of(target) == name for target in statement.targets):
                return True
        if suite.owner is case.function or isinstance(suite.owner, ast.Module):
            return False
        owner = suite.owner
        while not isinstance(owner, ast.stmt):
            owner = case.parents[owner]
        suite = case.suite(owner)


def wrap(
    draft: Draft, case: Case, statements: list[ast.stmt], name: str, lines: list[str], dropped: tuple[ast.stmt, ...]
) -> None:
    """A `finally` for the one `try`, or a `try` of its own around everything."""
    text, first = case.text, statements[0]
    indent = text.indentation(first.lineno)
    end = statements[-1].end_lineno or 0
    draft.base = len(indent)
    own = isinstance(first, ast.Try) and len(statements) == 1 and not first.finalbody
    if not own:
        draft.deepen(first.lineno, end)
    draft.drop(dropped)
    if not own:
        draft.put_first(text.starts[first.lineno - 1], f"{indent}try:{text.newline}")
    inner = f"{indent}{case.unit}"
    rows = [f"{indent}finally:", f"{inner}if {name} is not None:", *(f"{inner}{case.unit}{line}" for line in lines)]
    draft.put_line(end, text.newline.join(rows))
