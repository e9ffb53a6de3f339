"""Findings with their fixes: each proposal is proven by analysing its file again, with the project around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from leaklint.explain import explain
from leaklint.finding import Finding, Fix
from leaklint.fixes.case import Refused
from leaklint.fixes.propose import Fates, facts_of, propose
from leaklint.fixes.verify import Recheck
from leaklint.flow.leaks import Leak, interpret
from leaklint.flow.program import Call, Place, Procedure
from leaklint.flow.resolver import Given, Resolver
from leaklint.flow.state import State
from leaklint.ownership.index import Function, Module
from leaklint.ownership.indexer import index
from leaklint.ownership.modules import Modules
from leaklint.ownership.project import Project
from leaklint.ownership.resolve import Names
from leaklint.reading import decode, encoding_of
from leaklint.source import Unit

Check = Callable[[Project, Module], Sequence[Finding]]


class Fixing:
    """Proposes fixes for the findings of one project; `check` gives the findings of one module."""

    def __init__(self, project: Project, check: Check) -> None:
        self._project = project
        self._check = check

    def fixed(self, module: Module, findings: Sequence[Finding]) -> list[Finding]:
        """The findings of one module, each with its fix or with the reason why there is none."""
        leaks = {place_of(told): (leak, unit) for leak, unit, told in self._leaks(module, findings)}
        text, recheck = self._rechecking(module, findings)

        def proposed(finding: Finding, leak: Leak, unit: Unit) -> Fix | str:
            resolver = self._project.resolver(module, leak.procedure, function_of(module, leak.procedure))
            handed = is_handed(leak, resolver, raises_all=self._project.raises_all)
            others = [place for place, (other, _) in leaks.items() if other is not leak and are_alike(leak, other)]
            facts = facts_of(leak, unit, finding, self._fates(leak, resolver))
            siblings = frozenset((line, column) for line, column, _ in others)
            return propose(text, finding, facts._replace(handed=handed, siblings=siblings), recheck)

        found: list[Finding] = []
        for finding in findings:
            if place_of(finding) in leaks:
                fix = proposed(finding, *leaks[place_of(finding)])
                changes = {"fix_refused": fix} if isinstance(fix, str) else {"fix": fix}
                found.append(msgspec.structs.replace(finding, **changes))
            elif finding.fix_refused is not None or finding.code.startswith("LKN9"):
                found.append(finding)
            else:
                refused = "what is owed was not acquired here, or outlives the function"
                found.append(msgspec.structs.replace(finding, fix_refused=refused))
        return found

    def _leaks(self, module: Module, findings: Sequence[Finding]) -> Iterator[tuple[Leak, Unit, Finding]]:
        """The leaks behind the findings: their functions are interpreted once more."""
        lines = self._project.lines(module)
        guilty = {finding.line for finding in findings}
        for function in module.functions.values():
            if not any(function.line <= line <= function.end_line for line in guilty):
                continue
            unit = self._project.unit(module, function)
            if unit is None:
                continue
            for leak in self._project.leaks(module, function):
                told = explain(leak, unit, lines, "")
                if told is not None:
                    yield leak, unit, told
        unit = self._project.module_unit(module) if any(one.function == "<module>" for one in findings) else None
        for leak in self._project.module_leaks(module) if unit is not None else ():
            assert unit is not None
            told = explain(leak, unit, lines, "")
            if told is not None:
                yield leak, unit, told

    def _fates(self, leak: Leak, resolver: Resolver) -> Fates:
        """What bodies of the project do with the handle where a call of the leaking function passes it to them."""

        def fates(call: Call) -> Iterator[tuple[int | str, Given]]:
            if call is leak.site or resolver.callee(call).is_class:
                return
            for position, argument in enumerate(call.args):
                if isinstance(argument.value, Place) and not argument.star:
                    place = argument.keyword or position
                    given = resolver.given(call, place, leak.acquired, {})
                    if given is not None:
                        yield place, given

        return fates

    def _rechecking(self, module: Module, findings: Sequence[Finding]) -> tuple[str, Recheck]:
        """A module's text, and what would be found if another stood in its place."""
        path = self._project.modules.path_of(module)
        data = self._project.modules.texts.get(path)
        data = data if data is not None else path.read_bytes()
        encoding, known = encoding_of(data), {decode(data): findings}

        def recheck(text: str) -> Sequence[Finding]:
            if text not in known:
                twin = with_text(self._project, module, text.encode(encoding))
                if twin is None:
                    raise Refused("the rewritten file could not be read")
                known[text] = self._check(*twin)
            return known[text]

        return decode(data), recheck


def is_handed(leak: Leak, resolver: Resolver, *, raises_all: bool) -> bool:
    """Whether the function can be left without an exception while somebody else has the handle."""
    forgotten = any(one.kind != "raise" for one in leak.exits)
    if leak.gives is not None or leak.keeps:
        return True
    ended = interpret(leak.procedure, leak.site, leak.acquired, resolver, State(), raises_all=raises_all)
    left = [state for exit_, states in ended.outcome.items() if exit_.kind != "raise" for state in states]
    phases = {status.phase for state in left for status in (state.new, state.old)}
    return "gone" in phases or ("owed" in phases and not forgotten)


def are_alike(one: Leak, other: Leak) -> bool:
    """Whether two acquisitions of one function are released alike."""
    return one.procedure is other.procedure and one.acquired.resource == other.acquired.resource


def place_of(finding: Finding) -> tuple[int, int, str]:
    return finding.line, finding.column, finding.code


def function_of(module: Module, procedure: Procedure) -> Function | None:
    return module.functions.get(procedure.qualname)


def with_text(project: Project, module: Module, data: bytes) -> tuple[Project, Module] | None:
    """The project with another text in the place of one module; what summaries say is asked for anew."""
    path = project.modules.path_of(module)
    try:
        new = index(data, project.modules.names.get(path, ""), path.stem == "__init__")
    except (SyntaxError, ValueError, RecursionError):
        return None
    twin = Project(project.catalog, raises_all=project.raises_all, functions=project.functions, grounds=project.grounds)
    twin.units.parsed = project.units.parsed
    modules = Modules(project.catalog.libraries, project.grounds)
    old = project.modules
    modules.by_path = {**old.by_path, path: new}
    modules.by_name, modules.names, modules.roots = old.by_name, old.names, old.roots
    modules.indexed, modules.given = old.indexed, old.given
    modules.paths = {**old.paths, id(new): path}
    modules.texts = old.texts.with_text(path, data)
    twin.modules, twin.names = modules, Names(modules, project.catalog)
    twin.acquiring, twin.depends, twin.opening = set(project.acquiring), project.depends, project.opening
    twin.methods = {name: paths - {path} for name, paths in project.methods.items() if paths - {path}}
    for function in new.functions.values():
        if function.class_name:
            twin.methods.setdefault(function.name, set()).add(path)
    twin.idle = project.idle
    twin.candidates.remember(project.candidates, {id(module): id(new)})
    return twin, new
