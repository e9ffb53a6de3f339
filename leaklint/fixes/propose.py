"""A leak and its finding → the fix, or the reason why there is none."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Sequence

import libcst as cst
import msgspec

from leaklint.drivers.spec import Acquisition
from leaklint.finding import Finding, Fix
from leaklint.fixes import FIXES
from leaklint.fixes.case import Case, Elsewhere, Facts, Passing, Refused, Unfit
from leaklint.fixes.edits import as_edits
from leaklint.fixes.text import Text
from leaklint.fixes.verify import Recheck, verify
from leaklint.flow.leaks import Leak
from leaklint.flow.program import Call
from leaklint.flow.resolver import Fate, Given
from leaklint.source import Unit

TELLING = "close aclose disconnect release shutdown stop dispose terminate quit cleanup teardown free finish end exit"
RELEASES = frozenset(TELLING.split())
Fates = Callable[[Call], Iterable[tuple[int | str, Given]]]


def propose(text: str, finding: Finding, facts: Facts, recheck: Recheck) -> Fix | str:
    """The first rewrite that is proven; else why there is none.

    `recheck` analyses the file with another text in its place.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "the Python that runs leaklint cannot parse the file"
    source = Text(text)
    call = find_call(tree, source, finding)
    if call is None:
        return "the acquisition is no plain call"
    case = Case(source, tree, call, facts)
    reasons: list[str] = []
    elsewhere: list[str] = []
    unfit: list[str] = []
    for rewrite in FIXES:
        try:
            proposal = rewrite(case)
            verify(case, proposal, finding, recheck)
        except (Elsewhere, Unfit) as reason:
            (elsewhere if isinstance(reason, Elsewhere) else unfit).append(str(reason))
            continue
        except Refused as refusal:
            reasons.append(str(refusal))
            continue
        return Fix(proposal.applicability, proposal.message, as_edits(source, proposal.changes))
    return (reasons or [*elsewhere, *unfit, "no rewrite fits"])[0]


def facts_of(leak: Leak, unit: Unit, finding: Finding, fates: Fates) -> Facts:
    """What the analysis knows of the leak; `fates` says what becomes of what a call is given that a body stands for."""
    acquired = leak.acquired
    own = acquired.resource.noun.endswith(" object")
    passings = [(call.node, place, given) for call in leak.procedure.calls for place, given in fates(call)]
    return Facts(
        code=finding.code,
        driver=acquired.driver,
        resource=telling(acquired.resource) if own else acquired.resource,
        wrapped=bool(acquired.why),
        awaited=acquired.awaited,
        maybe=acquired.maybe,
        position=acquired.position,
        new=any(one.kind != "raise" or one.status.lost for one in leak.exits),
        own_object=own,
        last_exit=max((one.line for one in finding.exits), default=sys.maxsize),
        releasing=places(unit, [(node, place) for node, place, given in passings if always(given, "released")]),
        borrowing=places(unit, [(node, place) for node, place, given in passings if always(given, "owed")]),
        wavering=places(unit, [(node, place) for node, place, given in passings if wavers(given)]),
    )


def always(given: Given, fate: Fate) -> bool:
    """Whether this comes of the handle wherever the call returns."""
    return given.normal == {fate} and not given.returned


def wavers(given: Given) -> bool:
    """Whether the body releases on some ways only."""
    return "released" in given.normal | given.raising and given.normal != {"released"}


def telling(resource: Acquisition) -> Acquisition:
    """An object of the project: only a method that is called like a release is written, or taken away, as one."""
    names = tuple(name for name in resource.releases if name.strip("_").partition("_")[0] in RELEASES)
    return msgspec.structs.replace(resource, releases=names, closes=(), pool_releases=())


def places(unit: Unit, passings: Sequence[tuple[cst.CSTNode, int | str]]) -> frozenset[Passing]:
    spans = unit.spans([node for node, _ in passings]) if passings else []
    return frozenset(Passing(s.line, s.column, place) for s, (_, place) in zip(spans, passings, strict=True))


def find_call(tree: ast.Module, text: Text, finding: Finding) -> ast.Call | None:
    """The acquiring call at the place of the finding."""
    start, end = text.at(finding.line, finding.column), text.at(finding.end_line, finding.end_column)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and text.start(node) == start and text.end(node) == end:
            return node
    return None
