"""A rewrite in the making: statements taken away, lines shifted, text put in; in the end a list of changes."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from leaklint.fixes.case import Case, Refused
from leaklint.fixes.edits import Change


class Draft:
    """Changes to the text of one case, gathered before any is made."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.text = case.text
        self.changes: list[Change] = []
        self.base = len(case.text.indentation(case.statement.lineno))
        self._deeper: dict[int, int] = {}
        self._shallower: dict[int, str] = {}
        self._gone: set[int] = set()

    def put(self, offset: int, content: str) -> None:
        self.changes.append(Change(offset, offset, content))

    def put_first(self, offset: int, content: str) -> None:
        """Put something before whatever else goes in there."""
        self.changes.insert(0, Change(offset, offset, content))

    def replace(self, start: int, end: int, content: str) -> None:
        self.changes.append(Change(start, end, content))

    def put_line(self, after: int, content: str) -> None:
        """A line of its own behind a line; the content without its end."""
        at = self.text.after(after)
        last = at == len(self.text.source) and not self.text.source.endswith(("\n", "\r"))
        newline = self.text.newline
        self.put(at, f"{newline}{content}" if last else f"{content}{newline}")

    def open_try(self, behind: int, indent: str) -> None:
        """`try:` behind a line and the blank lines that follow it."""
        while behind < self.text.lines and self.text.is_blank(behind + 1):
            behind += 1
        self.put_line(behind, f"{indent}try:")

    def deepen(self, first: int, last: int) -> None:
        """Indent the lines by one unit more."""
        for line in range(first, last + 1):
            self._deeper[line] = self._deeper.get(line, 0) + 1

    def flatten(self, first: int, last: int, prefix: str) -> None:
        """Take one level of indentation from the lines."""
        for line in range(first, last + 1):
            self._shallower[line] = prefix

    def drop(self, statements: Iterable[ast.stmt]) -> None:
        """Take statements away, and what is left empty by that."""
        gone = list(dict.fromkeys(statements))
        done: set[int] = set()
        idle = [one for one in self._tries(gone) if only_raises(one, gone)]
        for owner in idle:
            self._dissolve(owner)
        rest = [one for one in gone if not any(one in handler.body for owner in idle for handler in owner.handlers)]
        for statement in rest:
            suite = self.case.suite(statement)
            if any(one not in gone for one in suite.statements):
                self._remove(statement)
            elif id(suite.statements) not in done:
                done.add(id(suite.statements))
                self._empty(suite.owner, suite.field, suite.statements)

    def _tries(self, gone: list[ast.stmt]) -> list[ast.Try]:
        """Every `try` that loses something in one of its handlers."""
        owners = [self.case.parents[one] for one in gone]
        found = [self.case.parents[owner] for owner in owners if isinstance(owner, ast.ExceptHandler)]
        return [owner for owner in dict.fromkeys(found) if isinstance(owner, ast.Try)]

    def _dissolve(self, owner: ast.Try) -> None:
        """A `try` whose handlers do nothing any more: its body stands in its place."""
        self._check_unwrap(owner)
        first, last = owner.handlers[0].lineno, owner.handlers[-1].end_lineno or 0
        self.remove_lines(first, last)
        self._unwrap(owner)

    def _empty(self, owner: ast.AST, field: str, statements: list[ast.stmt]) -> None:
        """A suite of which nothing is left."""
        if isinstance(owner, ast.Try | ast.TryStar) and field == "finalbody":
            self._remove_finally(owner)
            return
        if field == "orelse" and not isinstance(owner, ast.If):
            self._remove_keyword(statements, "else")
            return
        if isinstance(owner, ast.If):
            test = self.text.source[self.text.start(owner.test) : self.text.end(owner.test)]
            raise Refused(f"it is released only under the condition `{' '.join(test.split())}`")
        if isinstance(owner, ast.With | ast.AsyncWith) or (
            isinstance(owner, ast.Try | ast.TryStar) and field == "body"
        ):
            raise Refused("its release has a block of its own")
        first, *rest = statements
        self.replace(self.text.start(first), self.text.end(first), "pass")
        for statement in rest:
            self._remove(statement)

    def _remove(self, statement: ast.stmt) -> None:
        """Take away a statement that leaves others in its suite."""
        text = self.text
        if self.case.alone(statement):
            self.remove_lines(statement.lineno, statement.end_lineno or statement.lineno)
            return
        start, end = text.start(statement), text.end(statement)
        line_end = text.end_of(statement.end_lineno or statement.lineno)
        behind = text.source[end:line_end]
        if behind.lstrip().startswith(";"):
            following = behind.lstrip()[1:]
            end = line_end - len(following.lstrip()) if following.strip() else line_end
            self.replace(start, end, "")
            return
        before = text.source[text.starts[statement.lineno - 1] : start]
        if not before.rstrip().endswith(";"):
            raise Refused("the release shares its line with something else")
        self.replace(start - (len(before) - len(before.rstrip()[:-1].rstrip())), end, "")

    def remove_lines(self, first: int, last: int) -> None:
        """Take whole lines away; a comment stays, on a line of its own."""
        text = self.text
        kept = [text.comments[line][1] for line in range(first, last + 1) if line in text.comments]
        indent = text.indentation(first)
        content = "".join(f"{indent}{comment}{text.newline}" for comment in kept)
        start = text.starts[first - 1]
        blank_before = first > 1 and text.is_blank(first - 1) and (first - 1) not in self._gone
        blank_after = last >= text.lines or text.is_blank(last + 1)
        if not kept and blank_before and blank_after:
            start = text.starts[first - 2]
        if kept:
            content = self._shifted(first) + content
        if text.after(last) == text.end_of(last) and first > 1:  # the file ends without a newline, and still does
            start, content = text.end_of(first - 1), text.newline + content.rstrip("\r\n") if kept else ""
        self._gone.update(range(first, last + 1))
        self.replace(start, text.after(last), content)

    def _shifted(self, line: int) -> str:
        return self.case.unit * self._deeper.get(line, 0)

    def _remove_finally(self, owner: ast.Try | ast.TryStar) -> None:
        """`finally` goes; without handlers the `try` goes too, and its body stands where it stood."""
        self._remove_keyword(owner.finalbody, "finally")
        if not owner.handlers:
            self._check_unwrap(owner)
            self._unwrap(owner)

    def _check_unwrap(self, owner: ast.Try | ast.TryStar) -> None:
        if owner.body[0].lineno == owner.lineno or not self.case.alone(owner):
            raise Refused("the `try` and its body share a line")

    def _unwrap(self, owner: ast.Try | ast.TryStar) -> None:
        """The line of the `try` goes, and its body is shifted back."""
        outer = self.text.indentation(owner.lineno)
        inner = self.text.indentation(owner.body[0].lineno)
        if not inner.startswith(outer):
            raise Refused("the indentation mixes tabs and spaces")
        self.remove_lines(owner.lineno, owner.lineno)
        last = owner.body[-1].end_lineno or owner.body[-1].lineno
        self.flatten(owner.lineno + 1, last, inner[len(outer) :])

    def _remove_keyword(self, statements: list[ast.stmt], word: str) -> None:
        """The line that opens a suite, and the suite."""
        text = self.text
        line = statements[0].lineno
        while not text.line(line).lstrip().startswith(word):
            line -= 1
        end = statements[-1].end_lineno or statements[-1].lineno
        behind = text.source[text.end(statements[-1]) : text.end_of(end)].strip()
        if behind and not behind.startswith("#"):
            raise Refused("the release shares its line with something else")
        between = [n for n in range(line + 1, end + 1) if n in text.comments and not text.line(n).split("#")[0].strip()]
        if between:
            raise Refused("there are comments in the suite that would be left empty")
        self.remove_lines(line, end)

    def substitute(self, node: ast.expr, content: str) -> None:
        """Put something on one line in the place of an expression."""
        for line in range(node.lineno + 1, (node.end_lineno or 0) + 1):
            self._gone.add(line)
        start, end = self.text.start(node), self.text.end(node)
        source = self.text.source
        grouped = source[start - 1 : start] == "(" and source[end : end + 1] == ")"
        if grouped and isinstance(node, ast.Await) and not source[start - 2 : start - 1].isidentifier():
            start, end = start - 1, end + 1
        self.replace(start, end, content)

    def finish(self) -> tuple[Change, ...]:
        """All changes, the shifted lines among them."""
        unit = self.case.unit
        text = self.text
        for line in sorted({*self._deeper, *self._shallower}):
            if line in self._gone or line in text.fixed or text.is_blank(line):
                continue
            content = text.line(line)
            if content.lstrip().startswith("#") and len(text.indentation(line)) < self.base:
                continue
            start = text.starts[line - 1]
            take = self._shallower.get(line, "")
            add = unit * self._deeper.get(line, 0)
            if take and not content.startswith(take):
                take = ""
            if add == take:
                continue
            self.changes.append(Change(start, start + len(take), add))
        return tuple(self.changes)


def only_raises(owner: ast.Try, gone: list[ast.stmt]) -> bool:
    """Whether nothing is left in the handlers but a bare `raise` in each."""
    if owner.orelse or owner.finalbody:
        return False
    for handler in owner.handlers:
        left = [one for one in handler.body if one not in gone]
        if len(left) != 1 or not isinstance(left[0], ast.Raise) or left[0].exc is not None:
            return False
    return True
