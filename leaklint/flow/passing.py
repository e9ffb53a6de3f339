"""Handles passed on: to bodies that are known, to names that tell, to strangers, to the object itself."""

from __future__ import annotations

from typing import Literal, NamedTuple

from leaklint.flow import calm
from leaklint.flow.exceptions import SOME_EXCEPTION
from leaklint.flow.fates import Throwing, fated, throw_all, thrown
from leaklint.flow.methods import blemish, can_release, release
from leaklint.flow.places import bind, escape, lend, put, wake
from leaklint.flow.program import Attribute, Call, Place
from leaklint.flow.resolver import Callee, Fate, Given
from leaklint.flow.returning import constants, from_call, from_release
from leaklint.flow.run import Hazard, Outcome, Result, Run, throw
from leaklint.flow.state import BOX, State, Trace
from leaklint.flow.values import (
    SOME,
    UNKNOWN,
    Ages,
    Handle,
    Inside,
    Manager,
    Object,
    Releasing,
    Taken,
    Value,
    ages,
)


class Sent(NamedTuple):
    """An argument through which the callee can reach the handle."""

    argument: int | str
    value: Value
    found: Ages
    direct: bool


def hazard(run: Run, call: Call) -> list[Hazard]:
    return [(SOME_EXCEPTION, call.node)] if SOME_EXCEPTION in run.raised_by(call) else []


def object_name(run: Run, call: Call) -> str:
    """A name for the object that a call makes, the same whenever the call is reached."""
    calls = run.procedure.calls
    return f"{run.procedure.qualname} {next((i for i, known in enumerate(calls) if known is call), len(calls))}"


def _sent(call: Call, values: list[Value], state: State) -> list[Sent]:
    found: list[Sent] = []
    for position, (argument, value) in enumerate(zip(call.args, values, strict=True)):
        reached = state.reachable(value)
        if reached:
            key: int | str = argument.keyword or position
            found.append(Sent(key, value, reached, isinstance(value, (Handle, Inside, Releasing))))
    return found


def pass_on(
    run: Run, call: Call, callee: Callee, values: list[Value], state: State, trace: Trace, out: Outcome
) -> list[Result]:
    sent = _sent(call, values, state)
    if not sent:
        return _plain(run, call, callee, values, state, trace, out)
    every: Ages = frozenset(age for one in sent for age in one.found)
    state = wake(state, every)
    if any(isinstance(one.value, Releasing) for one in sent):
        return [(release(run, state, every), UNKNOWN, trace)]
    if callee.visible:
        return _visible(run, call, callee, sent, values, state, trace, out)
    if _returns_to_pool(run, call, callee):
        if run.site is not None and not run.resolver.same_pool(run.site, call):
            return [(blemish(state, every, "closed"), UNKNOWN, trace)]
        if call.method in run.acquired.resource.awaited:
            return [(blemish(state, every, "unawaited"), Releasing(every), trace.then("unawaited", call.node))]
        return [(release(run, state, every), from_release(run, call, callee), trace)]
    danger = hazard(run, call)
    if _keeps(run, call, callee, sent):
        after = escape(state, every)
        throw(out, danger, after, trace)
        return [(after, UNKNOWN, trace)]
    throw(out, danger, state, trace)
    if _borrows(run, call, callee, sent):
        return [(state, UNKNOWN, trace)]
    return [(lend(state, every, 1), Taken(every), trace)]


def _returns_to_pool(run: Run, call: Call, callee: Callee) -> bool:
    resource = run.acquired.resource
    name = call.method
    meant = callee.qualified.rpartition(".")[2]
    if not {name, meant}.isdisjoint(resource.pool_releases):
        return True
    if callee.qualified in resource.functions or callee.releases:
        return True
    return bool(calm.RELEASING_NAME.search(name)) and name not in resource.closes


def _keeps(run: Run, call: Call, callee: Callee, sent: list[Sent]) -> bool:
    """Whether the callee will release what it is given, or outlives this function with it."""
    name = call.method
    if callee.keeps or name in calm.KEEPERS or callee.qualified in calm.KEEPING_CLASSES:
        return True
    if any(can_release(run, one.value) for one in sent):
        return True
    if name == "setattr" and any(one.argument == 2 for one in sent):
        return True
    if name in {"append", "appendleft", "add", "put", "put_nowait", "insert", "setdefault", "update", "extend"}:
        return True
    if name in {"enter_context", "enter_async_context", "push", "callback"}:
        return True
    if callee.acquired is not None or callee.borrows or _of_its_library(run, callee):
        return False
    if any(one.argument in calm.BORROWING_KEYWORDS for one in sent) and not callee.is_class:
        return False
    if calm.KEEPING_NAME.search(name):
        return True
    return callee.is_class or (name[:1].isupper() and not name.isupper())


def _borrows(run: Run, call: Call, callee: Callee, sent: list[Sent]) -> bool:
    if callee.borrows or callee.calm or callee.acquired is not None or _of_its_library(run, callee):
        return True
    path = call.func.path if isinstance(call.func, Place) else ""
    if callee.qualified in calm.BORROWERS or path in calm.BORROWERS or calm.is_logging(path):
        return True
    return all(isinstance(one.argument, str) and one.argument in calm.BORROWING_KEYWORDS for one in sent)


def _of_its_library(run: Run, callee: Callee) -> bool:
    """What the library itself makes of its connections, cursors, sessions and wrappers, leaves them to their owner."""
    library = run.acquired.resource.type.partition(".")[0]
    return bool(library) and callee.qualified.partition(".")[0] == library


def _plain(
    run: Run, call: Call, callee: Callee, values: list[Value], state: State, trace: Trace, out: Outcome
) -> list[Result]:
    """A call through which the callee cannot reach the handle, unless it is a method of the object that holds it."""
    if callee.ends:
        return []
    if isinstance(call.func, Place) and call.func.root in run.receivers:
        return _on_self(run, call, callee, values, state, trace, out)
    throw(out, hazard(run, call), state, trace)
    return [(state, from_call(run, call, callee, values, state), trace)]


def _on_self(
    run: Run, call: Call, callee: Callee, values: list[Value], state: State, trace: Trace, out: Outcome
) -> list[Result]:
    """A call on `self` may release what the object's fields hold, and change every field."""
    fields = [
        (path, ages(value))
        for path, value in state.env.items()
        if path.partition(".")[0] in run.receivers and "." in path
    ]
    results: list[Result] = [(state, UNKNOWN, trace)]
    raising = [Throwing(state, trace)]
    for path, held in fields:
        found: Ages = frozenset(held)
        if not found:
            if run.resolver.may_change(call, path.partition(".")[2]):
                results = [(after.set(path, UNKNOWN), value, way) for after, value, way in results]
            continue
        given = run.resolver.given(call, path, run.acquired, constants(call, values)) if callee.visible else None
        if given is None:
            continue
        results = [
            (fated(run, after, found, fate), value, way)
            for after, value, way in results
            for fate in sorted(given.normal)
        ]
        raising = [way for before in raising for way in thrown(run, before, found, given)]
    throw_all(call, raising if hazard(run, call) else [], out)
    if callee.acquired is not None:
        results = [(after, SOME, way) for after, _, way in results]
    return results


def _visible(
    run: Run,
    call: Call,
    callee: Callee,
    sent: list[Sent],
    values: list[Value],
    state: State,
    trace: Trace,
    out: Outcome,
) -> list[Result]:
    """A callee whose body is known decides, argument by argument."""
    known = constants(call, values)
    results: list[Result] = [(state, UNKNOWN, trace)]
    raising = [Throwing(state, trace)]
    for one in sent:
        given = run.resolver.given(call, one.argument, run.acquired, known, boxed=not one.direct)
        if not one.direct and can_release(run, one.value):
            given = Given.always("kept")
        if given is None:
            results = [(lend(after, one.found, 1), Taken(one.found), way) for after, _, way in results]
            continue
        held = run.resolver.holder(call, one.argument, run.acquired) if callee.is_class and one.direct else None
        if held is not None and given.normal == frozenset({"kept"}):
            made = Object(f"{BOX} object {object_name(run, call)}>", *held, call)
            lent = 0 if held.releases else 1
            results = [(lend(put(after, made, one.found), one.found, lent), made, way) for after, _, way in results]
            raising = raising if given.thrown else []
            continue
        if given.entered:
            kind: Literal["lends", "ends"] = "lends" if given.raising <= frozenset({"released"}) else "ends"
            return [(after, Manager(kind, _entering(given, one)), way) for after, _, way in results]
        if given.asynchronous and given.normal == frozenset({"released"}):
            return [
                (blemish(after, one.found, "unawaited"), Releasing(one.found), way.then("unawaited", call.node))
                for after, _, way in results
            ]
        if "kept" in given.normal and not callee.is_class:
            given = given._replace(thrown=frozenset(("kept", exception) for _, exception in given.thrown))
        results = [
            _normal(run, call, after, value, way, one, given, fate)
            for after, value, way in results
            for fate in _fates(given)
        ]
        raising = [way for before in raising for way in thrown(run, before, one.found, given)]
    throw_all(call, raising if run.quiet != "final" else [], out)
    return results


def _fates(given: Given) -> list[Fate]:
    """What may have become of it on return; a callee that keeps it on some way is trusted on the others."""
    return ["kept"] if "kept" in given.normal and "released" not in given.normal else sorted(given.normal)


def _entering(given: Given, one: Sent) -> Value:
    return one.value if "released" in given.normal else UNKNOWN


def _normal(
    run: Run, call: Call, state: State, value: Value, trace: Trace, one: Sent, given: Given, fate: Fate
) -> Result:
    own = _own_object(run, call) if fate == "kept" and one.direct else ""
    if own and given.fields:
        for field in sorted(given.fields):
            state = bind(state.rebind(f"{own}.{field}", one.value), one.found)
    else:
        state = fated(run, state, one.found, fate)
    return state, (one.value if given.returned else value), trace


def _own_object(run: Run, call: Call) -> str:
    """The name of the object this is a method of, where another of its methods is called."""
    receiver = next(iter(run.receivers), "")
    first = call.args[0].value if call.args else None
    match call.func:
        case Attribute(base=Call(func=Place(path="super"))):
            return receiver
        case Place(path=path) if path.rpartition(".")[0] == receiver:
            return receiver
        case _ if isinstance(first, Place) and first.path == receiver:
            return receiver
        case _:
            return ""
