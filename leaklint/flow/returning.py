"""What a call is known to return that does nothing with the handle of the site, or only releases it."""

from __future__ import annotations

from leaklint.flow.places import read
from leaklint.flow.program import Call, Constant, Place
from leaklint.flow.resolver import Callee
from leaklint.flow.run import Run
from leaklint.flow.state import State
from leaklint.flow.values import NONE, SOME, UNKNOWN, Known, Some, Tuple, Value

RETURN_NOTHING = frozenset({"close", "putconn"})
"""Releases that return None in every library."""


def from_release(run: Run, call: Call, callee: Callee) -> Value:
    """The result of a release; a body that is known, or a coroutine, may yield anything."""
    plain = run.acquired.resource.awaiting == "no" and not callee.visible
    return NONE if plain and call.method in RETURN_NOTHING else UNKNOWN


def made_by(callee: Callee) -> Value:
    """What a callee makes that acquires another resource: something, where it always gives one, or a tuple with it."""
    acquired = callee.acquired
    if acquired is None or acquired.maybe:
        return SOME if callee.busy else UNKNOWN
    if acquired.position is None:
        return SOME
    return Tuple(tuple(SOME if position == acquired.position else UNKNOWN for position in range(acquired.size)))


def from_call(run: Run, call: Call, callee: Callee, values: list[Value], state: State) -> Value:
    """The result of a call that the handle has no part in; another resource may be released, or come back."""
    made = made_by(callee)
    if made != UNKNOWN:
        return made
    given = [position for position, value in enumerate(values) if isinstance(value, Some)]
    if given and callee.visible:
        return SOME if any(_comes_back(run, call, position, values) for position in given) else UNKNOWN
    base = call.func.path.rpartition(".")[0] if isinstance(call.func, Place) else ""
    return from_release(run, call, callee) if given or isinstance(read(state, base), Some) else UNKNOWN


def _comes_back(run: Run, call: Call, position: int, values: list[Value]) -> bool:
    """Whether the body returns what it is given there, whichever way it returns."""
    argument = call.args[position]
    given = run.resolver.given(call, argument.keyword or position, run.acquired, constants(call, values))
    return given is not None and given.itself and not argument.star


def constants(call: Call, values: list[Value]) -> dict[int | str, Constant]:
    """The arguments whose value is known, by position or keyword."""
    found: dict[int | str, Constant] = {}
    for position, (argument, value) in enumerate(zip(call.args, values, strict=True)):
        if isinstance(value, Known) and not argument.star:
            found[argument.keyword or position] = value.value
    return found
