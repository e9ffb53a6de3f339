"""The proof that every rewrite has to pass before it is offered."""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from collections.abc import Callable, Sequence

from leaklint.finding import Finding
from leaklint.fixes.case import Case, Proposal, Refused
from leaklint.fixes.edits import Overlap, apply
from leaklint.fixes.late import check_late
from leaklint.fixes.releases import ASKING, name_of
from leaklint.fixes.scopes import check_names
from leaklint.fixes.text import NEWLINE

Recheck = Callable[[str], Sequence[Finding]]
READING = frozenset({"LKN901", "LKN902"})
KEPT = "LKN301"
BLOCKS = frozenset({"closing", "suppress"})


def verify(case: Case, proposal: Proposal, finding: Finding, recheck: Recheck) -> str:
    """The new text; raises `Refused` with the first thing that is wrong with it."""
    try:
        after = apply(case.text.source, proposal.changes)
    except Overlap as error:
        raise Refused("two parts of the rewrite want the same text") from error
    tree = parsed(after)
    check_comments(case.text.source, after)
    check_calls(case.tree, tree, proposal.dropped)
    check_names(case.text.source, after)
    check_late(case, after, tree)
    check_findings(recheck(case.text.source), recheck(after), finding, proposal.mends)
    return after


def parsed(source: str) -> ast.Module:
    """The tree of a text that both parsers accept."""
    import libcst as cst

    try:
        tree = ast.parse(source)
        cst.parse_module(source)
        compile(tree, "<fixed>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, cst.ParserSyntaxError) as error:
        raise Refused("the rewritten code would not parse") from error
    return tree


def check_comments(before: str, after: str) -> None:
    lost = comments(before) - comments(after)
    if lost:
        raise Refused(f"the comment `{next(iter(lost))}` would be lost")


def comments(source: str) -> Counter[str]:
    lines = io.StringIO(NEWLINE.sub("\n", source))
    return Counter(t.string for t in tokenize.generate_tokens(lines.readline) if t.type == tokenize.COMMENT)


def check_calls(before: ast.Module, after: ast.Module, dropped: frozenset[str]) -> None:
    """No call but a release may go, and none but a release may come."""
    old, new = calls(before), calls(after)
    gone = [name for name in old - new if name not in dropped | ASKING | BLOCKS]
    if gone:
        raise Refused(f"the call of `{gone[0]}` would be lost")


def calls(tree: ast.AST) -> Counter[str]:
    return Counter(name_of(node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def check_findings(before: Sequence[Finding], after: Sequence[Finding], finding: Finding, mends: int) -> None:
    """The finding must be gone and no other come; lines have moved, so findings are told apart by their functions."""
    unreadable = [one for one in after if one.code in READING]
    if len(unreadable) > len([one for one in before if one.code in READING]):
        raise Refused("the rewritten file could not be read")
    old, new = known(before), known(after)
    mine = (finding.function, finding.driver)
    left = [one for one in after if (one.function, one.driver) == mine and one.code not in READING]
    if len(left) - uncovered(before, left) > old[mine] - mends:
        raise Refused(f"it would still leak{f' ({left[0].code})' if left else ''}")
    fresh = new - old
    if fresh:
        raise Refused(f"something else would leak in `{next(iter(fresh))[0]}`")


def uncovered(before: Sequence[Finding], left: Sequence[Finding]) -> int:
    """Fields that nobody releases were found all along, behind what could be said of the same acquisition first."""
    return max(0, codes(left)[KEPT] - codes(before)[KEPT])


def codes(findings: Sequence[Finding]) -> Counter[str]:
    return Counter(one.code for one in findings)


def known(findings: Sequence[Finding]) -> Counter[tuple[str, str]]:
    return Counter((one.function, one.driver) for one in findings if one.code not in READING)
