"""When garbage in cycles is looked for: hardly ever, for syntax trees and indexes are many objects that are kept."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = 2_000_000
"""New objects between two searches for garbage."""


@contextmanager
def collected_rarely() -> Iterator[None]:
    """Within it, garbage is hardly ever looked for; what is left then is not looked through before `none_collected`."""
    before = gc.get_threshold()
    gc.set_threshold(RARELY, *before[1:])
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*before)


@contextmanager
def none_collected() -> Iterator[None]:
    """Within it, no garbage is looked for, and what was made is not looked through until it is entered again."""
    enabled = gc.isenabled()
    gc.unfreeze()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
