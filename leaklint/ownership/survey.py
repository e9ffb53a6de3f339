"""What the index needs of a stretch of code, gathered in one pass over its syntax tree.

`ast.walk` visits contexts and operators too and looks every field up by name: it would take longer than parsing.
"""

from __future__ import annotations

import ast
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

INNER = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda})
DEPENDING = frozenset({"Depends", "Security"})


@dataclass(slots=True)
class Survey:
    """All calls and imports of some code; what only its own statements do, those of functions in it left out."""

    calls: set[str] = field(default_factory=set)
    imports: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    depends: set[str] = field(default_factory=set)
    returns: list[ast.Return] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    generator: bool = False
    depth: int = 0

    def _note(self, node: ast.AST, *, own: bool) -> None:
        match node:
            case ast.Call(func=func, args=args):
                path = call_path(func)
                self.calls.add(path)
                if path.rpartition(".")[2] in DEPENDING:
                    self.depends |= {dotted(arg).rpartition(".")[2] for arg in args[:1]}
            case ast.Import() | ast.ImportFrom():
                self.imports.append(node)
            case ast.Return() if own:
                self.returns.append(node)
            case ast.Yield() | ast.YieldFrom() if own:
                self.generator = True
            case ast.Assign() | ast.AnnAssign() | ast.With() | ast.AsyncWith() if own:
                self.bindings.append(node)


NOTED = frozenset(
    {
        *(ast.Call, ast.Import, ast.ImportFrom, ast.Return, ast.Yield, ast.YieldFrom),
        *(ast.Assign, ast.AnnAssign, ast.With, ast.AsyncWith),
    }
)


def survey(nodes: Iterable[ast.AST]) -> Survey:
    """Everything of interest in these nodes; the order within one list is last statement first."""
    found = Survey()
    deepest = 0
    pending: list[tuple[ast.AST, int, bool]] = [(node, 1, True) for node in nodes if type(node) not in LEAVES]
    while pending:
        node, level, own = pending.pop()
        kind = type(node)
        deepest = max(deepest, level)
        if kind in NOTED:
            found._note(node, own=own)
        elif kind in INNER:
            own = False
        below = level + 1
        if kind is ast.If and len(node.orelse) == 1 and type(node.orelse[0]) is ast.If:  # type: ignore[attr-defined]
            below = level
        elif kind is ast.BoolOp:
            below = level + len(node.values)  # type: ignore[attr-defined]
            deepest = max(deepest, below)
        for part in node.__dict__.values():
            if isinstance(part, list):
                pending += [(item, below, own) for item in part if type(item) not in LEAVES]
            elif type(part) not in LEAVES:
                pending.append((part, below, own))
    found.depth = deepest
    return found
