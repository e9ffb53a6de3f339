"""What a sketch says of a function is what the program says: the same calls, names, sources and functions inside."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import pytest

import leaklint
from leaklint.flow.lower import lower_function
from leaklint.flow.program import (
    Attribute,
    Await,
    BoolOp,
    Call,
    Closure,
    Conditional,
    Const,
    Expr,
    Place,
    Procedure,
    Subscript,
)
from leaklint.flow.sketch import sketch_function
from leaklint.ownership.local import local_sources

ROOTS = (Path(leaklint.__file__).parent, Path(__file__).parent / "fixtures" / "silent")
FILES = sorted(path for root in ROOTS for path in root.rglob("*.py"))

ALIASES = {"self.prop": "self._field"}
ODDITIES = """
async def odd(self, first, *rest: int, key=make(), **more):
    global shared
    shared = first.connect(-1, *rest, key=None, **more)
    with one() as (a, b), two(x := three()):
        self.prop.close()
    async with pool.acquire() as self.conn:
        found = [row async for row in await conn.fetch() if row if ok(row) for part in row]
    later = (each.close() for each in makers())
    def inner(given: Session = default()) -> None:
        nonlocal found
        return lambda name, *names: name(names) or given.begin()
    @decorated(found)
    @plain
    class Local(Base, metaclass=Meta()):
        field = inner()
        other: int = field
        def method(self):
            return field
    match subject():
        case {"a": first, **others} if guard(): pass
        case [Point(x=0) as point, *_] | (VALUE.x as point): use(point)
    try:
        import a.b as c, d.e
    except* (Wrong, make_type()) as error:
        del found, (first)
    for (index, self.at[index]), *tail in rows: yield index
    total += f"{left()!r:>{width()}}" "and" f"{right()}"
    return (yield a if b else c) or not -1 and {**d, "k": [1, *e, {f}], **{g: h}}[1:2, ...] < 3 < 4j
"""


def spelled(value: Expr | None) -> str:
    """An expression as it matters to what it means."""
    match value:
        case Place(path=path):
            return path if "<" not in path else "<fresh>"
        case Call(func=func, args=args):
            return f"{spelled(func)}({', '.join(f'{a.star}{a.keyword}={spelled(a.value)}' for a in args)})"
        case Attribute(base=base, name=name):
            return f"({spelled(base)}).{name}"
        case Subscript(base=base, index=index):
            return f"{spelled(base)}[{spelled(index)}]"
        case Await(value=value):
            return f"await {spelled(value)}"
        case BoolOp(op=op, left=left, right=right):
            return f"({spelled(left)} {op} {spelled(right)})"
        case Conditional(test=test, body=body, orelse=orelse):
            return f"{spelled(body)} if {spelled(test)} else {spelled(orelse)}"
        case Const(value=value):
            return repr(value)
        case Closure(procedure=procedure):
            return f"<{procedure.name}>"
        case _:
            return "?"


def told(procedure: Procedure) -> Iterator[object]:
    yield procedure.qualname, procedure.class_name, procedure.names, procedure.asynchronous, procedure.generator
    yield {name for name in procedure.locals if "<" not in name}, procedure.outer
    yield Counter(spelled(call) for call in procedure.calls)
    yield {path: [spelled(value) for value in values] for path, values in local_sources(procedure).items()}
    yield [spelled(decorator) for decorator in procedure.decorators]
    for inner in sorted(procedure.nested, key=lambda one: (one.name, [*map(spelled, one.calls)])):
        yield from told(inner)


def pairs(text: str) -> Iterator[tuple[Procedure, Procedure]]:
    """Of each function at the top of a file, what is made of it either way."""
    functions = [one for one in ast.parse(text).body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]
    whole = [one for one in cst.parse_module(text).body if isinstance(one, cst.FunctionDef)]
    for node, other in zip(functions, whole, strict=True):
        yield sketch_function(node, node.name, "Own", ALIASES), lower_function(other, node.name, "Own", None, ALIASES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-3:]))
def test_a_sketch_agrees_with_the_program(path):
    for sketch, program in pairs(path.read_text()):
        assert list(told(sketch)) == list(told(program))


def test_a_sketch_of_everything_there_is():
    ((sketch, program),) = pairs(ODDITIES)
    assert list(told(sketch)) == list(told(program))
