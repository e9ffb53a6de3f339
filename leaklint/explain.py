"""A leak and the rule that speaks of it, put into a finding: words, positions, confidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import libcst as cst

from leaklint.finding import CONFIDENCES, Confidence, Exit, Finding, Severity, Span, Step
from leaklint.flow import state as flow
from leaklint.flow.leaks import Leak, Leaking
from leaklint.ownership.classes import FieldLeak
from leaklint.ownership.promises import Untrue
from leaklint.rules import LEAK_RULES, RULES
from leaklint.rules.base import Rule
from leaklint.rules.untrue_contract import UntrueContract
from leaklint.rules.wording import SENTENCES, Words, code_of, says, words_for
from leaklint.source import Unit

SHOWN = frozenset({"acquired", "promised", "raises", *SENTENCES} - {"end"})
ERRORS = frozenset({"slot lost", "never closed"})


class Told(NamedTuple):
    """A step of the witness before it has a position."""

    node: cst.CSTNode
    message: str


class Way(NamedTuple):
    """A way out before it has a position; `at_end`: it is the last line of the function."""

    kind: str
    node: cst.CSTNode
    reason: str
    at_end: bool = False


def explain(leak: Leak, unit: Unit, lines: Sequence[str], filename: str) -> Finding | None:
    """The finding for a leak, or None where no rule speaks of it."""
    chosen = choose(leak)
    if chosen is None:
        return None
    rule, leaking = chosen
    words = words_for(leak)
    told = witness(leak, leaking, words)
    ways = ways_out([leaking, *leak.exits], words)
    spans = unit.spans([leak.site.node, *(step.node for step in told), *(way.node for way in ways)])
    site, rest = spans[0], spans[1:]
    trace = [step(s, t.message) for s, t in zip(rest, told, strict=False)]
    end = end_of(unit, leak, lines)
    if leaking.kind == "end":
        says_end = says(flow.Step("end", leak.procedure.node), words, last=True)
        trace.append(step(end, says_end))
    places = [end if way.at_end else span for way, span in zip(ways, rest[len(told) :], strict=True)]
    return Finding(
        code=rule.code,
        name=rule.name,
        message=rule.message(leak, leaking, words),
        severity=severity(leak),
        confidence=confidence(leak, leaking),
        filename=filename,
        line=site.line,
        column=site.column,
        end_line=site.end_line,
        end_column=site.end_column,
        function=leak.procedure.qualname or "<module>",
        driver=leak.acquired.driver,
        resource=leak.acquired.resource.noun,
        exits=tuple(Exit(w.kind, p.line, p.column, w.reason) for w, p in zip(ways, places, strict=True)),
        trace=tuple(trace),
    )


FIELD_MESSAGES = {
    "LKN101": "{what} is acquired on entering and never released on leaving",
    "LKN102": "{what} is released on leaving, but not when the block raised",
    "LKN103": "{what} is not released on every way: {words}",
    "LKN104": "{what} is dropped while it is still owed: {words}",
    "LKN102 with a step": "{what} is released on leaving, but not when the leaving itself fails before that",
    "LKN301": "{what} is kept in `self.{field}`, and nothing of its class releases it",
}


def explain_field(found: FieldLeak, filename: str) -> Finding:
    """The finding for a resource kept on an object."""
    leak = found.leak
    words = words_for(leak)
    site = found.unit.spans([leak.site.node])[0]
    trace = [step(site, f"{words.what} is acquired here")]
    where = ""
    if found.step is not None:
        unit, node, where = found.step
        span = unit.spans([node])[0]
        if span.end_line != span.line:
            span = Span(span.line, span.column, span.line, span.column + 3)
        trace.append(step(span, where))
    return Finding(
        code=found.code,
        name=next(rule.name for rule in RULES if rule.code == found.code),
        message=FIELD_MESSAGES.get(f"{found.code} with a step" * bool(found.step), FIELD_MESSAGES[found.code]).format(
            what=words.what, field=found.field, words=where
        ),
        severity=severity(leak),
        confidence=min(leak.acquired.confidence, "medium" if found.step else "high", key=CONFIDENCES.index),
        filename=filename,
        line=site.line,
        column=site.column,
        end_line=site.end_line,
        end_column=site.end_column,
        function=leak.procedure.qualname,
        driver=leak.acquired.driver,
        resource=leak.acquired.resource.noun,
        exits=(Exit("return", trace[-1].line, trace[-1].column, where or "the object is dropped"),),
        trace=tuple(trace),
    )


def explain_contract(found: Untrue, filename: str) -> Finding:
    """The finding for a function that says of its result what its body shows to be untrue."""
    name, returned = found.unit.spans([found.name, found.node])
    return Finding(
        code=UntrueContract.code,
        name=UntrueContract.name,
        message=f"{found.says}, but {found.does}",
        severity="warning",
        confidence="high",
        filename=filename,
        line=name.line,
        column=name.column,
        end_line=name.end_line,
        end_column=name.end_column,
        function=found.unit.procedure.qualname,
        driver="stated",
        resource="connection",
        exits=(Exit("return", returned.line, returned.column, found.does),),
        trace=(step(name, found.says), step(returned, found.does)),
        fix_refused="either the contract or the body is wrong",
    )


def step(span: Span, message: str) -> Step:
    return Step(span.line, span.column, span.end_line, span.end_column, message)


def ways_out(exits: Sequence[Leaking], words: Words) -> list[Way]:
    """Each way out once, the first of those that leave at one place."""
    found: dict[tuple[str, cst.CSTNode], Way] = {}
    for one in exits:
        way = way_out(one, words)
        found.setdefault(("lost" if way.node is not one.node else one.kind, way.node), way)
    return list(found.values())


def way_out(leaking: Leaking, words: Words) -> Way:
    """Where a way out leaves the handle owed: what is lost, where its last name is rebound."""
    kind: str = leaking.kind
    if leaking.status.lost:
        kind = "lost"
        rebound = [step for step in leaking.trace.steps() if step.kind == "rebound"]
        if rebound:
            return Way(kind, rebound[-1].node, says(rebound[-1], words))
    if leaking.kind == "end":
        return Way(kind, leaking.node, "the function ends", at_end=True)
    if leaking.kind == "return":
        return Way(kind, leaking.node, f"{code_of(leaking.node)} returns")
    if isinstance(leaking.node, cst.Yield):
        kind = "yield"
    elif leaking.exception == "CancelledError":
        kind = "await"
    return Way(kind, leaking.node, words.happening(leaking))


def choose(leak: Leak) -> tuple[Rule, Leaking] | None:
    """The first rule with something to say, and the way out it speaks of."""
    if is_registry(leak) and (leak.keeps or leak.gives is not None or (leak.settled and not leak.released)):
        return None
    if leak.procedure.kind == "module" and not leak.released and not any(one.status.lost for one in leak.exits):
        return None
    for rule in LEAK_RULES if leak.exits else ():
        leaking = rule.chosen(leak)
        if leaking is not None:
            return rule, leaking
    return None


def is_registry(leak: Leak) -> bool:
    """A registry of sessions that outlives the call is nobody's to release there: nothing is open before it is used."""
    resource = leak.acquired.resource
    return resource.lazy and "()" in resource.same


def witness(leak: Leak, leaking: Leaking, words: Words) -> list[Told]:
    """The steps from the acquisition to the way out."""
    steps = [step for step in leaking.trace.steps() if step.kind in SHOWN]
    acquired = [i for i, step in enumerate(steps) if step.kind == "acquired"]
    if acquired:
        lost = leaking.status.lost and len(acquired) > 1
        steps = steps[acquired[-2] if lost else acquired[-1] :]
    told: list[Told] = []
    for index, step in enumerate(steps):
        last = index == len(steps) - 1 and leaking.kind != "end" and not leaking.status.lost
        again = step.kind == "acquired" and index > 0
        message = says(step, words, again=again, last=last)
        if index == 0 and leak.acquired.why:
            message += f": {leak.acquired.why}"
        told.append(Told(step.node, message))
    return told


def end_of(unit: Unit, leak: Leak, lines: Sequence[str]) -> Span:
    """The last line of the function."""
    (whole,) = unit.spans([leak.procedure.node])
    number = min(whole.end_line if whole.end_column > 1 else whole.end_line - 1, len(lines))
    text = lines[number - 1] if number else ""
    return Span(number, len(text) - len(text.lstrip()) + 1, number, len(text.rstrip()) + 1)


def severity(leak: Leak) -> Severity:
    return "error" if leak.acquired.resource.dropped in ERRORS else "warning"


def confidence(leak: Leak, leaking: Leaking) -> Confidence:
    """High where all was resolved; lower where a name was only matched, or somebody unknown got the handle."""
    level = CONFIDENCES.index(leak.acquired.confidence)
    lent = max((one.status.lent for one in leak.exits), default=0)
    if (lent and not leak.released) or leaking.status.lent > 1:
        level = 0
    elif leaking.status.lent:
        level = min(level, 1)
    if leak.capped:
        level = max(level - 1, 0)
    return CONFIDENCES[level]
