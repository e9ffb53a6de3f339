"""Text → index: one pass over the syntax tree of a file.

Built from `ast`, which is an order of magnitude faster than libcst.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from sys import intern

from leaklint.ownership.index import Class, Function, Module, Param, Source
from leaklint.ownership.sources import (
    MOST_SHARED,
    annotated,
    annotated_items,
    assigned,
    attributes,
    dotted,
    source,
    through,
)
from leaklint.ownership.survey import Survey

COMPOUND = (ast.If, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.For, ast.While)

shared_param = lru_cache(MOST_SHARED, typed=True)(Param)


class Indexer:
    """Walks a module once."""

    def __init__(self, name: str, package: bool, contracts: dict[int, str]) -> None:
        self.contracts = contracts
        self.name = name
        self.package = package
        self.imports: dict[str, str] = {}
        self.others: dict[str, tuple[str, ...]] = {}
        self.stars: list[str] = []
        self.values: dict[str, list[Source]] = {}
        self.functions: dict[str, Function] = {}
        self.classes: dict[str, Class] = {}
        self.top = Survey()
        self.depth = 0

    def module(self, tree: ast.Module) -> Module:
        self.block(tree.body)
        for node in sorted(self.top.imports, key=outermost_first):
            self.imported(node)
        return Module(
            name=self.name,
            package=self.package,
            imports=self.imports,
            stars=tuple(self.stars),
            values={name: tuple(sources) for name, sources in self.values.items()},
            functions=self.functions,
            classes=self.classes,
            calls=tuple(map(intern, self.top.calls)),
            depends=frozenset(self.top.depends),
            depth=self.depth,
            others=self.others,
        )

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                self.bind(alias.asname or root, alias.name if alias.asname else root)
            return
        base = imported_from(node, self.name, package=self.package)
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(base)
            else:
                self.bind(alias.asname or alias.name, f"{base}.{alias.name}" if base else alias.name)

    def bind(self, name: str, qualified: str) -> None:
        """A name is imported; what it means comes first if it is imported again."""
        known = self.imports.setdefault(name, qualified)
        if qualified != known and qualified not in self.others.get(name, ()):
            self.others[name] = (*self.others.get(name, ()), qualified)

    def block(self, body: Iterable[ast.stmt], level: int = 0) -> None:
        """Module-level statements, also inside `if`, `try` and `with`."""
        plain: list[ast.AST] = []
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found = self.function(node, "", "")
                self.depth = max(self.depth, level + found.depth if level else 0)
            elif isinstance(node, ast.ClassDef):
                self.class_(node, "")
            elif isinstance(node, COMPOUND):
                plain += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
                for part in ("body", "orelse", "finalbody"):
                    inner = getattr(node, part, ())
                    self.block(inner, level if is_ladder(node, inner) else level + 1)
                for handler in getattr(node, "handlers", ()):
                    self.block(handler.body, level + 1)
                plain += [item.context_expr for item in getattr(node, "items", ())]
            else:
                plain.append(node)
                for target, sources in assigned(node):
                    self.values.setdefault(target, []).extend(sources)
        self.depth = max(self.depth, level + self.top.take(plain))

    def class_(self, node: ast.ClassDef, outer: str) -> None:
        qualname = f"{outer}.{node.name}" if outer else node.name
        kept: dict[str, list[Source]] = {}
        methods: dict[str, str] = {}
        writers: dict[str, list[str]] = {}
        plain: list[ast.AST] = []
        for child in node.body:
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                methods.setdefault(child.name, f"{qualname}.{child.name}")
                own = self.function(child, qualname, qualname)
                for target, found in attributes(child, own.bindings):
                    kept.setdefault(target, []).extend(found)
                    writers.setdefault(target, []).append(child.name)
            elif isinstance(child, ast.ClassDef):
                self.class_(child, qualname)
            else:
                plain.append(child)
                for target, found in assigned(child):
                    kept.setdefault(target, []).extend(found)
        self.top.take(plain)
        self.top.part().take([*node.bases, *node.keywords, *node.decorator_list])
        bases = tuple(dotted(base.value if isinstance(base, ast.Subscript) else base) for base in node.bases)
        self.classes[qualname] = Class(
            node.name,
            qualname,
            bases,
            {name: tuple(found) for name, found in kept.items()},
            methods,
            {name: tuple(found) for name, found in writers.items()},
        )

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, outer: str, class_name: str) -> Survey:
        """Index a function; what its body is like is handed back."""
        qualname = f"{outer}.{node.name}" if outer else node.name
        first = min((decorator.lineno for decorator in node.decorator_list), default=node.lineno)
        self.top.part().take([*defaults_and_annotations(node.args), *node.decorator_list])
        body = self.top.part()
        body.take(node.body)
        local: dict[str, list[Source]] = {}
        for child in body.bindings:
            for target, values in assigned(child):
                local.setdefault(target, []).extend(values)
        returned = [found for child in body.returns for found in source(child.value)]
        results = [meant for found in returned for meant in through(found, local)]
        known = self.functions.get(qualname)
        stub = known is not None and any(name.rpartition(".")[2] == "overload" for name in known.decorators)
        place = qualname if known is None or stub else f"{qualname}:{first}"
        self.functions[place] = Function(
            name=node.name,
            qualname=qualname,
            class_name=class_name,
            line=first,
            end_line=node.end_lineno or node.lineno,
            column=node.col_offset,
            params=params(node.args),
            decorators=tuple(dotted(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list),
            asynchronous=isinstance(node, ast.AsyncFunctionDef),
            generator=body.generator,
            calls=tuple(map(intern, body.calls)),
            results=tuple(results),
            items=items(node, body, local),
            annotation=annotated(node.returns),
            ending="" if body.returns else last_call(node.body[-1]),
            depth=body.depth,
            contract=self.contracts.get(node.lineno, ""),
            abstract=bool(class_name) and is_abstract(node.body),
        )
        return body


def items(
    function: ast.FunctionDef | ast.AsyncFunctionDef, body: Survey, local: dict[str, list[Source]]
) -> tuple[tuple[Source, ...], ...]:
    """By position, where the parts of the tuples come from that a function returns; its annotation comes first."""
    plain = (child for child in body.bindings if isinstance(child, ast.Assign))
    named = {target.id: child.value for child in plain for target in child.targets if isinstance(target, ast.Name)}
    rows = [annotated_items(function.returns)]
    for child in body.returns:
        value = named.get(child.value.id) if isinstance(child.value, ast.Name) else child.value
        if isinstance(value, ast.Tuple):
            rows.append([[meant for found in source(part) for meant in through(found, local)] for part in value.elts])
    return tuple(tuple(one for cell in column for one in cell) for column in zip_longest(*rows, fillvalue=()))


def is_abstract(body: Iterable[ast.stmt]) -> bool:
    """Whether a body does nothing, or only says that it is to be written elsewhere."""
    for statement in body:
        match statement:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                continue
            case ast.Raise(exc=ast.Name(id="NotImplementedError") | ast.Call(func=ast.Name(id="NotImplementedError"))):
                continue
            case _:
                return False
    return True


def imported_from(node: ast.ImportFrom, module: str, *, package: bool) -> str:
    """The absolute name of what is imported from, in a module of that name."""
    base = node.module or ""
    if not node.level:
        return base
    parts = module.split(".")
    keep = len(parts) - node.level + (1 if package else 0)
    return ".".join((*parts[: max(keep, 0)], *([base] if base else [])))


def outermost_first(node: ast.stmt) -> tuple[int, int]:
    """What is imported at the top decides what a name means before what some function imports."""
    return node.col_offset, node.lineno


def is_ladder(node: ast.AST, block: Sequence[ast.stmt]) -> bool:
    """Whether the block is the `elif` of an `if`, which is nested no deeper than that."""
    return isinstance(node, ast.If) and block is node.orelse and len(block) == 1 and isinstance(block[0], ast.If)


def last_call(statement: ast.stmt) -> str:
    """What a statement calls that is nothing but a call."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return dotted(statement.value.func)
    return ""


def defaults_and_annotations(args: ast.arguments) -> Iterator[ast.expr]:
    """What is evaluated where a function is defined."""
    yield from args.defaults
    yield from (default for default in args.kw_defaults if default is not None)
    yield from (arg.annotation for arg in every(args) if arg.annotation is not None)


def every(args: ast.arguments) -> list[ast.arg]:
    starred = [arg for arg in (args.vararg, args.kwarg) if arg is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *starred]


def params(args: ast.arguments) -> tuple[Param, ...]:
    positional = [*args.posonlyargs, *args.args]
    plain = len(positional) - len(args.defaults)
    found = [
        param(arg, args.defaults[index - plain] if index >= plain else None) for index, arg in enumerate(positional)
    ]
    if args.vararg:
        found.append(Param(args.vararg.arg, star="*"))
    found += [param(arg, default) for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    if args.kwarg:
        found.append(Param(args.kwarg.arg, star="**"))
    return tuple(found)


def param(arg: ast.arg, default: ast.expr | None) -> Param:
    annotation = annotated(arg.annotation) if arg.annotation is not None else None
    constant = default.value if isinstance(default, ast.Constant) else None
    plain = isinstance(default, ast.Constant) and (constant is None or isinstance(constant, (bool, int, str)))
    scalar = constant if isinstance(constant, (bool, int, str)) else None
    return shared_param(arg.arg, annotation, scalar, plain)


def index(text: bytes, name: str, package: bool) -> Module:
    """The index of a file; raises `SyntaxError`, `ValueError` or `RecursionError` as `ast.parse` does."""
    return Indexer(name, package, contracts(text)).module(parse(text))


def contracts(text: bytes) -> dict[int, str]:
    """What `# leaklint: …` comments say, by line."""
    if b"leaklint:" not in text:
        return {}
    lines = enumerate(text.decode("utf-8", "replace").split("\n"), start=1)
    return {number: line.partition("# leaklint:")[2] for number, line in lines if "# leaklint:" in line}


def parse(text: bytes) -> ast.Module:
    """The syntax tree; of a file in newer Python than this one, the tree of what is old in it."""
    try:
        return ast.parse(text)
    except SyntaxError as error:
        from leaklint.ownership.newer import in_older_syntax  # libcst is imported only where it is needed

        older = in_older_syntax(text)
        if older is None:
            raise error from None
        return ast.parse(older)
