"""What acquires for its caller, or for an object, and may raise first → `except BaseException: release; raise`."""

from __future__ import annotations

import ast

from leaklint.fixes.block import if_any, release_code
from leaklint.fixes.case import Case, Proposal, Refused, Unfit, bound_by, mentions, own_nodes, path_of
from leaklint.fixes.draft import Draft
from leaklint.fixes.guarded import siblings
from leaklint.fixes.lifetime import Kind, Lifetime
from leaklint.fixes.region import check_scope, held
from leaklint.fixes.releases import Release, releases

BUILDERS = frozenset({"__init__", "__new__", "__post_init__", "__enter__", "__aenter__"})
LEAVING = (ast.Raise, ast.Return)


def factory(case: Case) -> Proposal:
    """Release on every exception that comes between the acquisition and the moment somebody else can reach it."""
    found = held(case, dotted=True)
    name = found.name
    check_scope(case, name.partition(".")[0])
    if case.facts.new:
        raise Refused("it is handed over on some ways and forgotten on others")
    if not case.alone(found.statement):
        raise Refused("several statements share a line with the acquisition")
    lifetime = Lifetime(case, name)
    if "." not in name and not case.facts.handed:
        raise Unfit("it is handed to nobody")
    anchor, others = acquired_by(case, found.statement, name)
    suite = case.suite(anchor)
    if any(isinstance(owner, ast.For | ast.AsyncFor | ast.While) for owner in _inside(case, found.statement)):
        raise Refused("it is handed over from within a loop")
    following = suite.statements[suite.index + 1 :]
    last = _last(case, following, lifetime)
    if last < 0:
        raise Refused("nothing happens between the acquisition and the end of its block")
    _check(case, following[: last + 1], name)
    lines = if_any(case, name, [release_code(case, name)])
    written = releases(case, name)
    draft = Draft(case)
    first_line = (anchor.end_lineno or 0) + 1
    last_line = following[last].end_lineno or 0
    indent = case.text.indentation(anchor.lineno)
    draft.base = len(indent)
    draft.deepen(first_line, last_line)
    dropped = _twice(case, written, first_line, last_line)
    draft.drop(dropped)
    draft.open_try(anchor.end_lineno or 0, indent)
    ending = ("except BaseException:", *(f"{case.unit}{line}" for line in lines), f"{case.unit}raise")
    draft.put_line(last_line, case.text.newline.join(f"{indent}{one}" for one in ending))
    return Proposal(
        draft.finish(),
        "safe",
        f"release `{name}` where an exception keeps it from being handed over",
        frozenset(one.name for one in written),
        1 + len(others),
    )


def acquired_by(case: Case, statement: ast.stmt, name: str) -> tuple[ast.stmt, list[ast.stmt]]:
    """The statement behind which the name holds a connection for certain, and who else acquires in it.

    That is a `try` around the acquisition whose handlers all leave, or an `if` whose branches all acquire or leave.
    """
    suite = case.suite(statement)
    owner = suite.owner
    if not all(map(_is_calm, suite.statements[suite.index + 1 :])):
        return statement, []
    if (
        isinstance(owner, ast.Try)
        and _is_plain(owner, suite.field)
        and all(isinstance(handler.body[-1], LEAVING) for handler in owner.handlers)
    ):
        return owner, []
    if isinstance(owner, ast.If) and owner.orelse:
        others = siblings(case, name)
        if all(isinstance(one, LEAVING) or one in (statement, *others) for one in _ends(owner)):
            return owner, [one for one in others if one in _ends(owner)]
    return statement, []


def _is_plain(owner: ast.Try, field: str) -> bool:
    return field == "body" and not (owner.orelse or owner.finalbody)


def _ends(owner: ast.If) -> list[ast.stmt]:
    """The last statement of each branch, `elif` included."""
    return [
        end
        for last in (owner.body[-1], owner.orelse[-1] if owner.orelse else owner)
        for end in (_ends(last) if isinstance(last, ast.If) and last is not owner else [last])
    ]


def _inside(case: Case, statement: ast.stmt) -> list[ast.AST]:
    """What contains a statement within its function."""
    found: list[ast.AST] = []
    for owner in case.above(statement):
        if owner is case.function:
            break
        found.append(owner)
    return found


def _last(case: Case, following: list[ast.stmt], lifetime: Lifetime) -> int:
    """The last statement that may raise before the handle is out of our hands."""
    builder = isinstance(case.function, ast.FunctionDef | ast.AsyncFunctionDef) and case.function.name in BUILDERS
    end = len(following) - 1
    if not builder:
        for index, statement in enumerate(following):
            if any(how == "kept" and kind >= Kind.MAYBE for kind, _, how in lifetime.escapes([statement])):
                end = index - 1
                break
    while end >= 0 and (_is_calm(following[end]) or following[end].lineno > case.facts.last_exit):
        end -= 1
    return end


def _is_calm(statement: ast.stmt) -> bool:
    """A statement that cannot raise in practice."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = statement.args
        return not (statement.decorator_list or arguments.defaults or any(arguments.kw_defaults))
    if not isinstance(statement, ast.Return | ast.Pass | ast.Assign):
        return False
    loud = (ast.Call, ast.Await, ast.Subscript, ast.Yield, ast.YieldFrom)
    return not any(isinstance(node, loud) for node in ast.walk(statement))


def _check(case: Case, region: list[ast.stmt], name: str) -> None:
    """Every way out of the region without an exception must leave the handle as it is."""
    for statement in region:
        for node in [statement, *own_nodes(statement)]:
            bound = name in bound_by(node) or (
                isinstance(node, ast.Attribute) and path_of(node) == name and not isinstance(node.ctx, ast.Load)
            )
            if bound:
                raise Refused(f"`{name}` is bound again before it is handed over")
            if isinstance(node, ast.Yield | ast.YieldFrom):
                raise Refused("it is handed over by a generator")
    for node in own_nodes(case.function):
        outside = getattr(node, "lineno", 0) < case.statement.lineno
        if isinstance(node, ast.Try | ast.TryStar) and outside and case.statement in list(own_nodes(node)):
            for part in (*node.handlers, *node.finalbody):
                if mentions(part, name):
                    raise Refused(f"`{name}` is dealt with where its `try` ends as well")


def _twice(case: Case, written: list[Release], first: int, last: int) -> list[ast.stmt]:
    """Releases that the new handler would repeat: those before a `raise`."""
    found: list[ast.stmt] = []
    for one in written:
        if not first <= one.call.lineno <= last:
            continue
        if one.whole is None:
            raise Refused("a release is part of a larger expression and cannot be taken away")
        suite = case.suite(one.whole)
        after = suite.statements[suite.index + 1 :]
        if after and isinstance(after[0], ast.Raise):
            found.append(one.whole)
        elif not (after and isinstance(after[0], ast.Return)):
            raise Refused("it is released on some ways and handed over on others")
    return found
