"""What calling a method of something tracked does: of the handle, of a local container, of an exit stack."""

from __future__ import annotations

from leaklint.flow import calm
from leaklint.flow.exceptions import SOME_EXCEPTION
from leaklint.flow.places import bind, box_for, inside, put, wake
from leaklint.flow.program import Call, Closure, Place
from leaklint.flow.returning import from_release
from leaklint.flow.run import Outcome, Result, Run, throw
from leaklint.flow.state import State, Trace
from leaklint.flow.values import (
    UNKNOWN,
    Ages,
    Bound,
    Box,
    Derived,
    Function,
    Handle,
    Inside,
    Manager,
    Object,
    Releaser,
    Releasing,
    Value,
    ages,
)

ADDS = frozenset(
    ["append", "appendleft", "add", "insert", "extend", "put", "put_nowait", "setdefault", "update", "push"]
)
TAKES = frozenset(["pop", "popleft", "popitem", "get", "get_nowait", "__getitem__", "values", "items", "copy", "keys"])


def release(run: Run, state: State, found: Ages) -> State:
    """The handles are released; one that was not owed stays what it was."""
    run.record.released = True
    for age in found:
        status = state.status(age)
        if status.owed:
            state = state.mark(age, status._replace(phase="released", flaw=""))
    return state


def blemish(state: State, found: Ages, flaw: str) -> State:
    """Something was done that looks like a release and is none."""
    for age in found:
        status = state.status(age)
        if status.owed and not status.flaw:
            state = state.mark(age, status._replace(flaw=flaw))  # type: ignore[arg-type]  # one of the flaws
    return state


def on_handle(
    run: Run, call: Call, base: Value, name: str, values: list[Value], state: State, trace: Trace, out: Outcome
) -> list[Result]:
    """A method of the resource itself."""
    resource = run.acquired.resource
    found = frozenset(ages(base))
    state = wake(state, found)
    if name in resource.releases:
        if name in resource.awaited:
            return [(blemish(state, found, "unawaited"), Releasing(found), trace.then("unawaited", call.node))]
        after = release(run, state, found)
        if run.raises_all:
            throw(out, [(SOME_EXCEPTION, call.node)], after, trace)
        return [(after, from_release(run, call, run.resolver.callee(call)), trace)]
    if name in resource.closes:
        closed = blemish(state, found, "closed")
        return [(closed, from_release(run, call, run.resolver.callee(call)), trace.then("closed", call.node))]
    if name in resource.same or name in {"__enter__", "__aenter__"}:
        return [(state, base, trace)]
    if name in {"__exit__", "__aexit__"} and "releases" in (resource.entered, resource.entered_awaited):
        return [(release(run, state, found), UNKNOWN, trace)]
    if run.quiet != "final" and run.method_may_raise(call):
        throw(out, [(SOME_EXCEPTION, call.node)], state, trace)
    return [(state, Derived(base.age) if name == "cursor" and isinstance(base, Handle) else UNKNOWN, trace)]


def on_box(run: Run, call: Call, box: Box, name: str, values: list[Value], state: State, trace: Trace) -> list[Result]:
    """A method of a local list, dict, set or queue."""
    held = state.get(box.name)
    content: Ages = held.ages if isinstance(held, Inside) else frozenset()
    if name in ADDS:
        given: Ages = frozenset(age for value in values for age in state.reachable(value))
        state = put(state, box, given)
        if isinstance(call.func, Place):
            state = state.set(call.func.path.rpartition(".")[0], box)
        return [(state, UNKNOWN, trace)]
    if name in TAKES:
        value = box if name in {"values", "items", "copy", "keys"} else inside(content, run)
        return [(state, value, trace)]
    return [(state, UNKNOWN, trace)]


def closes_only(run: Run) -> bool:
    """Whether `close()` ends the resource without giving its slot back: then so does `closing`."""
    resource = run.acquired.resource
    return "close" in resource.closes and "close" not in resource.releases


def can_release(run: Run, value: Value) -> bool:
    """Whether calling the value releases the handle, or runs code that may."""
    resource = run.acquired.resource
    names = {*resource.releases, *resource.pool_releases, *resource.closes}
    match value:
        case Releaser():
            return True
        case Bound(Object(_, _, releases), name):
            return name in releases
        case Bound(_, name):
            return name in names or bool(calm.RELEASING_NAME.search(name))
        case Function(procedure):
            return any(call.method in names or calm.RELEASING_NAME.search(call.method) for call in procedure.calls)
        case _:
            return False


def on_stack(
    run: Run, call: Call, box: Box, name: str, values: list[Value], state: State, trace: Trace
) -> list[Result]:
    """A method of an `ExitStack` made in this function."""
    held = state.get(box.name)
    content: Ages = held.ages if isinstance(held, Inside) else frozenset()
    match name:
        case "enter_context" | "enter_async_context" | "push" | "push_async_exit" if values:
            return [_entered(run, box, values[0], state, trace)]
        case "callback" | "push_async_callback" if values:
            given: Ages = frozenset(age for value in values for age in state.reachable(value))
            return [(_called_back(run, call, box, name, values[0], given, state), UNKNOWN, trace)]
        case "pop_all":
            moved = Box(f"{box.name}'", stack=True)
            return [(put(state.set(box.name, UNKNOWN), moved, content), moved, trace)]
        case "close" | "aclose":
            return [(release(run, state.set(box.name, UNKNOWN), content), UNKNOWN, trace)]
        case "__enter__" | "__aenter__":
            return [(state, box, trace)]
        case _:
            return [(state, UNKNOWN, trace)]


def _called_back(run: Run, call: Call, box: Box, name: str, first: Value, given: Ages, state: State) -> State:
    """What `stack.callback(f, …)` promises: a call of `f`, awaited in the asynchronous form only."""
    resource = run.acquired.resource
    if isinstance(first, Bound) and first.name in resource.closes:
        return blemish(state, given, "closed")
    if isinstance(first, Bound) and first.name in resource.awaited and name == "callback":
        return blemish(state, given, "unawaited")
    if can_release(run, first) or _names_release(run, call):
        return put(state, box, given)
    return state


def _entered(run: Run, box: Box, value: Value, state: State, trace: Trace) -> Result:
    resource = run.acquired.resource
    match value:
        case Handle(age, awaited):
            found: Ages = frozenset({age})
            if (resource.entered_awaited if awaited else resource.entered) == "releases":
                return put(state, box, found), value, trace
            return bind(blemish(state, found, "with"), found), value, trace
        case Manager("closing", inner):
            if closes_only(run):
                return blemish(state, frozenset(ages(inner)), "closed"), inner, trace
            return put(state, box, frozenset(ages(inner))), inner, trace
        case Manager("lends", inner):
            return put(state, box, frozenset(ages(inner))), inner, trace
        case Manager(_, inner):
            return state, inner, trace
        case _:
            return put(state, box, state.reachable(value)), value, trace


def _names_release(run: Run, call: Call) -> bool:
    """`stack.callback(pool.putconn, conn)`: the function is named, not called."""
    first = call.args[0].value
    if isinstance(first, Place):
        name = first.path.rpartition(".")[2]
        return name in run.acquired.resource.pool_releases or bool(calm.RELEASING_NAME.search(name))
    return isinstance(first, Closure)


def receiver(run: Run, call: Call, state: State) -> Box | None:
    """The local container a method is called on, where it is one that nothing was put in yet."""
    if isinstance(call.func, Place) and call.method in ADDS:
        return box_for(run, call.func.path.rpartition(".")[0], state)
    return None
