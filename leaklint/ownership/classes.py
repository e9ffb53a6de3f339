"""Objects that owe: a resource kept on `self`, and the methods of its class that release it, skip that, or drop it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from leaklint.flow.facts import paths, statements, walk
from leaklint.flow.leaks import Leak, interpret
from leaklint.flow.program import Call, If, Procedure, While
from leaklint.flow.run import NORMAL, RETURN
from leaklint.flow.state import OWED, State, Trace
from leaklint.flow.values import NEW, NONE, TRUTHY
from leaklint.ownership.index import Class, Function, Module
from leaklint.ownership.resolve import Target
from leaklint.source import Unit

if TYPE_CHECKING:
    from leaklint.ownership.project import Project

CONSTRUCTORS = ("__init__", "__post_init__", "__new__", "__attrs_post_init__")
SET_UPS = frozenset({"setUp", "asyncSetUp", "setUpClass", "setup_method", "setup_class", "setup"})
"""Methods that a test framework calls once, before all others: what they replace was never owed."""
ATTRIBUTE = re.compile(r"\.(\w+)")
PAIRS = {"__enter__": "__exit__", "__aenter__": "__aexit__"}


class FieldLeak(NamedTuple):
    """A field that is not released as it should: the rule, the acquisition, and where another method goes wrong."""

    code: str
    leak: Leak
    unit: Unit
    field: str
    step: tuple[Unit, cst.CSTNode, str] | None = None


class Ending(NamedTuple):
    """How one method treats a field it finds owed: on its normal ways, where it drops it, where it fails before."""

    function: Function
    unit: Unit
    released: bool
    kept: bool
    dropped: cst.CSTNode | None
    lent: bool
    failing: cst.CSTNode | None = None


def field_leaks(project: Project, module: Module, class_: Class) -> Iterator[FieldLeak]:
    """What is wrong with the fields that the class's own methods fill."""
    target = Target("class", class_.qualname, module)
    for name, qualname in class_.methods.items():
        function = module.functions[qualname]
        leaks = project.leaks(module, function) if project.may_acquire(module, function) else []
        unit = project.unit(module, function) if leaks else None
        if unit is None:
            continue
        for leak in leaks:
            for field in sorted(leak.keeps) if leak.procedure is unit.procedure else ():
                found = _judge(project, list(project.names.lineage(target)), name, leak, unit, field)
                if found is not None:
                    yield found


def _judge(
    project: Project, lineage: list[tuple[Class, Module]], name: str, leak: Leak, unit: Unit, field: str
) -> FieldLeak | None:
    endings = list(_endings(project, lineage, leak, field))
    others = [e for e in endings if e.function.name != name]
    pair = _paired(project, lineage, name, leak, unit, field, endings)
    if pair is not None:
        return pair
    if "." in field:
        return None
    called = {call.method for call in leak.procedure.calls}
    for ending in endings:
        own = ending.function.name == name
        if ending.function.name in SET_UPS or (not own and ending.function.name in called):
            continue
        if _is_inner(ending, endings):
            continue
        if ending.dropped is None or ending.lent or not only_asks(ending.unit.procedure, field):
            continue
        if not own or ending.released or ending.kept:
            words = f"`{ending.function.name}()` drops what `self.{field}` still owes"
            return FieldLeak("LKN104", leak, unit, field, (ending.unit, ending.dropped, words))
    if name in PAIRS or any(e.released and not e.kept for e in others) or any(e.lent for e in others):
        return None
    partial = next((e for e in others if e.released), None)
    if partial is not None and not only_asks(partial.unit.procedure, field):
        return None
    if partial is not None:
        words = f"`{partial.function.name}()` does not release it on every way"
        return FieldLeak("LKN103", leak, unit, field, (partial.unit, partial.unit.procedure.node, words))
    return (
        None
        if project.released_outside(lineage[0][0].name, field, leak.acquired)
        else FieldLeak("LKN301", leak, unit, field)
    )


def _is_inner(ending: Ending, endings: list[Ending]) -> bool:
    """Whether the method is private to the class, and what calls it sees to the release."""
    name = ending.function.name
    if not name.startswith("_") or name.endswith("__"):
        return False
    return any(e.released and any(path.rpartition(".")[2] == name for path in e.function.calls) for e in endings)


def _paired(
    project: Project,
    lineage: list[tuple[Class, Module]],
    name: str,
    leak: Leak,
    unit: Unit,
    field: str,
    endings: list[Ending],
) -> FieldLeak | None:
    """`__enter__`, or a constructor in its place, and `__exit__` are one function with a `yield` between."""
    methods = {method for class_, _ in lineage for method in class_.methods}
    made = name in CONSTRUCTORS
    leaving = next((last for last in PAIRS.values() if last in methods), None) if made else PAIRS.get(name)
    if leaving is None or any(e.released and not e.kept for e in endings if e.function.name not in PAIRS.values()):
        return None
    for class_, module in lineage:
        if leaving not in class_.methods:
            continue
        function = module.functions[class_.methods[leaving]]
        well = _ending(project, module, function, leak, field, raising=False)
        badly = _ending(project, module, function, leak, field, raising=True)
        if well is None or badly is None or well.lent or badly.lent:
            return None
        code = _in_pair(well, badly)
        if code:
            told = not made and only_asks(well.unit.procedure, field)
            return FieldLeak(code, leak, unit, field) if told else None
        if well.failing is None:
            return None
        words = f"if this raises, `{leaving}()` is left without releasing it"
        return FieldLeak("LKN102", leak, unit, field, (well.unit, well.failing, words))
    return None


def _in_pair(well: Ending, badly: Ending) -> str:
    """The rule by which leaving does not release what entering acquired: after the block, or after it raised."""
    if not well.released and not badly.released:
        return "LKN101"
    if badly.kept:
        return "LKN102"
    return "LKN103" if well.kept else ""


def only_asks(procedure: Procedure, field: str) -> bool:
    """Whether every condition in the method is about the field or its arguments: others may know more than we do."""
    receiver = procedure.names[0]
    own = f"{receiver}.{field}"
    for statement in statements(procedure):
        if isinstance(statement, (If, While)):
            asked = {path for path in paths(statement.test) if path.startswith(f"{receiver}.")}
            if any(not (path == own or path.startswith(f"{own}.")) for path in asked):
                return False
            if any(isinstance(part, Call) and not paths(part) & {own} for part in walk(statement.test)):
                return False
    return True


def _endings(project: Project, lineage: list[tuple[Class, Module]], leak: Leak, field: str) -> Iterator[Ending]:
    seen: set[str] = set()
    for class_, module in lineage:
        for name, qualname in class_.methods.items():
            if name in seen or name in CONSTRUCTORS:
                continue
            seen.add(name)
            found = _ending(project, module, module.functions[qualname], leak, field)
            if found is not None:
                yield found


def _ending(
    project: Project, module: Module, function: Function, leak: Leak, field: str, *, raising: bool | None = None
) -> Ending | None:
    if not function.params or function.generator or not project.touches(module, function, field):
        return None
    unit = project.unit(module, function)
    if unit is None:
        return None
    receiver = function.params[0].name
    state = State(new=OWED._replace(bound=True)).set(f"{receiver}.{field}", NEW)
    if raising is not None:
        for param in function.params[1:4]:
            state = state.set(param.name, TRUTHY if raising else NONE)
    resolver = project.resolver(module, unit.procedure, function)
    ended = interpret(unit.procedure, None, leak.acquired, resolver, state)
    released = kept = lent = False
    dropped = failing = None
    for exit_, states in ended.outcome.items():
        if exit_ not in (NORMAL, RETURN):
            failing = failing or next(
                (left_at(trace, field) for after, trace in states.items() if after.new.owed), None
            )
            continue
        for after, trace in states.items():
            status = after.new
            released = released or status.phase == "gone" or (not status.owed and ended.record.released)
            lent = lent or status.lent > 0
            if status.lost or after.old.lost:
                steps = [step for step in trace.steps() if step.kind == "rebound"]
                dropped = dropped or (steps[-1].node if steps else unit.procedure.node)
            elif status.owed:
                kept = True
    return Ending(function, unit, released, kept, dropped, lent, failing)


def left_at(trace: Trace, field: str) -> cst.CSTNode | None:
    """Where an exception starts on its way out, if nothing but the field was asked on the way to that."""
    asked = (step.node for step in trace.steps() if step.kind in {"true", "false"})
    if any(set(ATTRIBUTE.findall(cst.Module([]).code_for_node(node))) - {field} for node in asked):
        return None
    return next((step.node for step in reversed(trace.steps()) if step.kind in {"raises", "raise", "reraises"}), None)
