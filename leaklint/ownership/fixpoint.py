"""Summaries that may ask for themselves: worked out again and again until nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from leaklint.ownership.grounds import Grounds

K = TypeVar("K")
V = TypeVar("V")

MOST_EVALUATIONS = 6


class Fixpoint:
    """What is being worked out right now, and which of it something else already rests on."""

    def __init__(self, grounds: Grounds) -> None:
        self._grounds = grounds
        self._facts: dict[object, int] = {}
        self._versions: dict[object, int] = {}
        self._begun: dict[object, int] = {}
        self._busy: set[object] = set()
        self._assumed: set[object] = set()
        self._partial: dict[object, Any] = {}
        self._evaluations: dict[object, int] = {}

    @property
    def assuming(self) -> bool:
        """Whether what is found now rests on a summary that is not finished."""
        return bool(self._assumed)

    def is_busy(self, key: object) -> bool:
        return key in self._busy

    @contextmanager
    def working(self, key: object) -> Iterator[None]:
        self._busy.add(key)
        try:
            yield
        finally:
            self._busy.discard(key)

    def settle(self, key: K, table: dict[K, V], bottom: V, evaluate: Callable[[], V], version: int = 0) -> V:
        """The table's value for the key; asked for while it is worked out, it is `bottom` first, then the last found.

        What was found while some other summary was still at its bottom is not remembered, unless it was tried often.
        A value that is `bottom` in the end holds for the version of what is known, others for good.
        """
        if key in table and (table[key] != bottom or self._versions[key] == version):
            self._grounds.take(self._facts[key])
            return table[key]
        if key in self._busy:
            self._grounds.take_since(self._begun.get(key, 0))
            self._assumed.add(key)
            assumed: V = self._partial.get(key, bottom)
            return assumed
        self._begun[key] = self._grounds.depth
        try:
            with self.working(key), self._grounds.collecting() as grounds:
                for _ in range(MOST_EVALUATIONS):
                    found = evaluate()
                    if key not in self._assumed or self._partial.get(key, bottom) == found:
                        break
                    self._partial[key] = found
        finally:
            self._assumed.discard(key)
            self._partial.pop(key, None)
        self._evaluations[key] = self._evaluations.get(key, 0) + 1
        if not self._assumed or self._evaluations[key] > MOST_EVALUATIONS:
            table[key] = found
            self._facts[key] = grounds.facts
            self._versions[key] = version
        return found
