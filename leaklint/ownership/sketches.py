"""Whether a function acquires at all, told from a sketch of it: libcst is not asked to read the others."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from leaklint.flow.program import Procedure
from leaklint.flow.resolver import Acquired
from leaklint.flow.sketch import sketch_function
from leaklint.ownership import easier
from leaklint.ownership.caller import FunctionResolver
from leaklint.ownership.index import Function, Module

if TYPE_CHECKING:
    from leaklint.ownership.project import Project

DEEPEST = 200
"""Deeper nesting than this is not sketched."""

Key = tuple[str, str, str]


class Sketches:
    """Answers by function; a no holds until another name is found to acquire."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._sketches: dict[tuple[str, str], Procedure | None] = {}
        self._resolvers: dict[Procedure, SketchResolver] = {}
        self._answers: dict[Key, bool] = {}

    def acquires(self, module: Module, function: Function) -> bool:
        """Whether some call in the function, or in one nested in it, acquires."""
        key, version = ("sketch", *self.project.key(module, function)), len(self.project.acquiring)
        return self.project.fixpoint.settle(key, self._answers, False, lambda: self._look(module, function), version)

    def _look(self, module: Module, function: Function) -> bool:
        place = self.project.key(module, function)
        if place not in self._sketches:
            self._sketches[place] = self._sketched(module, function)
        sketch = self._sketches[place]
        return sketch is None or self._finds(module, sketch, function, None)

    def _finds(
        self, module: Module, sketch: Procedure, function: Function | None, outer: SketchResolver | None
    ) -> bool:
        resolver = self._resolvers.get(sketch)
        if resolver is None:
            resolver = self._resolvers[sketch] = SketchResolver(self.project, module, sketch, function, outer)
        if any(resolver.may_acquire(call) and resolver.acquired(call) is not None for call in sketch.calls):
            return True
        return any(self._finds(module, inner, None, resolver) for inner in sketch.nested)

    def _sketched(self, module: Module, function: Function) -> Procedure | None:
        """The function as a sketch, or None where there is none to be made."""
        if function.depth > DEEPEST:
            return None
        text = "\n".join(self.project.lines(module)[function.line - 1 : function.end_line])
        try:
            (node,) = easier.parsed(text).body
        except (SyntaxError, ValueError):
            return None
        if isinstance(node, ast.If):
            (node,) = node.body
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        aliases = self.project.units.aliases(module, function)
        return sketch_function(node, function.qualname, function.class_name, aliases)


class SketchResolver(FunctionResolver):
    """What nested functions give is asked of their own sketches."""

    def _from_closure(self, name: str) -> Acquired | None:
        del name
        return None
