"""What becomes of a handle that a call is given: the parameter it lands in, and what is known of the body behind it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from leaklint.flow.program import Call, Const, Constant
from leaklint.flow.resolver import Acquired, Given, Held
from leaklint.ownership.index import Function, Module
from leaklint.ownership.resolve import Target
from leaklint.ownership.view import View


class Handing(NamedTuple):
    """A handle given to a call as that argument, itself or in a container (`boxed`); what else is given is constant."""

    call: Call
    argument: int | str
    acquired: Acquired
    constants: dict[int | str, Constant]
    boxed: bool = False


def given(view: View, handing: Handing) -> Given | None:
    """What the callee does with the handle."""
    target = view.of(handing.call.func)
    if target.owner is None:
        return None
    if target.kind == "class":
        return _constructed(view, target, handing._replace(boxed=False))
    if target.kind != "function":
        return None
    return _passed(view, target.owner, target.owner.functions[target.name], 1 if target.bound else 0, handing)


def _constructed(view: View, target: Target, handing: Handing) -> Given | None:
    """An object that is given a handle keeps it if its class can release it; else its maker still owes it."""
    for class_, module in view.project.names.lineage(target):
        if "__init__" not in class_.methods:
            continue
        return _passed(view, module, module.functions[class_.methods["__init__"]], 1, handing)
    return Given(frozenset({"kept"}), frozenset())


def _passed(view: View, module: Module, function: Function, shift: int, handing: Handing) -> Given | None:
    """What a function does with the handle; `shift`: how many parameters are filled before the arguments."""
    argument = handing.argument
    if function.abstract:
        return None
    if isinstance(argument, str) and "." in argument:
        place = f"{function.params[0].name}.{argument.partition('.')[2]}" if function.params else ""
    else:
        place = parameter_for(function, argument, shift)
    if not place:
        return None
    constants = bound(function, handing.call, shift, handing.constants)
    constants.pop(place, None)
    return view.project.given(module, function, place, handing.acquired, constants, boxed=handing.boxed)


def bound(function: Function, call: Call, shift: int, constants: Mapping[int | str, Constant]) -> dict[str, Constant]:
    """The parameters that are constants in a call: by the arguments that are, else by their defaults."""
    found: dict[str, Constant] = {p.name: p.constant for p in function.params[shift:] if p.defaulted}
    for index, passed in enumerate(call.args):
        key: int | str = passed.keyword or index
        name = parameter_for(function, key, shift)
        found.pop(name, None)
        if name and key in constants:
            found[name] = constants[key]
    return found


def told(function: Function, call: Call, shift: int) -> dict[str, Constant]:
    """The parameters that are constants in a call, going by what is written there."""
    written = {a.keyword or i: a.value.value for i, a in enumerate(call.args) if isinstance(a.value, Const)}
    return bound(function, call, shift, written)


def holder(view: View, call: Call, argument: int | str, acquired: Acquired) -> Held | None:
    """How the object that a constructor call makes of a handle can be made to release it."""
    target = view.of(call.func)
    if target.kind != "class" or target.owner is None:
        return None
    name = place_for(view, target, argument)
    return view.project.holder(target, name, acquired) if name else None


def is_given_instead(view: View, call: Call, target: Target, fields: Collection[str]) -> bool:
    """Whether a constructor is given what the object may keep in one of the fields instead of something of its own."""
    passed = {
        place_for(view, target, argument.keyword or index)
        for index, argument in enumerate(call.args)
        if not argument.star and not (isinstance(argument.value, Const) and argument.value.value is None)
    }
    kept = {
        source.path.removeprefix("self.")
        for class_, _ in view.project.names.lineage(target)
        for field in fields
        for source in class_.attributes.get(field, ())
        if source.kind == "name"
    }
    return not passed.isdisjoint(kept)


def place_for(view: View, target: Target, argument: int | str) -> str:
    """The parameter of a constructor that an argument lands in, or the field where there is none; "" if neither."""
    for class_, module in view.project.names.lineage(target):
        if "__init__" in class_.methods:
            return parameter_for(module.functions[class_.methods["__init__"]], argument, 1)
    return field_for(view, target, argument)


def field_for(view: View, target: Target, argument: int | str) -> str:
    """The field in which an object without a constructor of its own, such as of a dataclass, keeps an argument."""
    classes = [class_ for class_, _ in view.project.names.lineage(target)]
    fields = [
        name
        for class_ in reversed(classes)
        for name, sources in class_.attributes.items()
        if any(source.kind == "annotation" for source in sources)
    ]
    if isinstance(argument, str):
        return argument if argument in fields else ""
    return fields[argument] if argument < len(fields) else ""


def parameter_for(function: Function, argument: int | str, shift: int) -> str:
    """The parameter that an argument of a call lands in, or ""."""
    if isinstance(argument, str):
        return argument if any(p.name == argument for p in function.params) else ""
    plain = [p for p in function.params if not p.star]
    position = argument + shift
    return plain[position].name if position < len(plain) else ""
