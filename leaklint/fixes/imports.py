"""The imports that a block needs: found in the module, or put in once."""

from __future__ import annotations

import ast
import sys
from itertools import dropwhile

from leaklint.fixes.case import Case, Refused
from leaklint.fixes.edits import Change


def contextlib_name(case: Case, member: str) -> tuple[str, list[Change]]:
    """How to write `contextlib.member` here, and the import that this takes."""
    for node in case.tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "contextlib" and not node.level:
            for alias in node.names:
                if alias.name == member and not _rebound(case, alias.asname or member):
                    return alias.asname or member, []
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "contextlib" and not _rebound(case, alias.asname or alias.name):
                    return f"{alias.asname or alias.name}.{member}", []
    if _bound(case, "contextlib"):
        raise Refused("`contextlib` means something else in this file")
    return f"contextlib.{member}", [_import(case, "contextlib")]


def _rebound(case: Case, name: str) -> bool:
    """Whether anything in the file but an import gives the name a meaning."""
    return _bound(case, name, imports=False)


def _bound(case: Case, name: str, *, imports: bool = True) -> bool:
    return any(_binds(node, name, imports=imports) for node in ast.walk(case.tree))


def _binds(node: ast.AST, name: str, *, imports: bool = False) -> bool:
    match node:
        case ast.Name(found, ast.Store()) | ast.arg(found):
            return found == name
        case ast.FunctionDef(found) | ast.AsyncFunctionDef(found) | ast.ClassDef(found):
            return found == name
        case ast.Import(names) | ast.ImportFrom(_, names) if imports:
            return any((alias.asname or alias.name.partition(".")[0]) == name for alias in names)
        case _:
            return False


def _import(case: Case, module: str) -> Change:
    """`import module` among the first imports of the file, else behind its docstring."""
    text, body = case.text, case.tree.body
    line = f"import {module}{text.newline}"
    rest = body[1:] if body and _is_docstring(body[0]) else list(body)
    future = [n for n in rest if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
    rest = [n for n in rest if n not in future]
    group = _first_group(case, list(dropwhile(_is_about_the_module, rest)))
    for node in group:
        if isinstance(node, ast.ImportFrom) or node.names[0].name > module:
            if node is group[0] and node.lineno > 1 and text.line(node.lineno - 1).lstrip().startswith("#"):
                continue
            gap = text.newline if node is group[0] and not _is_standard(node) else ""
            return _at(text.starts[node.lineno - 1], line + gap)
    if group:
        return _at(text.after(group[-1].end_lineno or 0), line)
    before = future[-1] if future else (body[0] if body and _is_docstring(body[0]) else None)
    if before is not None:
        return _at(text.after(before.end_lineno or 0), f"{text.newline}{line}")
    first = body[0].lineno if body else 1
    decorators = getattr(body[0], "decorator_list", []) if body else []
    first = min([first, *(one.lineno for one in decorators)])
    return _at(text.starts[first - 1], f"{line}{text.newline}")


def _is_standard(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import names the standard library, which is where the new one belongs."""
    name = node.module if isinstance(node, ast.ImportFrom) and not node.level else node.names[0].name
    return (name or "").partition(".")[0] in sys.stdlib_module_names


def _at(offset: int, content: str) -> Change:
    return Change(offset, offset, content)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_about_the_module(node: ast.stmt) -> bool:
    """`__all__ = […]` and the like, which some put before the imports."""
    return isinstance(node, ast.Assign) and all(
        isinstance(target, ast.Name) and target.id.startswith("__") and target.id.endswith("__")
        for target in node.targets
    )


def _first_group(case: Case, body: list[ast.stmt]) -> list[ast.Import | ast.ImportFrom]:
    """The first imports, up to a blank line or anything else."""
    group: list[ast.Import | ast.ImportFrom] = []
    for node in body:
        if not isinstance(node, ast.Import | ast.ImportFrom) or not case.alone(node):
            break
        if group and node.lineno != (group[-1].end_lineno or 0) + 1:
            break
        group.append(node)
    return group
