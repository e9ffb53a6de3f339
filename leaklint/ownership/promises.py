"""Contracts held against bodies: what a function says that it releases or keeps is not left owed on some way out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from leaklint.flow.leaks import Leak, interpret, shown
from leaklint.flow.program import Call, Place
from leaklint.flow.state import OWED, State, Trace
from leaklint.flow.values import NEW
from leaklint.ownership.contracts import owned
from leaklint.ownership.index import Function, Module

if TYPE_CHECKING:
    from leaklint.ownership.project import Project


def broken(project: Project, module: Module, function: Function) -> Iterator[Leak]:
    """For each parameter that the function promises to release or keep: the ways out that leave it owed.

    The parameter stands for an acquisition at the function's name. What a callee that nobody can see is given lowers
    confidence as ever, so that a promise kept out of sight is not called broken.
    """
    contract = project.contract(module, function)
    promised = contract.releases | contract.keeps if contract is not None else frozenset()
    unit = project.unit(module, function) if promised and not function.abstract and not function.generator else None
    if contract is None or unit is None or not isinstance(unit.procedure.node, cst.FunctionDef):
        return
    name = unit.procedure.node.name
    for parameter in sorted(promised & set(unit.procedure.names)):
        does = "releases" if parameter in contract.releases else "keeps"
        start = State(new=OWED._replace(bound=True)).set(parameter, NEW)
        trace = Trace().then("promised", name, f"`{function.name}()` says that it {does} `{parameter}`")
        acquired = owned(project.catalog, function.name)._replace(why="")
        resolver = project.resolver(module, unit.procedure, function)
        ended = interpret(unit.procedure, None, acquired, resolver, start, trace, raises_all=project.raises_all)
        yield shown(Call(name, Place(name, parameter), ()), acquired, ended)
