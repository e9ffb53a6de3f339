"""What an answer rests on: the files it was read from and the names that were looked up, failed look-ups included.

A fact has a number and a set of facts is one integer, so that an answer that is remembered can bring along everything
that it rests on at the cost of a single `|`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Generic, Literal, NamedTuple, TypeVar

K = TypeVar("K")
V = TypeVar("V")


Kind = Literal["file", "module", "outside"]


class Fact(NamedTuple):
    """`file`: a text; `module`: the files of modules of that name; `outside`: the file that releases a field, too."""

    kind: Kind
    name: str


class Word(NamedTuple):
    """Something that a file says to all others, wherever they are: that calls of this name acquire, and the like."""

    kind: str
    name: str
    where: str = ""


class Outside(NamedTuple):
    """Whether anybody who makes objects of that class calls one of these methods on that field of one."""

    class_name: str
    field: str
    releases: tuple[str, ...]

    @property
    def words(self) -> tuple[bytes, bytes]:
        """What is mentioned wherever somebody does."""
        return self.class_name.encode(), f".{self.field}.".encode()

    @property
    def spelled(self) -> str:
        return " ".join((self.class_name, self.field, *self.releases))

    @classmethod
    def read(cls, spelled: str) -> Outside:
        class_name, field, *releases = spelled.split(" ")
        return cls(class_name, field, tuple(releases))


class Answer:
    """What an answer that is being worked out rests on so far."""

    __slots__ = ("facts",)

    def __init__(self) -> None:
        self.facts = 0


class Grounds:
    """All facts asked for, by number, and those that the answers being worked out have asked for so far."""

    def __init__(self, known: Iterable[Fact] = ()) -> None:
        self.numbers: dict[Fact, int] = {fact: number for number, fact in enumerate(known)}
        self._open: list[Answer] = [Answer()]
        self._sets: dict[int, int] = {}

    def ask(self, kind: Kind, name: str) -> None:
        """The answers being worked out rest on this fact."""
        self._open[-1].facts |= 1 << self.numbers.setdefault(Fact(kind, name), len(self.numbers))

    def take(self, facts: int) -> None:
        """The answers being worked out rest on all of these."""
        self._open[-1].facts |= facts

    @property
    def depth(self) -> int:
        return len(self._open)

    def take_since(self, depth: int) -> None:
        """The answer being worked out rests on one that is not finished: on all that was asked for since that began."""
        for answer in self._open[depth:]:
            self._open[-1].facts |= answer.facts

    @contextmanager
    def collecting(self) -> Iterator[Answer]:
        """While an answer is worked out."""
        answer = Answer()
        self._open.append(answer)
        try:
            yield answer
        finally:
            self._open.pop()
            answer.facts = self._sets.setdefault(answer.facts, answer.facts)  # ten answers rest on the same facts
            self._open[-1].facts |= answer.facts


class NoGrounds(Grounds):
    """Where nothing is kept for a run to come, nobody will ask what answers rest on."""

    def ask(self, kind: Kind, name: str) -> None:
        pass

    def take(self, facts: int) -> None:
        pass


class Memo(Generic[K, V]):
    """Answers that are worked out once; one that asks for itself is `bottom`."""

    def __init__(self, grounds: Grounds, bottom: V) -> None:
        self._grounds = grounds
        self._bottom = bottom
        self._answers: dict[K, tuple[V, int]] = {}
        self._begun: dict[K, int] = {}

    def get(self, key: K, work_out: Callable[[], V]) -> V:
        known = self._answers.get(key)
        if known is not None:
            self._grounds.take(known[1])
            return known[0]
        if key in self._begun:
            self._grounds.take_since(self._begun[key])
            return self._bottom
        self._begun[key] = self._grounds.depth
        try:
            with self._grounds.collecting() as grounds:
                answer = work_out()
            self._answers[key] = (answer, grounds.facts)
        finally:
            del self._begun[key]
        return answer

    def forget(self, key: K) -> None:
        """Work the answer out again when it is asked for again."""
        self._answers.pop(key, None)
