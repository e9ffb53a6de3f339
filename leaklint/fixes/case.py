"""What a rewrite is given: the file's text and tree, the acquisition, and what the analysis knows of its handle."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from leaklint.drivers.spec import Acquisition
from leaklint.finding import Applicability
from leaklint.fixes.edits import Change
from leaklint.fixes.text import Text

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Owner: TypeAlias = FunctionNode | ast.Module
NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
SUITES = ("body", "orelse", "finalbody")


class Refused(Exception):
    """Why a rewrite would be wrong here, in words for the user."""


class Elsewhere(Refused):
    """The handle is used where this rewrite cannot reach; another one may, or knows better why not."""


class Unfit(Refused):
    """This rewrite is for other shapes; that says nothing of the others."""


class Proposal(NamedTuple):
    """A rewrite that has still to be proven.

    `dropped` are the names of the calls it takes away; `mends` is the number of findings that must be gone by it.
    """

    changes: tuple[Change, ...]
    applicability: Applicability
    message: str
    dropped: frozenset[str] = frozenset()
    mends: int = 1


class Passing(NamedTuple):
    """A call, and the argument of it in which the handle may be passed: a position or a keyword."""

    line: int
    column: int
    argument: int | str


class Facts(NamedTuple):
    """What the analysis says of one leak.

    `wrapped`: a function of the project stands between the code and the driver. `awaited`: that function is a
    coroutine. `maybe`: the call may return None. `position`: the place of the handle in a tuple.
    `new`: some way out without an exception owes it still; `handed`: on some such way somebody else has it.
    `last_exit`: the last line on which it leaks.
    `siblings`: where other acquisitions stand in the function that leak and are released alike.
    `releasing` and `borrowing`: the calls of functions whose bodies were seen to release, or only to use, what is
    passed so. `wavering`: those that release it on some ways only.
    """

    code: str
    driver: str
    resource: Acquisition
    wrapped: bool = False
    awaited: bool = False
    maybe: bool = False
    position: int | None = None
    new: bool = False
    own_object: bool = False
    handed: bool = False
    last_exit: int = sys.maxsize
    siblings: frozenset[tuple[int, int]] = frozenset()
    releasing: frozenset[Passing] = frozenset()
    borrowing: frozenset[Passing] = frozenset()
    wavering: frozenset[Passing] = frozenset()


@dataclass(frozen=True)
class Suite:
    """A list of statements, and the place of one of them in it."""

    owner: ast.AST
    field: str
    statements: list[ast.stmt]
    index: int


@dataclass(frozen=True)
class Case:
    """One leak in one file."""

    text: Text
    tree: ast.Module
    call: ast.Call
    facts: Facts

    @property
    def resource(self) -> Acquisition:
        return self.facts.resource

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def function(self) -> Owner:
        for node in self.above(self.call):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
                return node
            if isinstance(node, ast.Lambda | ast.ClassDef):
                raise Refused("it is acquired in a lambda or a class body")
        raise AssertionError("a tree ends in a module")

    @cached_property
    def statement(self) -> ast.stmt:
        """The innermost statement around the acquisition."""
        return next(node for node in self.above(self.call) if isinstance(node, ast.stmt))

    @cached_property
    def value(self) -> ast.expr:
        """The acquisition with its `await` and with methods that return the same resource."""
        node: ast.expr = self.call
        while True:
            above, after = self.parents[node], self.parents.get(self.parents[node])
            same = isinstance(above, ast.Attribute) and above.attr in self.resource.same
            if same and isinstance(after, ast.Call) and after.func is above:
                node = after
            elif isinstance(above, ast.Await) or (isinstance(above, ast.Call) and self._calls_registry(above, node)):
                node = above
            else:
                return node

    def _calls_registry(self, call: ast.Call, node: ast.expr) -> bool:
        return call.func is node and "()" in self.resource.same

    @property
    def through_a_registry(self) -> bool:
        """Whether what is bound came out of a registry by calling it."""
        return isinstance(self.value, ast.Call) and isinstance(self.value.func, ast.Call)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """What contains a node, from the inside out."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def suite(self, statement: ast.AST) -> Suite:
        """The list of statements in which a statement stands."""
        owner = self.parents[statement]
        for field in (*SUITES, "handlers", "cases"):
            statements = getattr(owner, field, None)
            if isinstance(statements, list) and statement in statements:
                return Suite(owner, field, statements, statements.index(statement))
        raise AssertionError("a statement stands in a suite")

    def passings(self, call: ast.Call, path: str) -> list[Passing]:
        """The arguments of a call in which the path stands."""
        place = self.text.place(self.text.start(call))
        given: list[tuple[int | str, ast.expr]] = [*enumerate(call.args)]
        given += [(keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg]
        return [Passing(*place, argument) for argument, value in given if path_of(value) == path]

    def alone(self, statement: ast.stmt) -> bool:
        """Whether no other statement shares the lines of this one."""
        before = self.text.source[self.text.starts[statement.lineno - 1] : self.text.start(statement)]
        line = statement.end_lineno or statement.lineno
        after = self.text.source[self.text.end(statement) : self.text.end_of(line)].strip()
        return not before.strip() and (not after or after.startswith("#"))

    def ends_its_line(self, statement: ast.stmt) -> bool:
        """Whether no other statement follows on the last line of this one."""
        line = statement.end_lineno or statement.lineno
        after = self.text.source[self.text.end(statement) : self.text.end_of(line)].strip(" \t\f;")
        return not after or after.startswith("#")

    @property
    def asynchronous(self) -> bool:
        return isinstance(self.function, ast.AsyncFunctionDef)

    @cached_property
    def unit(self) -> str:
        """One level of indentation, as the statements around have it."""
        for owner in (*self.above(self.statement), *self.tree.body):
            body = getattr(owner, "body", None)
            if not isinstance(owner, ast.stmt) or not isinstance(body, list) or body[0].lineno == owner.lineno:
                continue
            outer, inner = self.text.indentation(owner.lineno), self.text.indentation(body[0].lineno)
            if inner.startswith(outer) and inner != outer:
                return inner[len(outer) :]
        return "    "


def path_of(node: ast.AST | None) -> str:
    """`conn`, `self.pool.conn`; "" for what is no name with attributes."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def own_nodes(owner: ast.AST) -> Iterator[ast.AST]:
    """Every node of a function in the order of the text, without those of functions and classes in it."""
    for child in ast.iter_child_nodes(owner):
        yield child
        if not isinstance(child, NESTED):
            yield from own_nodes(child)


def bound_by(node: ast.AST) -> tuple[str, ...]:
    """The names that a node itself binds or deletes."""
    match node:
        case ast.Name(name, ast.Store() | ast.Del()) | ast.MatchStar(str() as name) | ast.MatchAs(_, str() as name):
            return (name,)
        case ast.ExceptHandler(_, str() as name) | ast.MatchMapping(_, _, str() as name):
            return (name,)
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            return (name,)
        case ast.Import(names) | ast.ImportFrom(_, names):
            return tuple(alias.asname or alias.name.partition(".")[0] for alias in names)
        case _:
            return ()


def mentions(node: ast.AST, path: str) -> list[ast.AST]:
    """The places below a node where the path stands, in nested functions too."""
    root = path.partition(".")[0]
    found: list[ast.AST] = []
    for inner in ast.walk(node):
        if "." not in path:
            if isinstance(inner, ast.Name) and inner.id == root:
                found.append(inner)
        elif isinstance(inner, ast.Attribute) and path_of(inner) == path:
            found.append(inner)
    return found
