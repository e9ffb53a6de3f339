"""One abstract state: what each relevant place holds, and what is owed. Immutable; every change makes a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

import libcst as cst

from leaklint.flow.facts import free_names
from leaklint.flow.values import (
    SOME,
    UNKNOWN,
    Age,
    Ages,
    Bound,
    Box,
    Derived,
    Differs,
    Falsy,
    Function,
    Handle,
    Inside,
    Known,
    Manager,
    Object,
    Releaser,
    Releasing,
    Some,
    Taken,
    Truthy,
    Tuple,
    Unknown,
    Value,
    ages,
)

Phase = Literal["absent", "idle", "owed", "released", "gone"]
Flaw = Literal["", "closed", "unawaited", "with"]

RETURNED = "<return>"
BOX = "<box"
HIDDEN = "<somewhere>"


class Status(NamedTuple):
    """What became of a handle; `idle`, of a registry: nothing is open until it is used.

    `flaw` is a release that was none; `lent` says whether an unknown callee got it (1) or may have kept it (2);
    `bound`, whether any place ever held it; `lost`, whether its last place went while it was owed.
    """

    phase: Phase = "absent"
    flaw: Flaw = ""
    lent: int = 0
    bound: bool = False
    lost: bool = False

    @property
    def owed(self) -> bool:
        return self.phase == "owed"


NO_PLACES: Mapping[str, Value] = MappingProxyType({})
NOBODY: Ages = frozenset()
BARE = (Known, Unknown, Some, Truthy, Falsy, Differs)
"""Values through which no handle can be reached."""

ABSENT = Status()
OWED = Status("owed")
WORST: dict[Phase, int] = {"absent": 0, "released": 1, "gone": 2, "idle": 3, "owed": 4}


class State:
    """`env` leaves out what is unknown; `new` and `old` are the newest handle and all earlier ones."""

    __slots__ = ("_hash", "env", "new", "old")

    def __init__(self, env: Mapping[str, Value] = NO_PLACES, new: Status = ABSENT, old: Status = ABSENT) -> None:
        self.env = env
        self.new = new
        self.old = old
        self._hash: int | None = None

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash((frozenset(self.env.items()), self.new, self.old))
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, State) or hash(self) != hash(other):
            return False
        return self.new == other.new and self.old == other.old and self.env == other.env

    def get(self, path: str) -> Value:
        return self.env.get(path, UNKNOWN)

    def set(self, path: str, value: Value) -> State:
        """The state with `path` holding `value`, and nothing known of what hangs below `path`."""
        env = dict(self.env)
        for name in self._at(path):
            del env[name]
        if not isinstance(value, Unknown):
            env[path] = value
        return State(env, self.new, self.old)

    def _at(self, path: str) -> list[str]:
        """The places that go with the path: itself, and what hangs below."""
        below = path + "."
        return [name for name in self.env if name == path or name.startswith(below)]

    def status(self, age: Age) -> Status:
        return self.new if age == "new" else self.old

    def mark(self, age: Age, status: Status) -> State:
        return State(self.env, status, self.old) if age == "new" else State(self.env, self.new, status)

    def reachable(self, value: Value, seen: frozenset[str] = frozenset()) -> Ages:
        """Every handle that can be got at through `value`: also in boxes, and in variables that a closure sees."""
        if isinstance(value, BARE):
            return NOBODY
        found: set[Age] = set(ages(value))
        match value:
            case Tuple(items):
                for item in items:
                    found |= self.reachable(item, seen)
            case Bound(base) | Manager(_, base):
                found |= self.reachable(base, seen)
            case Box(name) | Object(name) if name not in seen:
                found |= self.reachable(self.get(name), seen | {name})
            case Function(procedure) if procedure.qualname not in seen:
                free = free_names(procedure)
                for path, held in self.env.items():
                    if path.partition(".")[0] in free:
                        found |= self.reachable(held, seen | {procedure.qualname})
            case _:
                pass
        return frozenset(found)

    def held(self) -> Ages:
        """The handles that some place still reaches."""
        found: set[Age] = set()
        for path, value in self.env.items():
            if not path.startswith(BOX):
                found |= self.reachable(value)
        return frozenset(found)

    def rebind(self, path: str, value: Value) -> State:
        """`path = value`; a handle that loses its last place while it is owed is lost."""
        if not any(self.reachable(self.env[name]) for name in self._at(path)):
            return self.set(path, value)
        before = self.held()
        state = self.set(path, value)
        after = state.held() | state.reachable(value)
        for age in before - after:
            status = state.status(age)
            if status.owed:
                state = state.mark(age, status._replace(lost=True))
        return state

    def aged(self) -> State:
        """Before the site yields another handle: the newest becomes one of the earlier ones."""
        owed = self.new.owed
        env = {path: _aged(value, owed) for path, value in self.env.items()}
        old = _worse(self.old, self.new) if owed else self.old
        return State(env, ABSENT, old)


def _first(pair: tuple[str, Value]) -> str:
    return pair[0]


def _worse(a: Status, b: Status) -> Status:
    worst = a if WORST[a.phase] > WORST[b.phase] else b
    return Status(worst.phase, a.flaw or b.flaw, max(a.lent, b.lent), a.bound or b.bound, a.lost or b.lost)


def _aged(value: Value, owed: bool) -> Value:
    """`value` with the newest handle replaced: by the earlier ones, or by some object that is of no more interest."""
    match value:
        case Handle("new", awaited):
            return Handle("old", awaited) if owed else SOME
        case Releasing(found) | Inside(found) | Releaser(found) | Taken(found):
            old: set[Age] = {age for age in found if age == "old"}
            kept: Ages = frozenset(old | {"old"}) if owed and "new" in found else frozenset(old)
            return type(value)(kept) if kept else SOME
        case Derived("new"):
            return Derived("old") if owed else SOME
        case Bound(base, name):
            return Bound(_aged(base, owed), name)
        case Tuple(items):
            return Tuple(tuple(_aged(item, owed) for item in items))
        case Manager(kind, inner, types):
            return Manager(kind, _aged(inner, owed), types)
        case _:
            return value


class Step(NamedTuple):
    """Something on a path that its reader has to know: where, and in what words."""

    kind: str
    node: cst.CSTNode
    text: str = ""


class Trace(NamedTuple):
    """The shortest way to a state, from its last step back; `origins` are all places that raise what is under way."""

    length: int = 0
    step: Step | None = None
    before: Trace | None = None
    origins: frozenset[cst.CSTNode] = frozenset()

    def then(self, kind: str, node: cst.CSTNode, text: str = "") -> Trace:
        return Trace(self.length + 1, Step(kind, node, text), self, self.origins)

    def followed_by(self, other: Trace) -> Trace:
        """This way, then another that begins where it ends."""
        trace = self
        for step in other.steps():
            trace = trace.then(*step)
        return trace._replace(origins=other.origins or self.origins)

    def steps(self) -> list[Step]:
        found: list[Step] = []
        trace: Trace | None = self
        while trace is not None:
            if trace.step is not None:
                found.append(trace.step)
            trace = trace.before
        return found[::-1]


States = dict[State, Trace]


def add(states: States, state: State, trace: Trace) -> bool:
    """Put a state in, keeping the shortest trace; whether it is new."""
    known = states.get(state)
    if known is None:
        states[state] = trace
        return True
    shorter = trace if trace.length < known.length else known
    if shorter.origins != known.origins or trace.origins != known.origins:
        shorter = shorter._replace(origins=known.origins | trace.origins)
    states[state] = shorter
    return False


def merge(into: States, states: Iterable[tuple[State, Trace]]) -> None:
    for state, trace in states:
        add(into, state, trace)


def widened(states: States) -> States:
    """Fewer states for too many: those that owe alike are one, which knows what they all know.

    A handle that some of them could still reach by name stays reachable, so that none is taken to be lost.
    """
    groups: dict[tuple[Status, Status], list[tuple[State, Trace]]] = {}
    for state, trace in states.items():
        groups.setdefault((state.new, state.old), []).append((state, trace))
    found: States = {}
    for (new, old), members in groups.items():
        common = set(members[0][0].env.items()).intersection(*(state.env.items() for state, _ in members))
        held: set[Age] = {age for state, _ in members for age in state.held()}
        merged = State(dict(sorted(common, key=_first)), new, old)
        if held:
            merged = merged.set(HIDDEN, Inside(frozenset(held)))
        add(found, merged, min((trace for _, trace in members), key=_length))
    return found


def _length(trace: Trace) -> int:
    return trace.length
