"""One run: a function interpreted for one acquisition site, and what all parts of the interpreter know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

import libcst as cst

from leaklint.flow import calm
from leaklint.flow.exceptions import ABANDONED, CANCELLED, SOME_EXCEPTION
from leaklint.flow.facts import parts, paths, walk
from leaklint.flow.program import (
    Attribute,
    Await,
    Call,
    Closure,
    Expr,
    For,
    Opaque,
    Place,
    Procedure,
    Stmt,
    Subscript,
    Yield,
)
from leaklint.flow.resolver import Acquired, Resolver, Role
from leaklint.flow.state import State, States, Trace, add, widened
from leaklint.flow.values import Value


class Exit(NamedTuple):
    """How a statement is left; `exception` says what is raised."""

    kind: Literal["normal", "raise", "return", "break", "continue"]
    exception: str = ""


NORMAL = Exit("normal")
RETURN = Exit("return")
BREAK = Exit("break")
CONTINUE = Exit("continue")
RESUMED = Exit("normal", "resumed")
"""What a clean-up leaves by that swallowed the exception: the block ends normally."""

Outcome = dict[Exit, States]
Result = tuple[State, Value, Trace]
Hazard = tuple[str, cst.CSTNode]

Quiet = Literal["", "handler", "final"]

MOST_STATES = 96
MOST_STEPS = 60_000


MANAGERS = frozenset(
    {"suppress", "raises", "assertRaises", "assertRaisesRegex", "ExitStack", "AsyncExitStack", "closing", "aclosing"}
)
"""Calls whose result means something to a `with` even where nothing tracked is in them."""


class Explosion(Exception):
    """More states than the cap allows: the caller forgets some facts and runs again."""


@dataclass(slots=True)
class Record:
    """What a run leaves behind besides its outcome."""

    released: bool = False
    steps: int = 0
    widens: bool = False
    names: dict[Expr, int] = field(default_factory=dict)
    matters: dict[Expr, tuple[bool, frozenset[str]]] = field(default_factory=dict)
    hazards: dict[tuple[Expr, Quiet], tuple[Hazard, ...]] = field(default_factory=dict)
    known: dict[object, Outcome] = field(default_factory=dict)

    def count(self, states: States) -> States:
        """Take note of these states being interpreted; where that gets too much, give up, or go on with fewer."""
        self.steps += len(states)
        if self.widens:
            if self.steps > MOST_STEPS * 4:
                raise Explosion
            return widened(states) if len(states) > MOST_STATES // 4 else states
        if len(states) > MOST_STATES or self.steps > MOST_STEPS:
            raise Explosion
        return states


@dataclass(frozen=True, slots=True)
class Run:
    """The constants of a run. `quiet` says which exception is under way: none, a handled one, one passing by."""

    procedure: Procedure
    site: Call | None
    acquired: Acquired
    resolver: Resolver
    tracked: frozenset[str]
    role: Role
    raises_all: bool
    record: Record
    quiet: Quiet = ""
    handling: str = SOME_EXCEPTION
    calling: tuple[Procedure, ...] = ()
    locals: frozenset[str] = frozenset()
    receivers: frozenset[str] = frozenset()
    gives_back: bool = False
    remembers: bool = True
    containers: frozenset[str] = frozenset()

    def during(self, quiet: Quiet, handling: str = "") -> Run:
        """The same run while an exception is under way."""
        return replace(self, quiet=quiet if self.quiet != "final" else "final", handling=handling or self.handling)

    def inside(self, procedure: Procedure) -> Run:
        """The same run in the body of a nested function that is called."""
        calling = (*self.calling, procedure)
        return replace(self, procedure=procedure, calling=calling, role="", locals=self.locals | procedure.locals)

    def is_local(self, root: str) -> bool:
        return root in self.locals or root.startswith("<")

    def matters(self, expr: Expr, state: State) -> bool:
        """Whether the expression can change what is known: the site is in it, or something tracked, or an end."""
        found = self.record.matters.get(expr)
        if found is None:
            found = (self._special(expr), paths(expr))
            self.record.matters[expr] = found
        special, mentioned = found
        if special or not mentioned.isdisjoint(self.tracked) or not mentioned.isdisjoint(state.env):
            return True
        own = mentioned & self.receivers
        return bool(own) and any(name.partition(".")[0] in own for name in state.env)

    def _special(self, expr: Expr) -> bool:
        return any(
            part is self.site or (isinstance(part, Call) and (part.method in MANAGERS or self._tells(part)))
            for part in walk(expr)
        )

    def _tells(self, call: Call) -> bool:
        callee = self.resolver.callee(call)
        return callee.ends or callee.swallows

    def hazards(self, expr: Expr) -> tuple[Hazard, ...]:
        """The exceptions that evaluating an expression nothing tracked is in may raise, and where."""
        key = (expr, self.quiet)
        found = self.record.hazards.get(key)
        if found is None:
            worst: dict[str, cst.CSTNode] = {}
            for part in _every(expr):
                for exception in self.raised_by(part):
                    worst.setdefault(exception, part.node)
            found = tuple(worst.items())
            self.record.hazards[key] = found
        return found

    def raised_by(self, expr: Expr) -> tuple[str, ...]:
        """The exceptions that this one operation may raise, its operands apart."""
        if isinstance(expr, Yield):
            return self.thrown_at_yield()
        if self.quiet == "final":
            return ()
        match expr:
            case Await():
                return (CANCELLED,) if isinstance(expr.value, Call) else (SOME_EXCEPTION, CANCELLED)
            case Call():
                return (SOME_EXCEPTION,) if self.call_may_raise(expr) else ()
            case Subscript():
                return () if isinstance(expr.index.node, cst.Slice) else (SOME_EXCEPTION,)
            case Opaque() if self.raises_all and expr.operands:
                return (SOME_EXCEPTION,)
            case _:
                return ()

    def thrown_at_yield(self) -> tuple[str, ...]:
        match self.role:
            case "manager" | "dependency":
                return (SOME_EXCEPTION, CANCELLED) if self.procedure.asynchronous else (SOME_EXCEPTION,)
            case "fixture":
                return ()
            case _:
                return (ABANDONED,)

    def method_may_raise(self, call: Call) -> bool:
        """Whether a method of the resource itself may raise: all but those that only take note of something."""
        if self.quiet == "handler" and call.method in calm.QUIET_CLEANUP:
            return False
        return self.raises_all or not (call.method in calm.NOTING or self.resolver.callee(call).calm)

    def call_may_raise(self, call: Call) -> bool:
        callee = self.resolver.callee(call)
        name = call.method
        if self.quiet == "handler" and (name in calm.QUIET_CLEANUP or callee.releases):
            return False
        if callee.calm or (name in calm.EVERYWHERE and name != "close") or callee.qualified in calm.FUNCTIONS:
            return self.raises_all
        if calm.RELEASING_NAME.search(name) and name in {"close", "aclose", "putconn", "release"}:
            return False
        path = call.func.path if isinstance(call.func, Place) else ""
        if calm.is_logging(path or _chained(call)) or calm.PURE_NAMES.search(name):
            return self.raises_all
        if name == "getattr" and len(call.args) == 3:
            return self.raises_all
        if name in calm.ON_VALUES and not callee.module and "." in path:
            return self.raises_all
        return True


def _chained(call: Call) -> str:
    """`logging.getLogger("shop").warning(…)` as a dotted path; "" for what is no method of a call's result."""
    match call.func:
        case Attribute(base=Call(func=Place(path=path))):
            return f"{path}.{call.method}"
        case _:
            return ""


def _every(expr: Expr) -> Iterator[Expr]:
    """The expressions evaluated with this one, outermost last-evaluated first; comprehension loops included."""
    pending: list[object] = [expr]
    while pending:
        part = pending.pop(0)
        if isinstance(part, Closure):
            continue
        if isinstance(part, Expr):
            yield part
        if isinstance(part, For) and isinstance(part.iterable, Call):
            yield part.iterable
        pending.extend(parts(part))  # type: ignore[arg-type]  # parts of parts are program nodes


def leave(out: Outcome, exit_: Exit, state: State, trace: Trace) -> None:
    """Note that this state leaves this way."""
    add(out.setdefault(exit_, {}), state, trace)


def throw(out: Outcome, hazards: Iterable[Hazard], state: State, trace: Trace) -> None:
    """Note that each of these exceptions may leave with this state."""
    for exception, node in hazards:
        way = trace.then("raises", node, exception)._replace(origins=frozenset({node}))
        leave(out, Exit("raise", exception), state, way)


def join(into: Outcome, outcome: Outcome) -> None:
    """Add all of an outcome to another."""
    for exit_, states in outcome.items():
        target = into.setdefault(exit_, {})
        for state, trace in states.items():
            add(target, state, trace)


def once(run: Run, what: Stmt | Procedure, state: State, trace: Trace, work: Callable[[States], Outcome]) -> Outcome:
    """What loops and nested functions make of a state: worked out once for all ways on which it comes back."""
    key = (what, run.calling, run.quiet, run.handling, state)
    found = run.record.known.get(key)
    if found is None:
        found = run.record.known[key] = work({state: Trace()})
    return {exit_: {after: trace.followed_by(way) for after, way in states.items()} for exit_, states in found.items()}


Cleanup = Callable[[Exit, State, Trace], Outcome]


def through(outcome: Outcome, cleanup: Cleanup) -> Outcome:
    """`outcome` with the clean-up run once per way out; where the clean-up itself leaves, that replaces it."""
    result: Outcome = {}
    for exit_, states in outcome.items():
        for state, trace in states.items():
            for after, cleaned in cleanup(exit_, state, trace).items():
                goes_on = NORMAL if after == RESUMED else after
                join(result, {exit_ if after == NORMAL else goes_on: cleaned})
    return result
