"""Where values come from, told from the syntax: the sources of expressions, annotations, assignments and attributes."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache

from leaklint.ownership.index import Source

MOST_SHARED = 4_000
shared = lru_cache(MOST_SHARED)(Source)
"""A source; most are like one made before, and then they are the same."""


def dotted(node: ast.AST) -> str:
    """The dotted path that a node spells, or ""."""
    path = ""
    while isinstance(node, ast.Attribute):
        path = f".{node.attr}{path}"
        node = node.value
    return f"{node.id}{path}" if isinstance(node, ast.Name) else ""


def call_path(func: ast.AST, most: int = 8) -> str:
    """What is called, with `()` after every inner call: `get_engine().connect`; `?` stands for all else."""
    path = ""
    for _ in range(most):
        if isinstance(func, ast.Attribute):
            path = f".{func.attr}{path}"
            func = func.value
        elif isinstance(func, ast.Call):
            path = f"(){path}"
            func = func.func
        else:
            break
    if isinstance(func, ast.Name):
        return f"{func.id}{path}"
    return f"?.{func.attr}{path}" if isinstance(func, ast.Attribute) else f"?{path}"


def source(node: ast.AST | None) -> list[Source]:
    """Where the value of an expression may come from."""
    match node:
        case ast.Name() | ast.Attribute():
            path = dotted(node)
            return [shared("name", path)] if path else []
        case ast.Constant():
            return []
        case ast.Call(func=func, args=args, keywords=keywords):
            path = call_path(func)
            if "?" in path:
                return []
            given = [dotted(arg) for arg in (*args, *(keyword.value for keyword in keywords))]
            return [shared("call", path, tuple(filter(None, given)))]
        case ast.Await(value=value) | ast.NamedExpr(value=value):
            return source(value)
        case ast.BoolOp(values=values):
            return [found for value in values for found in source(value)]
        case ast.IfExp(body=body, orelse=orelse):
            return [*source(body), *source(orelse)]
        case ast.Lambda(args=ast.arguments(args=parameters), body=ast.Call(func=func)):
            path = dotted(func)
            own = {parameter.arg for parameter in parameters}
            return [shared("name", path)] if path and path.partition(".")[0] not in own else []
        case ast.Subscript(value=value, slice=ast.Constant(value=int(position))):
            return [item(one, position) for one in source(value)]
        case _:
            return []


def item(whole: Source, position: int) -> Source:
    """What stands at that position of a value."""
    return shared("name", f"{whole.path}{'()' * (whole.kind == 'call')}[{position}]")


def unpacked(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, list[Source]]]:
    """The single targets of an assignment, each with where its value comes from."""
    if not isinstance(target, (ast.Tuple, ast.List)):
        yield target, source(value)
    elif any(isinstance(one, ast.Starred) for one in (*target.elts, *getattr(value, "elts", ()))):
        return
    elif isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
        for one, part in zip(target.elts, value.elts, strict=True):
            yield from unpacked(one, part)
    else:
        for position, one in enumerate(target.elts):
            yield one, [item(whole, position) for whole in source(value)]


def through(found: Source, local: dict[str, list[Source]], most: int = 4) -> Iterator[Source]:
    """The same source, with local names spelled as what they were assigned."""
    root, dot, rest = found.path.partition(".")
    name = root.rstrip("()")
    if name not in local or not most:
        yield found
        return
    for origin in local[name]:
        if origin.kind != "annotation":
            path = origin.path + ("()" if origin.kind == "call" else "") + root[len(name) :] + dot + rest
            args = found.args or (origin.args if found.kind == "call" and not dot else ())
            yield from through(shared(found.kind, path, args), local, most - 1)


def annotated(node: ast.AST | None) -> Source | None:
    """The class that an annotation names: through `Optional`, `| None`, `Annotated`, strings."""
    match node:
        case ast.Constant(value=str() as text):
            try:
                return annotated(ast.parse(text, mode="eval").body)
            except (SyntaxError, ValueError):
                return None
        case ast.BinOp(left=left, right=right):
            found = annotated(left)
            return found if found is not None and found.path != "None" else annotated(right)
        case ast.Subscript(value=value, slice=inner):
            name = dotted(value).rpartition(".")[2]
            first = inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner
            wrappers = {"Optional", "Annotated", "Union", "ClassVar", "Final", "Mapped", "ContextVar"}
            return annotated(first) if name in wrappers else annotated(value)
        case ast.Name() | ast.Attribute():
            path = dotted(node)
            anything = path.rpartition(".")[2] in {"Any", "object"}
            return shared("annotation", path) if path and not anything else None
        case _:
            return None


def annotated_items(node: ast.AST | None) -> list[list[Source]]:
    """The classes that the annotation of a tuple names, by position."""
    match node:
        case ast.Subscript(value=value, slice=ast.Tuple(elts=elts)) if dotted(value).endswith(("tuple", "Tuple")):
            return [[note] if note else [] for note in map(annotated, elts)]
        case _:
            return []


def assigned(node: ast.AST) -> Iterator[tuple[str, list[Source]]]:
    """The plain names a statement assigns, with where their values come from."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from ((one.id, found) for one, found in unpacked(target, value) if isinstance(one, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
            found = annotated(annotation)
            yield name, [*([found] if found else []), *source(value)]
        case _:
            return


def attributes(
    function: ast.FunctionDef | ast.AsyncFunctionDef, bindings: Iterable[ast.AST]
) -> Iterator[tuple[str, list[Source]]]:
    """What a method's bindings give to attributes of its first parameter; a parameter's annotation is a source too."""
    if not function.args.args:
        return
    receiver = function.args.args[0].arg
    annotations = {arg.arg: annotated(arg.annotation) for arg in (*function.args.args, *function.args.kwonlyargs)}
    for node in bindings:
        given: list[tuple[ast.expr, list[Source]]] = []
        if isinstance(node, ast.Assign):
            given = [pair for target in node.targets for pair in unpacked(target, node.value)]
        elif isinstance(node, ast.AnnAssign):
            note = annotated(node.annotation)
            given = [(node.target, [*([note] if note else []), *source(node.value)])]
        elif isinstance(node, (ast.AsyncWith, ast.With)):
            entered = [(one.optional_vars, one.context_expr) for one in node.items]
            given = [(target, list(source(value))) for target, value in entered if target is not None]
        for target, found in given:
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == receiver:
                notes = [annotations.get(one.path) for one in found if one.kind == "name"]
                yield target.attr, [*found, *(note for note in notes if note is not None)]
