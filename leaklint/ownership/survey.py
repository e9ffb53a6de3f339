"""What the index needs of a stretch of code, gathered in one pass over its syntax tree.

`ast.walk` visits contexts and operators too and looks every field up by name: it would take longer than parsing.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from leaklint.ownership.sources import call_path, dotted

Binding = ast.Assign | ast.AnnAssign | ast.With | ast.AsyncWith

LEAVES = frozenset(
    {
        *(bool, int, str, type(None)),
        *(ast.Load, ast.Store, ast.Del, ast.And, ast.Or, ast.Constant, ast.Name, ast.Pass, ast.Break, ast.Continue),
        *(kind for base in (ast.operator, ast.unaryop, ast.cmpop) for kind in base.__subclasses__()),
    }
)
"""What no call can be in: names, constants, operators, and what is no node at all."""

PLAIN = frozenset(
    {"ctx", "op", "ops", "attr", "id", "name", "asname", "arg", "module", "level", "type_comment", "kind"}
)
"""Fields in which there are such leaves only."""

BLOCKS = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})
"""Fields of statements in which there are statements, or what those stand in."""

KINDS = [kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)]
PARTS = {kind: tuple(name for name in kind._fields if name not in PLAIN) for kind in KINDS}
SHAPES = {
    kind: (tuple(name for name in PARTS[kind] if name in BLOCKS), tuple(n for n in PARTS[kind] if n not in BLOCKS))
    for kind in KINDS
    if issubclass(kind, (ast.stmt, ast.ExceptHandler, ast.match_case))
}
"""The fields of a statement in which there are statements, and those in which there is anything else of interest."""

FUNCTIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef})
NOTED = frozenset({ast.Import, ast.ImportFrom, ast.Return, ast.Assign, ast.AnnAssign, ast.With, ast.AsyncWith})
YIELDS = frozenset({ast.Yield, ast.YieldFrom})
Levels = defaultdict[int, list[ast.AST]]
"""Nodes by how deeply they are nested."""

DEPENDING = frozenset({"Depends", "Security"})


@dataclass(slots=True)
class Survey:
    """All calls and imports of some code; what only its own statements do, those of functions in it left out.

    The order within one list is last statement first.
    """

    imports: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    depends: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    returns: list[ast.Return] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    generator: bool = False
    depth: int = 0

    def part(self) -> Survey:
        """The survey of a part of the code; imports and dependencies are noted for the whole."""
        return Survey(self.imports, self.depends)

    def take(self, nodes: Iterable[ast.AST]) -> int:
        """Note everything of interest in these nodes, and tell how deeply they are nested."""
        deepest = 0
        values: dict[bool, Levels] = {True: defaultdict(list), False: defaultdict(list)}
        pending: list[tuple[ast.AST, int, bool]] = [(node, 1, True) for node in nodes if type(node) not in LEAVES]
        while pending:
            node, level, own = pending.pop()
            kind = type(node)
            if kind not in SHAPES:
                values[own][level].append(node)
                continue
            blocks, others = SHAPES[kind]
            below = level + 1
            if kind in NOTED:
                self._note(node, own=own)
            elif kind in FUNCTIONS:
                own = False
            elif is_ladder(node):
                below = level
            deepest = max(deepest, level)
            for name in others:
                part = getattr(node, name)
                if type(part) is list:
                    if items := [item for item in part if type(item) not in LEAVES]:
                        values[own][below] += items
                elif type(part) not in LEAVES:
                    values[own][below].append(part)
            for name in blocks:
                pending += [(item, below, own) for item in getattr(node, name) if type(item) not in LEAVES]
        deepest = max(deepest, self._expressions(values[True], own=True), self._expressions(values[False], own=False))
        self.depth = max(self.depth, deepest)
        return deepest

    def _expressions(self, levels: Levels, *, own: bool) -> int:
        """The same of expressions, by how deeply they are nested."""
        level = deepest = 0
        while levels:
            level = min(levels)
            inner: list[ast.AST] = []
            for node in levels.pop(level):
                if isinstance(node, ast.Attribute):
                    if type(node.value) not in LEAVES:
                        inner.append(node.value)
                    continue
                kind = type(node)
                if isinstance(node, ast.Call):
                    self._call(node)
                elif isinstance(node, ast.BoolOp):
                    levels[level + len(node.values)] += [value for value in node.values if type(value) not in LEAVES]
                    continue
                elif kind is ast.Lambda:
                    deepest = max(deepest, self._expressions(defaultdict(list, {level + 1: inside(node)}), own=False))
                    continue
                elif kind in YIELDS and own:
                    self.generator = True
                for name in PARTS[kind]:
                    part = getattr(node, name)
                    if type(part) is list:
                        inner += [item for item in part if type(item) not in LEAVES]
                    elif type(part) not in LEAVES:
                        inner.append(part)
            if inner:
                levels[level + 1] += inner
        return max(deepest, level)

    def _call(self, node: ast.Call) -> None:
        path = call_path(node.func)
        self.calls.add(path)
        if path.rpartition(".")[2] in DEPENDING:
            self.depends |= {dotted(arg).rpartition(".")[2] for arg in node.args[:1]}

    def _note(self, node: ast.AST, *, own: bool) -> None:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self.imports.append(node)
        elif own and isinstance(node, ast.Return):
            self.returns.append(node)
        elif own and isinstance(node, Binding):
            self.bindings.append(node)


def inside(node: ast.AST) -> list[ast.AST]:
    """What is directly in a node, but for leaves."""
    found: list[ast.AST] = []
    for name in PARTS[type(node)]:
        part = getattr(node, name)
        found += [item for item in (part if type(part) is list else [part]) if type(item) not in LEAVES]
    return found


def is_ladder(node: ast.AST) -> bool:
    """Whether it has an `elif`, which is nested no deeper than the `if`."""
    return isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)
