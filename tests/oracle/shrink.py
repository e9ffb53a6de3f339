"""A failing program made small: whatever can go while it still fails, goes."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

BODIES = ("body", "orelse", "finalbody", "handlers", "cases")


def shrink(source: str, fails: Callable[[str], bool]) -> str:
    """The smallest program found that still fails."""
    best = ast.unparse(ast.parse(source))
    if not fails(best):
        return source
    changed = True
    while changed:
        changed = False
        for candidate in candidates(best):
            if len(candidate) < len(best) and accepted(candidate, fails):
                best, changed = candidate, True
                break
    return best


def accepted(source: str, fails: Callable[[str], bool]) -> bool:
    try:
        compile(source, "<candidate>", "exec")
        return fails(source)
    except (SyntaxError, ValueError):
        return False


def candidates(source: str) -> Iterator[str]:
    """The program with one thing less, the largest things first."""
    tree = ast.parse(source)
    sites = sorted(removals(tree), key=lambda site: -site[0])
    for _, change in sites:
        changed = copy.deepcopy(tree)
        if change(changed):
            yield ast.unparse(ast.fix_missing_locations(changed))


Change = Callable[[ast.Module], bool]


def removals(tree: ast.Module) -> Iterator[tuple[int, Change]]:
    """Each list of statements without one of them, and with a compound statement replaced by what is in it."""
    for number, node in enumerate(ast.walk(tree)):
        for field in BODIES:
            block = getattr(node, field, None)
            if not isinstance(block, list):
                continue
            for index, part in enumerate(block):
                if node is tree and not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                    continue
                size = sum(1 for _ in ast.walk(part))
                yield size, without(number, field, index)
                if any(getattr(part, inner, None) for inner in BODIES) and isinstance(part, ast.stmt):
                    yield size // 2, unwrapped(number, field, index)
        yield from simpler(number, node)


def simpler(number: int, node: ast.AST) -> Iterator[tuple[int, Change]]:
    if isinstance(node, ast.With | ast.AsyncWith) and len(node.items) > 1:
        for index in range(len(node.items)):
            yield 2, without(number, "items", index)
    if isinstance(node, ast.BoolOp | ast.IfExp):
        for index in range(2):
            yield 2, chosen(number, index)
    if isinstance(node, ast.UnaryOp):
        yield 1, chosen(number, 0)


def find(tree: ast.Module, number: int) -> ast.AST:
    return next(node for at, node in enumerate(ast.walk(tree)) if at == number)


def without(number: int, field: str, index: int) -> Change:
    def change(tree: ast.Module) -> bool:
        node = find(tree, number)
        block = getattr(node, field)
        del block[index]
        if isinstance(node, ast.Try | ast.TryStar) and not node.handlers and not node.finalbody:
            return False
        if not block and field == "body":
            block.append(ast.Pass())
        return bool(block) or field in {"orelse", "finalbody", "handlers"}

    return change


def unwrapped(number: int, field: str, index: int) -> Change:
    def change(tree: ast.Module) -> bool:
        block = getattr(find(tree, number), field)
        part = block[index]
        inner = [*getattr(part, "body", ()), *getattr(part, "orelse", ()), *getattr(part, "finalbody", ())]
        for handler in (*getattr(part, "handlers", ()), *getattr(part, "cases", ())):
            inner += handler.body
        block[index : index + 1] = inner
        return not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)

    return change


def chosen(number: int, index: int) -> Change:
    """An operand in place of the whole."""

    def change(tree: ast.Module) -> bool:
        node = find(tree, number)
        parts: list[ast.expr] = (
            node.values[:2]
            if isinstance(node, ast.BoolOp)
            else [node.body, node.orelse]
            if isinstance(node, ast.IfExp)
            else [node.operand]
            if isinstance(node, ast.UnaryOp)
            else []
        )
        for parent in ast.walk(tree):
            for name, value in ast.iter_fields(parent):
                if value is node:
                    setattr(parent, name, parts[index])
                    return True
        return False

    return change
