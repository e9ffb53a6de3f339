"""One run of a program: which choices it takes, what may raise just now, who owes which connection."""

from __future__ import annotations

import asyncio
import functools
import sys
from collections.abc import Callable, Iterable, Sequence
from types import BuiltinMethodType, CellType, CodeType, FunctionType, MethodType
from typing import Any, NoReturn

PROGRAM = "<program>"
MOST_CHOICES = 60
MOST_TURNS = 2
MISUSES = (NameError, AttributeError, TypeError, IndexError, RuntimeError)
QUIET_CLEANUP = frozenset({"rollback", "commit", "close", "cancel", "release", "putconn"})
"""Calls that clean up: while another exception is being handled they raise no second one."""

RELEASES = frozenset({"close", "release", "putconn"})

Position = tuple[int, int]


class CutError(BaseException):
    """This run goes beyond the bound."""


class UnforeseenError(Exception):
    """The exception that no handler of the program names."""


class Frame:
    """One call of a function of the program."""

    def __init__(
        self, parent: Frame | None, called_at: Position | None, name: str, args: Sequence[object], cells: object
    ) -> None:
        self.parent = parent
        self.name = name
        self.called_at = called_at
        self.args = args
        self.cells = cells


class Resource:
    """One acquired connection: who owes it, and at which calls it came to be owed."""

    def __init__(self, world: World, pooled: bool) -> None:
        self.owner = world.frame
        self.sites: tuple[Position, ...] = (world.position(),)
        self.pooled = pooled
        self.open = True
        self.settled = False
        self.lent = False
        world.resources.append(self)


Leak = tuple[tuple[Position, ...], str, bool, bool]
"""Where it may be reported, how the function was left, whether that is no proof, whether somebody unknown got it."""


class World:
    """Everything that one run shares."""

    def __init__(
        self, prefix: Sequence[int], raises: Sequence[Callable[[], BaseException]], turns: int, *, calm: bool = False
    ) -> None:
        self.prefix = prefix
        self.raises = raises
        self.turns = turns
        self.taken: list[int] = []
        self.arity: list[int] = []
        self.mode = ""
        self.frame: Frame | None = None
        self.resources: list[Resource] = []
        self.leaks: list[Leak] = []
        self.globals: list[object] = []
        self.misused = False
        self.misfit = False
        self.doubtful = False
        self.cut = False
        self.stacked = False
        self.ended = False
        self.too_long = False
        self.started = False
        self.calm = calm
        self.events: list[str] = []
        self.ending = ""

    def choose(self, options: int) -> int:
        if options <= 1 or not self.started:
            return 0
        if len(self.taken) >= MOST_CHOICES:
            self.too_long = True
            self.stop()
        at = len(self.taken)
        pick = self.prefix[at] if at < len(self.prefix) else 0
        self.taken.append(pick)
        self.arity.append(options)
        return pick

    def stop(self) -> NoReturn:
        """This run goes beyond the bound; whoever catches that may do what he likes."""
        self.cut = True
        raise CutError

    def hazard(
        self, name: str = "", *, awaiting: bool = False, calls: bool = True, own: Resource | None = None
    ) -> None:
        """Here an exception may be raised, unless this is clean-up and another one is already under way.

        What the `with` of a connection raises counts for others alone: `own` is not judged in this run any more. In a
        `calm` run nothing fails; what is called is written down.
        """
        if name and name not in RELEASES and not self.releasing():
            self.events.append(name)
        if self.calm:
            return
        if own is not None and self.stacked:
            return
        if not self.started or self.mode == "final" or (self.mode == "handler" and name in QUIET_CLEANUP):
            return
        options = [*(self.raises if calls else ()), *((asyncio.CancelledError,) if awaiting else ())]
        pick = self.choose(len(options) + 1)
        if pick:
            if own is not None:
                own.settled = True
            raise options[pick - 1]()

    def releasing(self) -> bool:
        """Whether a helper is at work that releases: what it does besides is a part of the release."""
        frame = self.frame
        while frame is not None and frame.name != "shut":
            frame = frame.parent
        return frame is not None

    def doubt(self) -> None:
        """Something may fail here that need not be reckoned with: whether a leak that follows is told is left open."""
        if not self.calm and self.mode != "final" and self.choose(2):
            self.doubtful = True
            raise UnforeseenError

    def enter(self, mode: str) -> str:
        """Clean-up begins; what to give to `leave_mode` when it ends."""
        before = self.mode
        if mode and before != "final":
            self.mode = mode
        return before

    def leave_mode(self, before: str) -> None:
        self.mode = before

    def see(self, error: BaseException | None) -> None:
        """An exception of Python's own means that the program used a name that holds nothing."""
        if isinstance(error, MISUSES):
            self.misfit = True
        if isinstance(error, BaseExceptionGroup):
            for part in error.exceptions:
                self.see(part)

    def position(self) -> Position:
        """Where in the program the innermost call stands."""
        frame = sys._getframe(1)
        while frame.f_code.co_filename != PROGRAM:
            assert frame.f_back is not None
            frame = frame.f_back
        return positions(frame.f_code)[frame.f_lasti // 2]

    def push(self, name: str, args: Sequence[object], cells: object) -> Frame:
        called_at = self.position() if self.frame is not None else None
        self.frame = Frame(self.frame, called_at, name, args, cells)
        return self.frame

    def pop(self, frame: Frame, result: object, exit_: str) -> None:
        """The function is left: whatever it still owes and nobody else can reach is leaked."""
        self.frame = frame.parent
        if frame.parent is None:
            self.ending = f"{exit_} {shape(result)}"
        mine = [r for r in self.resources if r.owner is frame and r.open and not r.settled]
        if not mine or self.ended:
            return
        older = reach([frame.args, *self.globals])
        cells = reach([frame.cells])
        results = reach([result])
        for resource in mine:
            if resource in cells and frame.parent is not None:
                self.hand_up(resource, frame, (*resource.sites, *filter(None, [frame.called_at])))
            elif resource in results and frame.parent is not None:
                self.hand_up(resource, frame, (frame.called_at,) if frame.called_at else resource.sites)
            elif resource not in results and resource not in older and resource not in cells:
                self.leaks.append((resource.sites, exit_, self.misused or self.doubtful, resource.lent))
            resource.settled = resource.owner is frame

    def hand_up(self, resource: Resource, frame: Frame, sites: tuple[Position, ...]) -> None:
        resource.owner = frame.parent
        resource.sites = sites

    def give_away(self, *values: object) -> None:
        """Somebody else answers for what these reach."""
        for resource in reach(values):
            resource.settled = True

    def lend(self, *values: object) -> None:
        if self.resources:
            for resource in reach(values):
                resource.lent = True


def shape(value: object) -> str:
    """What a result looks like from outside."""
    if isinstance(value, tuple | list):
        return f"{type(value).__name__} of {[shape(item) for item in value]}"
    return repr(value) if isinstance(value, bool | int | str | None) else type(value).__name__


@functools.lru_cache(maxsize=4096)
def positions(code: CodeType) -> tuple[Position, ...]:
    return tuple((line or 0, (column or 0) + 1) for line, _, column, _ in code.co_positions())


def reach(values: Iterable[object]) -> set[Resource]:
    """Every connection that can be got at through these values."""
    pending = list(values)
    seen: set[int] = set()
    found: set[Resource] = set()
    while pending:
        value = pending.pop()
        if value is None or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Resource):
            found.add(value)
            continue
        holds = PARTS.get(type(value)) or getattr(type(value), "holds", None)
        if holds is not None:
            pending.extend(holds(value))
    return found


def cell(value: CellType) -> tuple[object, ...]:
    try:
        return (value.cell_contents,)
    except ValueError:
        return ()


def itself(value: Iterable[object]) -> Iterable[object]:
    return value


def receiver(value: MethodType) -> tuple[object, ...]:
    return (value.__self__,)


PARTS: dict[type, Callable[[Any], Iterable[object]]] = {
    dict: dict.values,
    list: itself,
    tuple: itself,
    set: itself,
    MethodType: receiver,
    BuiltinMethodType: receiver,
    FunctionType: lambda value: value.__closure__ or (),
    CellType: cell,
    functools.partial: lambda value: (*value.args, *value.keywords.values(), value.func),
}
"""What an object of the program holds, by its type."""
