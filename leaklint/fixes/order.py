"""What must not change places with a release: other clean-up that follows it, such as of the engine or of the file."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from leaklint.fixes.case import Case, Refused, own_nodes, path_of
from leaklint.fixes.lifetime import words
from leaklint.fixes.releases import Release, name_of

LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)
ENDINGS = words(
    "close aclose closeall dispose stop shutdown terminate quit kill disconnect remove unlink rmtree rmdir rename "
    "replace move cleanup teardown"
)


def check_order(case: Case, every: Iterable[Release], first: int, last: int) -> None:
    """Refuse where a release that moves to the end of the block would come to stand behind another clean-up."""
    gone = [one.whole for one in every if one.whole is not None]
    free = alike(case)
    for release in gone:
        for statement in behind(case, release, first, last):
            for node in [statement, *own_nodes(statement)] if statement not in gone else ():
                if isinstance(node, ast.Call) and name_of(node) in ENDINGS and receiver(node) not in free:
                    code = " ".join(case.text.of(node).split())
                    raise Refused(f"`{code}` would come before its release")


def receiver(call: ast.Call) -> str:
    return path_of(call.func.value) if isinstance(call.func, ast.Attribute) else ""


def alike(case: Case) -> frozenset[str]:
    """What is acquired by the same call elsewhere in the function: such may be released before or after."""
    return frozenset(
        path_of(target)
        for node in own_nodes(case.function)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if path_of(node.value.func) == path_of(case.call.func) != ""
        for target in node.targets
    )


def behind(case: Case, statement: ast.stmt, first: int, last: int) -> Iterator[ast.stmt]:
    """The statements of the block, given by its lines, that run after one of them."""
    while statement.lineno >= first:
        suite = case.suite(statement)
        for following in suite.statements[suite.index + 1 :]:
            if following.lineno > last:
                return
            yield following
            if isinstance(following, LEAVING):
                return
        owner = suite.owner
        while not isinstance(owner, ast.stmt):
            if owner not in case.parents:
                return
            owner = case.parents[owner]
        if isinstance(owner, ast.Try | ast.TryStar) and suite.field != "finalbody":
            yield from owner.finalbody
        if owner is case.function:
            return
        statement = owner
