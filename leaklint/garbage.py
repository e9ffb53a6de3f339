"""When garbage in cycles is looked for: hardly ever, for syntax trees and indexes are many objects that are kept."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = 2_000_000
"""New objects between two searches, where some of what is made is left behind."""


@contextmanager
def collected_after(objects: int) -> Iterator[None]:
    """Within it, garbage is looked for after so many new objects, or never for 0.

    What is left in the end is not looked through before this is entered again.
    """
    before = gc.get_threshold()
    if gc.get_freeze_count():
        gc.unfreeze()
        gc.collect()
    gc.set_threshold(objects, *before[1:])
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*before)
