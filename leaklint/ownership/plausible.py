"""Whether a function is worth interpreting, told from its index alone: libcst is not asked to read the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaklint.ownership.catalog import USES
from leaklint.ownership.index import Function, Module
from leaklint.ownership.resolve import UNKNOWN, Target

if TYPE_CHECKING:
    from leaklint.ownership.project import Project

RESULT = "()"
"""Stands for the last names of what is the result of another call."""


def plausible(project: Project, module: Module, calls: tuple[str, ...], function: Function | None) -> bool:
    """Whether one of these calls may acquire."""
    others = project.candidates.other_names(module)
    typed = {p.name for p in function.params if p.annotation is not None} if function is not None else set()
    lasts = project.candidates.last_names(calls)
    if all(names.isdisjoint(lasts) for names in (project.acquiring, others, typed)) and RESULT not in lasts:
        return False
    names = project.acquiring | others
    candidates = [p for p in calls if p.rpartition(".")[2] in names or p.endswith("()") or p in typed]
    if not candidates:
        return False
    signs = USES | project.catalog.releases
    used = any(path.rpartition(".")[2] in signs for path in calls)
    return any(_may_acquire(project, module, function, path, used=used) for path in candidates)


def _may_acquire(project: Project, module: Module, function: Function | None, path: str, *, used: bool) -> bool:
    base, _, last = path.rpartition(".")
    if path.endswith("()"):
        return True
    target = _resolve(project, module, function, path)
    catalog = project.catalog
    match target.kind:
        case "library" | "member" if target.name in project.functions:
            return True
        case "library" | "member":
            factory = f"{catalog.made(target.name, ())}.()" in catalog.members
            return factory or target.name in catalog.calls or target.name in catalog.members or used
        case "instance" if target.owner is None:
            return f"{target.name}.()" in catalog.members
        case "function" if target.owner is not None:
            called = target.owner.functions[target.name]
            opens = called.name in project.opening or project.calls.ever(target.owner, called)
            return opens or project.candidates.makes_factory(target.owner, called)
        case "class":
            return True
        case "module" | "instance":
            return False
        case _:
            known = used or catalog.tells(last, base) or _is_typed(function, base or path)
            return known or last in project.candidates.library_methods(module)


def _is_typed(function: Function | None, base: str) -> bool:
    """Whether the receiver is a parameter with an annotation, or a variable of the function itself."""
    root = base.partition(".")[0]
    if function is None or not root or root in {"self", "cls"}:
        return False
    return any(param.name == root and param.annotation is not None for param in function.params)


def _resolve(project: Project, module: Module, function: Function | None, path: str) -> Target:
    root, _, rest = path.partition(".")
    if root == "super()" and function is not None and function.class_name and "()" not in rest:
        return project.names.follow(Target("super", function.class_name, module), rest, module)
    if "()" in path or path.startswith("?"):
        return UNKNOWN
    if function is not None and any(param.name == root for param in function.params):
        first = function.params[0].name == root
        if not (function.class_name and first and rest):
            return UNKNOWN
        return project.names.follow(Target("instance", function.class_name, module), rest, module)
    return project.names.path(module, path)
