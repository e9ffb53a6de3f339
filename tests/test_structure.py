"""The shape of the code: who may import whom, how long its parts may be, that each says what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "leaklint"
MODULES = sorted(path.relative_to(ROOT) for path in PACKAGE.rglob("*.py"))
LONGEST_MODULE = 300
LONGEST_FUNCTION = 60

# From values to edges. A module imports only from the rows above its own, and from its own row.
ROWS = (
    ("__init__", "finding", "garbage", "parallel", "patterns", "shelf", "undriven", "words"),
    ("counted", "drivers", "fingerprint", "gitignore", "reading"),
    ("config",),
    ("flow",),
    ("ownership", "search", "source"),
    ("rules",),
    ("selection",),
    ("reports",),
    ("config_check",),
    ("config_load",),
    ("discover",),
    ("fixes", "intake", "suppression"),
    ("baseline", "cache", "changes", "explain", "glance"),
    ("fixing", "growth", "parts", "review", "settle"),
    ("inspection",),
    ("analysis", "check"),
    ("recall",),
    ("cli", "commands", "flake8_plugin"),
    ("__main__",),
)
ROW = {name: number for number, row in enumerate(ROWS) for name in row}


def part_of(module: str) -> str:
    """The file or folder directly below `leaklint/` that holds a module."""
    return module.split(".")[1] if "." in module else "__init__"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_bytes())


def imports(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The modules of ours that are imported here, also inside functions, but for what only the type checker sees."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.ImportFrom) and (child.module or "").split(".")[0] == "leaklint":
            for alias in child.names:
                inside = child.module == "leaklint" and alias.name in ROW
                yield child.lineno, f"leaklint.{alias.name}" if inside else str(child.module)
        elif isinstance(child, ast.Import):
            yield from ((child.lineno, alias.name) for alias in child.names if alias.name.split(".")[0] == "leaklint")
        yield from imports(child)


def test_every_part_of_the_package_has_a_row():
    parts = {path.parts[1].removesuffix(".py") for path in MODULES}
    assert parts <= set(ROW)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_go_upwards_only(path: Path):
    own = path.parts[1].removesuffix(".py")
    below = [f"{path}:{line} imports {name}" for line, name in imports(tree(path)) if ROW[part_of(name)] > ROW[own]]
    assert not below, "\n".join(below)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_says_what_it_is_and_stays_short(path: Path):
    said = (ast.get_docstring(tree(path)) or "").split("\n\n")[0]
    assert said.endswith((".", ":")), "no docstring that begins with a sentence"
    length = (ROOT / path).read_bytes().count(b"\n")
    assert length <= LONGEST_MODULE, f"{length} lines"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_functions_stay_short(path: Path):
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    long = [
        f"{path}:{node.lineno} {node.name} has {length} lines"
        for node in functions
        if (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)
