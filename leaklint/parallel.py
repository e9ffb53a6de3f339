"""Several processes that do the same work, each looking at its own share, and tell one another what they found.

They are forked from what is already known, so that only findings are sent. When one dies (libcst can overflow the C
stack), everything is done again by one process, where the checks on nesting have the last word.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")

RUN = 32
"""So many neighbours stay together when work is dealt out, if there are many: what they ask for is often the same."""

FEWEST_RUNS = 4
"""Runs for each, at least, for some take longer than others."""


class Lost(Exception):
    """One of the others is no more."""


class Team:
    """All who work on the same, as one of them sees it. The first is linked to everybody, all others to the first."""

    def __init__(self, rank: int = 0, size: int = 1, links: Sequence[Connection] = ()) -> None:
        self.rank = rank
        self.size = size
        self._links = links

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def share(self, items: Sequence[T]) -> list[T]:
        """The items that are for this one to look at."""
        run = max(min(RUN, len(items) // (FEWEST_RUNS * self.size)), 1)
        return [item for number, item in enumerate(items) if number // run % self.size == self.rank]

    def told(self, mine: T, kind: type[T]) -> list[T]:
        """What each of them has to tell, the same for all; `kind` is what `msgspec` reads it back as."""
        if self.size == 1:
            return [mine]
        try:
            if self.leads:
                parts = [msgspec.msgpack.encode(mine), *(link.recv_bytes() for link in self._links)]
                everything = msgspec.msgpack.encode(parts)
                for link in self._links:
                    link.send_bytes(everything)
            else:
                self._links[0].send_bytes(msgspec.msgpack.encode(mine))
                parts = msgspec.msgpack.decode(self._links[0].recv_bytes(), type=list[bytes])
        except (EOFError, OSError) as error:
            raise Lost from error
        return [msgspec.msgpack.decode(part, type=kind) for part in parts]

    def reported(self, mine: T, kind: type[T]) -> list[T]:
        """What all others have to tell, for the first; they learn nothing."""
        try:
            if self.leads:
                return [msgspec.msgpack.decode(link.recv_bytes(), type=kind) for link in self._links]
            self._links[0].send_bytes(msgspec.msgpack.encode(mine))
        except (EOFError, OSError) as error:
            raise Lost from error
        return []


def together(work: Callable[[Team], T], jobs: int) -> T:
    """What the work comes to for the first of a team of so many."""
    if jobs < 2 or not hasattr(os, "fork"):
        return work(Team())
    import multiprocessing

    context = multiprocessing.get_context("fork")
    links: list[Connection] = []
    members = []
    with warnings.catch_warnings():
        # Forking beside other threads is deprecated since 3.12; the only other thread here waits for this one.
        warnings.simplefilter("ignore", DeprecationWarning)
        for rank in range(1, jobs):
            ours, theirs = context.Pipe()
            links.append(ours)
            members.append(context.Process(target=take_part, args=(work, Team(rank, jobs, [theirs]), tuple(links))))
            members[-1].start()
            theirs.close()
    try:
        return work(Team(0, jobs, links))
    except Lost:
        return work(Team())
    finally:
        for link, member in zip(links, members, strict=True):
            link.close()
            member.kill()
            member.join()


def take_part(work: Callable[[Team], object], team: Team, others: Sequence[Connection]) -> None:
    """Do one's part. Whatever goes wrong is told by the first, who does the work again when this one ends too early."""
    for link in others:
        link.close()
    try:
        work(team)
    except BaseException:
        os._exit(1)
