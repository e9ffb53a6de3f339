"""Rewrites that make a leak impossible, in the order in which they are tried; the first that is proven is the fix."""

from collections.abc import Callable

from leaklint.fixes.await_release import await_release
from leaklint.fixes.case import Case, Proposal
from leaklint.fixes.closing_block import closing_block
from leaklint.fixes.factory import factory
from leaklint.fixes.guarded import guarded
from leaklint.fixes.hidden import hidden
from leaklint.fixes.released_at_once import released_at_once
from leaklint.fixes.return_slot import return_slot
from leaklint.fixes.try_block import try_block
from leaklint.fixes.with_block import with_block

FIXES: tuple[Callable[[Case], Proposal], ...] = (
    await_release,
    return_slot,
    closing_block,
    with_block,
    try_block,
    guarded,
    factory,
    hidden,
    released_at_once,
)
