"""What has become of a handle that a known body was given: where the call returns, and where it raises what."""

from __future__ import annotations

from typing import NamedTuple

from leaklint.flow.exceptions import SOME_EXCEPTION
from leaklint.flow.methods import blemish, release
from leaklint.flow.places import escape
from leaklint.flow.program import Call
from leaklint.flow.resolver import Fate, Given
from leaklint.flow.run import Outcome, Run, throw
from leaklint.flow.state import State, Trace
from leaklint.flow.values import Ages


class Throwing(NamedTuple):
    """One way in which a call raises; `exception` is empty while no body has told what."""

    state: State
    trace: Trace
    exception: str = ""


def fated(run: Run, state: State, found: Ages, fate: Fate) -> State:
    match fate:
        case "released":
            return release(run, state, found)
        case "kept":
            return escape(state, found)
        case "closed":
            return blemish(state, found, "closed")
        case "owed":
            return state


def thrown(run: Run, before: Throwing, found: Ages, given: Given) -> list[Throwing]:
    """How the call raises, told by one more of its arguments: as is known already, else in all its ways."""
    same = [one for one in given.thrown if one[1] == before.exception]
    return [
        Throwing(fated(run, before.state, found, fate), before.trace, exception)
        for fate, exception in sorted(same or given.thrown)
    ]


def throw_all(call: Call, raising: list[Throwing], out: Outcome) -> None:
    for state, trace, exception in raising:
        throw(out, [(exception or SOME_EXCEPTION, call.node)], state, trace)
