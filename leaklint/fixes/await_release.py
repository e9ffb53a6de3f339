"""A release that is a coroutine and that nobody awaits → `await` before it."""

from __future__ import annotations

from leaklint.fixes.case import Case, Proposal, Refused, Unfit
from leaklint.fixes.edits import Change
from leaklint.fixes.region import held
from leaklint.fixes.releases import releases


def await_release(case: Case) -> Proposal:
    """Await every release of the handle that is written as a statement of its own."""
    name = held(case).name
    forgotten = [
        one
        for one in releases(case, name)
        if one.name in {*case.resource.awaited} and not one.code.startswith("await ")
    ]
    if not forgotten:
        raise Unfit("no release waits to be awaited")
    if not case.asynchronous:
        raise Refused("its release has to be awaited, and the function is no coroutine")
    if any(one.statement is None for one in forgotten):
        raise Refused("its release is started in one place and would have to be awaited in another")
    places = [case.text.start(one.statement) for one in forgotten if one.statement is not None]
    return Proposal(tuple(Change(place, place, "await ") for place in places), "safe", f"await the release of `{name}`")
