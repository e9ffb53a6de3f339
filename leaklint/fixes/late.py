"""What a text does with a handle once it is released: a rewrite must not add to that."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from leaklint.fixes.case import Case, Passing, Refused, mentions, path_of
from leaklint.fixes.lifetime import Kind, Lifetime
from leaklint.fixes.order import LEAVING, behind
from leaklint.fixes.releases import is_release, releases
from leaklint.fixes.text import Text


class Ending(NamedTuple):
    """A statement that releases, and the statements that are left through it.

    `last`: the last line that runs behind it. `tried`: the statements that are left through it if they raise.
    `closes`: the slot of the pool has still to be given back.
    """

    statement: ast.stmt
    last: int
    inside: tuple[ast.stmt, ...] = ()
    tried: tuple[ast.stmt, ...] = ()
    closes: bool = False


class Late(NamedTuple):
    """What comes behind a release: the reads of the handle and of what hangs on it, and further releases."""

    reads: Counter[str]
    releases: int


def check_late(case: Case, source: str, tree: ast.Module) -> None:
    """Nothing may be read or, where the driver raises, be released after a release, but what was so before."""
    new = rewritten(case, source, tree)
    before, after = late(case), late(new)
    read = after.reads - before.reads
    if read:
        raise Refused(f"`{next(iter(read))}` would be read after the release")
    if case.resource.double_release == "raises" and after.releases > before.releases:
        raise Refused(f"`{bound(new)}` would be released a second time")


def rewritten(case: Case, source: str, tree: ast.Module) -> Case:
    """The same leak in the new text, in which calls keep their words and their order, but not their lines."""
    alike = [same_calls(tree, case.call), same_calls(case.tree, case.call)]
    if len(alike[0]) != len(alike[1]):
        raise Refused("it would not be acquired as often as it was")
    text, call = Text(source), alike[0][alike[1].index(case.call)]
    facts = case.facts._replace(
        releasing=moved(case, text, tree, case.facts.releasing),
        borrowing=moved(case, text, tree, case.facts.borrowing),
        wavering=moved(case, text, tree, case.facts.wavering),
    )
    return Case(text, tree, call, facts)


def same_calls(tree: ast.Module, call: ast.Call) -> list[ast.Call]:
    """The calls in the same words, in the order of the text."""
    words = ast.dump(call)
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.dump(node) == words]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def moved(case: Case, text: Text, tree: ast.Module, passings: frozenset[Passing]) -> frozenset[Passing]:
    """What a call passes is passed by every call in the same words."""
    places = {(one.line, one.column) for one in passings}
    calls = [node for node in ast.walk(case.tree) if isinstance(node, ast.Call)]
    known = {ast.dump(call): place for call in calls if (place := case.text.place(case.text.start(call))) in places}
    return frozenset(
        Passing(*text.place(text.start(node)), one.argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.dump(node) in known
        for one in passings
        if (one.line, one.column) == known[ast.dump(node)]
    )


def late(case: Case) -> Late:
    name = bound(case)
    if not name:
        return Late(Counter(), 0)
    lifetime = Lifetime(case, name)
    hanging = [one for one, kind in lifetime.names.items() if kind >= Kind.HOLDS]
    going = {id(node) for one in releases(case, name) for node in ast.walk(one.whole or one.call)}
    reads: dict[ast.AST, str] = {}
    again: set[ast.AST] = set()
    for ending in endings(case, name):
        followed = list(behind(case, ending.statement, 1, ending.last))
        for path in hanging:
            found = [*read_in(followed, path), *taken_out(lifetime, ending.inside, path)]
            reads |= {node: path for node in found if id(node) not in going}
        if not ending.closes:
            again |= {call for part in until(followed, name) for call in released_in(case, part, name)}
            again |= {call for part in ending.inside for call in released_in(case, part, name)}
            again |= {call for part in ending.tried for call in wavering_in(case, part, name)}
    return Late(Counter(reads.values()), len(again))


def bound(case: Case) -> str:
    """The name of the handle, by an assignment or a `with`."""
    statement = case.statement
    if isinstance(statement, ast.With | ast.AsyncWith):
        items = [item for item in statement.items if case.call in ast.walk(item.context_expr)]
        return path_of(items[0].optional_vars) if items else ""
    if isinstance(statement, ast.AnnAssign):
        return path_of(statement.target)
    if not isinstance(statement, ast.Assign):
        return ""
    target, position = statement.targets[0], case.facts.position
    if isinstance(target, ast.Tuple) and position is not None and position < len(target.elts):
        target = target.elts[position]
    return path_of(target)


def endings(case: Case, name: str) -> Iterator[Ending]:
    statement = case.statement
    if isinstance(statement, ast.With | ast.AsyncWith) and closes(case, statement):
        yield Ending(statement, last_behind(case, statement), tuple(statement.body), tuple(statement.body))
    for one in releases(case, name):
        whole = one.whole or next(node for node in case.above(one.call) if isinstance(node, ast.stmt))
        owner, field = case.suite(whole).owner, case.suite(whole).field
        above = case.parents.get(owner)
        if isinstance(owner, ast.Try | ast.TryStar) and field == "finalbody":
            handled = (part for handler in owner.handlers for part in handler.body)
            inside = (*owner.body, *handled, *owner.orelse)
            yield Ending(whole, last_behind(case, owner), inside, inside, one.closes)
        elif isinstance(owner, ast.ExceptHandler) and isinstance(above, ast.Try | ast.TryStar):
            yield Ending(whole, case.text.lines, tried=tuple(above.body), closes=one.closes)
        else:
            yield Ending(whole, case.text.lines, closes=one.closes)


def last_behind(case: Case, block: ast.With | ast.AsyncWith | ast.Try | ast.TryStar) -> int:
    """Nothing runs behind a block that ends by leaving."""
    leaves = isinstance(block.body[-1], LEAVING) and not getattr(block, "handlers", ())
    return block.end_lineno or 0 if leaves else case.text.lines


def closes(case: Case, statement: ast.With | ast.AsyncWith) -> bool:
    """Whether the block releases: its item is the acquisition and does, or wraps it in what does."""
    entered = {item.context_expr for item in statement.items}
    how = case.resource.entered_awaited if isinstance(case.value, ast.Await) else case.resource.entered
    return case.value not in entered or how == "releases"


def until(statements: list[ast.stmt], name: str) -> Iterator[ast.AST]:
    """The statements up to the one that binds the name anew."""
    for statement in statements:
        if any(path_of(target) == name for target in getattr(statement, "targets", ())):
            yield getattr(statement, "value", statement)
            return
        yield statement


def read_in(statements: list[ast.stmt], path: str) -> Iterator[ast.AST]:
    """Where the path is read before something in the same statement binds it anew."""
    for part in until(statements, path):
        found = sorted(mentions(part, path), key=lambda node: (node.lineno, node.col_offset))  # type: ignore[attr-defined]
        for node in found:
            if not isinstance(getattr(node, "ctx", None), ast.Load):
                break
            yield node


def taken_out(lifetime: Lifetime, inside: tuple[ast.stmt, ...], path: str) -> Iterator[ast.AST]:
    """Where what needs the connection is returned from within the block that ends it."""
    for kind, value, how in lifetime.escapes(list(inside)):
        if how == "returned" and kind >= Kind.HOLDS:
            yield from mentions(value, path)


def released_in(case: Case, part: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(part):
        if isinstance(node, ast.Call) and is_release(case, name, node):
            yield node


def wavering_in(case: Case, part: ast.AST, name: str) -> Iterator[ast.Call]:
    """Calls that release on some ways."""
    for node in ast.walk(part):
        if isinstance(node, ast.Call) and not case.facts.wavering.isdisjoint(case.passings(node, name)):
            yield node
