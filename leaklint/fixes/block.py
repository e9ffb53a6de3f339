"""How to write the block that always releases: as a `with` item, or as the lines of a `finally`."""

from __future__ import annotations

import ast
from typing import NamedTuple

from leaklint.fixes.case import Case, Refused, path_of
from leaklint.fixes.edits import Change
from leaklint.fixes.imports import contextlib_name
from leaklint.fixes.releases import Release

CLOSING = "contextlib.closing({acquire})"


class Item(NamedTuple):
    """A `with` item around the text of the acquisition: what stands before and behind it."""

    expression: ast.expr
    before: str
    behind: str
    asynchronous: bool
    imports: tuple[Change, ...]

    @property
    def keyword(self) -> str:
        return "async with" if self.asynchronous else "with"


def item(case: Case, expression: ast.expr) -> Item | None:
    """The `with` item for the acquisition, or None where only `try: … finally:` does the same as the plain release."""
    written = _template(case, expression)
    if written is None or case.facts.maybe:
        return None
    asynchronous = case.resource.template.asynchronous and not written.startswith("contextlib.closing")
    if asynchronous and not case.asynchronous:
        raise Refused("its release has to be awaited, and the function is no coroutine")
    imports: list[Change] = []
    if written.startswith("contextlib.closing"):
        name, imports = contextlib_name(case, "closing")
        written = name + written.removeprefix("contextlib.closing")
    before, _, behind = written.partition("{acquire}")
    inner = expression.value if isinstance(expression, ast.Await) else expression
    return Item(inner, before, behind, asynchronous, tuple(imports))


def _template(case: Case, expression: ast.expr) -> str | None:
    facts, template = case.facts, case.resource.template
    awaited = isinstance(expression, ast.Await)
    if facts.own_object:
        close = "close" in case.resource.releases and "close" not in case.resource.awaited
        if not close:
            return None
        return "contextlib.closing(await {acquire})" if awaited else CLOSING
    if template.commits or not template.item or "{pool}" in template.item:
        return None
    if facts.wrapped and not template.asynchronous and template.release == "{name}.close()":
        return "contextlib.closing(await {acquire})" if awaited else CLOSING
    if not (facts.wrapped and awaited):
        return template.item
    if template.asynchronous:
        return "await {acquire}" if case.resource.entered == "releases" else None
    return template.item.replace("{acquire}", "await {acquire}")


def release_code(case: Case, name: str) -> str:
    """The plain release of the handle as the driver writes it."""
    release = "" if case.facts.own_object else case.resource.template.release
    if case.through_a_registry:
        release = "{name}.close()"
    if case.facts.own_object and case.resource.releases:
        method = "close" if "close" in case.resource.releases else case.resource.releases[0]
        release = f"{'await ' if method in case.resource.awaited else ''}{{name}}.{method}()"
    if not release:
        raise Refused(f"nothing says how a {case.resource.noun} is released")
    if "{pool}" in release:
        release = release.replace("{pool}", _pool(case))
    if "await " in release and not case.asynchronous:
        raise Refused("its release has to be awaited, and the function is no coroutine")
    return release.replace("{name}", name)


def _pool(case: Case) -> str:
    """The text of the pool that the acquisition was called on."""
    func = case.call.func
    pool = path_of(func.value) if isinstance(func, ast.Attribute) else ""
    if case.facts.wrapped or not pool:
        raise Refused("nothing here tells which pool takes it back")
    return pool


def agreed_release(case: Case, name: str, releases: tuple[Release, ...]) -> tuple[list[str], bool]:
    """The lines that release, as the function itself writes them, and whether the driver's block does the same."""
    loud = [one for one in releases if not one.quiet] or list(releases)
    if loud and all(one.quiet for one in loud):
        return _quietly(case, loud), False
    closing = [one for one in loud if one.closes]
    ending = [one for one in loud if not one.closes]
    if closing:
        return _closing_first(case, name, closing, ending), False
    written = {_normal(_awaited(case, one)): one for one in ending}
    if not written:
        return [release_code(case, name)], True
    try:
        usual = _normal(release_code(case, name))
    except Refused:
        usual = ""
    if set(written) == {usual} or (usual in written and case.resource.double_release == "harmless"):
        return [release_code(case, name)], True
    if len(written) > 1:
        raise Refused(f"it is released in different ways: {', '.join(f'`{code}`' for code in sorted(written))}")
    (only,) = written.values()
    if "\n" in only.code:
        raise Refused("its release stretches over several lines")
    return [_awaited(case, only)], False


def if_any(case: Case, name: str, lines: list[str]) -> list[str]:
    """The lines of a release, for a call that may return None."""
    if not case.facts.maybe or lines[0].startswith("if "):
        return lines
    return [f"if {name} is not None:", *(f"{case.unit}{line}" for line in lines)]


def _quietly(case: Case, releases: list[Release]) -> list[str]:
    """The lines of a release that swallows its own errors, guards and all."""
    found: set[tuple[str, ...]] = set()
    for one in releases:
        assert one.whole is not None
        lines = range(one.whole.lineno, (one.whole.end_lineno or 0) + 1)
        indent = case.text.indentation(lines[0])
        text = [case.text.line(line) for line in lines]
        if one.closes or any(line in case.text.fixed or line in case.text.comments for line in lines):
            raise Refused("its release stretches over several lines")
        found.add(tuple(line.removeprefix(indent) for line in text))
    if len(found) > 1:
        raise Refused("it is released in different ways")
    return list(found.pop())


def _awaited(case: Case, release: Release) -> str:
    missing = release.name in case.resource.awaited and not release.code.startswith("await ")
    if missing and not case.asynchronous:
        raise Refused("its release has to be awaited, and the function is no coroutine")
    return f"await {release.code}" if missing else release.code


def _closing_first(case: Case, name: str, closing: list[Release], ending: list[Release]) -> list[str]:
    """A pooled connection that is closed: its slot has to be given back as well."""
    if ending:
        raise Refused("it is closed in one place and given back in another")
    slot = release_code(case, name)
    if case.facts.driver == "psycopg2" and slot.endswith(f".putconn({name})"):
        return [slot[:-1] + ", close=True)"]
    return [_awaited(case, closing[0]), slot]


def _normal(code: str) -> str:
    return ast.unparse(ast.parse(f"async def f():\n {' '.join(code.split())}").body[0].body[0])  # type: ignore[attr-defined]
