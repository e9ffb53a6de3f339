"""What the interpreter asks of whoever knows the project: who is called, and what becomes of what it is given."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

from leaklint.drivers.spec import Acquisition
from leaklint.finding import Confidence
from leaklint.flow.exceptions import SOME_EXCEPTION
from leaklint.flow.program import Call, Constant, Procedure

Role = Literal["", "manager", "dependency", "fixture"]
Fate = Literal["owed", "released", "closed", "kept"]


class Acquired(NamedTuple):
    """What a call makes its caller owe.

    `maybe`: or it returns None. `position`/`size`: it stands in a tuple of that size. `awaited`: the call is a
    coroutine whose result is the resource itself, not something that can be entered. `nested`: awaiting it yields what
    must be awaited or entered in turn. `receiver`: it is the object called upon that owes from now on. `fields`: the
    attributes by which an object of the project lets the resource be reached. `inside`: how many objects of the project
    it is kept in, one in another. `why` says, for a wrapper, where the resource comes from.
    """

    resource: Acquisition
    driver: str
    maybe: bool = False
    position: int | None = None
    size: int = 0
    awaited: bool = False
    receiver: bool = False
    nested: bool = False
    fields: frozenset[str] = frozenset()
    inside: int = 0
    confidence: Confidence = "high"
    why: str = ""


class Given(NamedTuple):
    """What a visible body does with a handle it is given: its fates where the call returns, and where it raises what.

    Nothing `thrown` at all: the call does not raise. `returned`: the result may reach the handle. `itself`: it always
    is the handle. `entered`: all of this happens when the `with` block that enters the result ends. `fields`: where the
    object whose method it is keeps it.
    """

    normal: frozenset[Fate]
    thrown: frozenset[tuple[Fate, str]]
    returned: bool = False
    itself: bool = False
    entered: bool = False
    asynchronous: bool = False
    fields: frozenset[str] = frozenset()

    @classmethod
    def always(cls, fate: Fate) -> Given:
        """The same fate on every way, whatever is raised."""
        return cls(frozenset({fate}), frozenset({(fate, SOME_EXCEPTION)}))

    @property
    def raising(self) -> frozenset[Fate]:
        """Its fates where the call raises."""
        return frozenset(fate for fate, _ in self.thrown)


class Held(NamedTuple):
    """An object of the project keeps a handle in a field; the names of its methods that release it."""

    field: str
    releases: tuple[str, ...]
    awaited: tuple[str, ...]
    entered: bool


class Callee(NamedTuple):
    """What is known of a call: its qualified name, whether a body of the project stands behind it, what it acquires."""

    qualified: str = ""
    acquired: Acquired | None = None
    visible: bool = False
    is_class: bool = False
    calm: bool = False
    ends: bool = False
    module: bool = False
    busy: bool = False
    borrows: bool = False
    releases: bool = False
    keeps: bool = False
    swallows: bool = False


NOBODY = Callee()


class Resolver(Protocol):
    """Knows the project around one function."""

    def callee(self, call: Call) -> Callee:
        """Who is called."""

    def may_acquire(self, call: Call) -> bool:
        """Whether the call may acquire, going by names: where it does not, nobody need ask who is called."""

    def given(
        self,
        call: Call,
        argument: int | str,
        acquired: Acquired,
        constants: dict[int | str, Constant],
        *,
        boxed: bool = False,
    ) -> Given | None:
        """What becomes of a handle given as that argument ("self.x" for a field), itself or in a container."""

    def holder(self, call: Call, argument: int | str, acquired: Acquired) -> Held | None:
        """How the object that a constructor call makes of a handle can be made to release it."""

    def may_change(self, call: Call, field: str) -> bool:
        """Whether a call on the object itself may change a field of it."""

    def lineage(self, name: str) -> frozenset[str] | None:
        """The names of an exception class and its bases, or None."""

    def same_pool(self, call: Call, release: Call) -> bool:
        """Whether the pool of a release may be the pool of the acquisition."""

    def role(self, procedure: Procedure) -> Role:
        """Who resumes a generator."""
