"""How a project's functions and classes end: whether they come back, raise, or swallow what is raised in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leaklint.flow.facts import statements, walk
from leaklint.flow.given import never_raises
from leaklint.flow.program import Const, Procedure, Raise, Return, Try, Yield
from leaklint.ownership.caller import NEVER_RETURN, FunctionResolver
from leaklint.ownership.classes import CONSTRUCTORS
from leaklint.ownership.grounds import Memo
from leaklint.ownership.index import Function, Module
from leaklint.ownership.resolve import Target

if TYPE_CHECKING:
    from leaklint.ownership.project import Project

MOST_CALLS = 6
SHORT = 12
"""Lines of a function that is interpreted only to learn whether it can raise."""


class Behaviour:
    """Answers by function and by class."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._calm: Memo[tuple[str, str], bool] = Memo(project.grounds, bottom=False)

    def never_returns(self, module: Module, function: Function, depth: int = 0) -> bool:
        """Whether the function says that it does not come back, or ends the process with its last call."""
        annotation = function.annotation
        if annotation is not None and annotation.path.rpartition(".")[2] in {"NoReturn", "Never"}:
            return True
        if not function.ending or depth > MOST_CALLS:
            return False
        target = self.project.names.inside(module, function, function.ending)
        if target.kind == "function" and target.owner is not None:
            return self.never_returns(target.owner, target.owner.functions[target.name], depth + 1)
        return (target.name if target.kind == "library" else function.ending) in NEVER_RETURN

    def is_calm(self, module: Module, function: Function) -> bool:
        """Whether no exception can leave the function; only short ones are worth the question."""
        if function.asynchronous or function.end_line - function.line > SHORT:
            return False
        return self._calm.get(self.project.key(module, function), lambda: self._never_raises(module, function))

    def _never_raises(self, module: Module, function: Function) -> bool:
        unit = self.project.unit(module, function)
        return unit is not None and never_raises(
            unit.procedure, FunctionResolver(self.project, module, unit.procedure, function)
        )

    def plain_class(self, target: Target) -> bool:
        """Whether making an object of the class runs no code that could fail: dataclasses, no constructor."""
        for class_, _ in self.project.names.lineage(target):
            if not class_.methods.keys().isdisjoint(CONSTRUCTORS):
                return False
        return not any(True for _ in self.project.names.library_bases(target))

    def swallowing_class(self, target: Target) -> bool:
        """Whether leaving a `with` on objects of a project class swallows what the block raised."""
        for class_, module in self.project.names.lineage(target):
            for name in ("__exit__", "__aexit__"):
                function = module.functions.get(class_.methods.get(name, ""))
                unit = self.project.unit(module, function) if function is not None else None
                if unit is not None:
                    return any(
                        isinstance(s, Return) and isinstance(s.value, Const) and s.value.value is True
                        for s in statements(unit.procedure)
                    )
        return False

    def swallows(self, module: Module, function: Function) -> bool:
        """Whether a `@contextmanager` function swallows what is thrown into it."""
        unit = self.project.unit(module, function)
        return unit is not None and swallows(unit.procedure)


def swallows(procedure: Procedure) -> bool:
    """Whether some handler around a `yield` catches every `Exception` and raises nothing."""
    for statement in statements(procedure):
        if not isinstance(statement, Try) or not any(isinstance(p, Yield) for s in statement.body for p in walk(s)):
            continue
        for handler in statement.handlers:
            wide = handler.types is None or not {"Exception", "BaseException"}.isdisjoint(handler.types)
            leaves = any(isinstance(part, Raise) for s in handler.body for part in walk(s))
            if wide and not leaves:
                return True
    return False
