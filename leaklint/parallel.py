"""Work shared out over processes: forked from what is already known, so that only results are sent.

A process that dies (libcst can overflow the C stack) costs its own pieces: they are done again one by one, in this
process, where the checks on nesting have the last word.
"""

from __future__ import annotations

import multiprocessing
import os
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

import msgspec

T = TypeVar("T")

WORTH_A_POOL = 48
CHUNK = 8

_work: Callable[[int], object] | None = None


def shared_out(work: Callable[[int], T], pieces: int, jobs: int, kind: type[T]) -> Iterator[T]:
    """The results of `work(0)` to `work(pieces - 1)`, in order; `kind` is what `msgspec` reads them back as."""
    if jobs < 2 or pieces < WORTH_A_POOL or not hasattr(os, "fork"):
        yield from map(work, range(pieces))
        return
    global _work
    _work = work
    context = multiprocessing.get_context("fork")
    decoder = msgspec.msgpack.Decoder(list[kind])  # type: ignore[valid-type]  # a type given at run time
    starts = range(0, pieces, CHUNK)
    with warnings.catch_warnings():
        # Forking beside other threads is deprecated since 3.12; the only other thread here waits for this one.
        warnings.simplefilter("ignore", DeprecationWarning)
        with ProcessPoolExecutor(jobs, mp_context=context) as pool:
            futures = [pool.submit(_chunk, start, min(start + CHUNK, pieces)) for start in starts]
            for start, future in zip(starts, futures, strict=True):
                try:
                    yield from decoder.decode(future.result())
                except BrokenProcessPool:
                    yield from map(work, range(start, min(start + CHUNK, pieces)))


def _chunk(start: int, stop: int) -> bytes:
    assert _work is not None
    return msgspec.msgpack.encode([_work(number) for number in range(start, stop)])
