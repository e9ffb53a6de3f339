"""Files → findings: scan the bytes, index what may matter, let summaries grow, interpret, explain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from leaklint.check import Outcome, Progress
from leaklint.discover import File
from leaklint.explain import explain, explain_field
from leaklint.finding import Finding
from leaklint.fixing import Fixing
from leaklint.flow.leaks import Leak
from leaklint.glance import CONTRACT, FEW, catalog_of, scan
from leaklint.intake import Texts, problem, read, unreadable
from leaklint.ownership.classes import field_leaks
from leaklint.ownership.index import Function, Module
from leaklint.ownership.plausible import plausible
from leaklint.ownership.project import Project
from leaklint.parallel import shared_out
from leaklint.rules import RULES
from leaklint.source import Unit

MOST_UNASKED = 20_000_000
"""Bytes of files without any name of interest that are parsed all the same, to tell of syntax errors in them."""


class Counted(msgspec.Struct):
    """What was found, and what was looked at to find it."""

    findings: list[Finding] = []
    acquisitions: int = 0
    paths: int = 0
    notes: list[str] = []

    def add(self, leak: Leak, finding: Finding | None, where: str) -> None:
        self.acquisitions += 1
        self.paths += leak.paths
        if leak.capped:
            what = "some correlations were" if leak.paths else "the function was"
            self.notes.append(f"{where}: too many states; {what} not followed")
        if finding is not None:
            self.findings.append(finding)

    def add_field(self, finding: Finding) -> None:
        """One finding per acquisition: the one whose rule comes first."""
        for index, known in enumerate(self.findings):
            if (known.filename, known.line, known.column) == (finding.filename, finding.line, finding.column):
                if rank(finding) < rank(known):
                    self.findings[index] = finding
                return
        self.findings.append(finding)

    def take(self, other: Counted) -> None:
        self.findings += other.findings
        self.acquisitions += other.acquisitions
        self.paths += other.paths
        self.notes += other.notes


def rank(finding: Finding) -> int:
    """Where the finding's rule stands among the rules."""
    return [rule.code for rule in RULES].index(finding.code)


def analyse(files: Sequence[File], progress: Progress | None = None, *, jobs: int = 1, fixes: bool = False) -> Outcome:
    """Check the files; those with the same settings for the engine are one project.

    `fixes`: propose a fix for each finding, or say why there is none.
    """
    counted = Counted()
    groups: dict[bytes, list[File]] = {}
    for file in files:
        groups.setdefault(engine_settings(file), []).append(file)
    for group in groups.values():
        counted.take(analyse_project(group, progress, jobs=jobs, fixes=fixes))
    findings = tuple(sorted(counted.findings, key=lambda finding: finding.place))
    notes = tuple(dict.fromkeys(counted.notes))
    return Outcome(findings, len(files), counted.acquisitions, counted.paths, notes)


def engine_settings(file: File) -> bytes:
    """What of a file's settings changes the analysis, comparable."""
    settings: Any = file.settings
    return msgspec.json.encode((settings.raises, settings.drivers, sorted(settings.functions.items())))


def analyse_project(files: Sequence[File], progress: Progress | None, *, jobs: int, fixes: bool) -> Counted:
    settings = files[0].settings
    catalog = catalog_of(settings)
    project = Project(catalog, raises_all=settings.raises == "all", functions=dict(settings.functions))
    texts = read(files)
    counted = Counted(findings=texts.findings)
    project.modules.give(texts.sources)
    project.modules.texts.update(texts.sources)
    by_path = {file.path: file for file in files}
    modules = list(grow(project, texts.sources, by_path, counted).items())

    def work(number: int) -> Counted:
        path, module = modules[number]
        return check_file(project, module, by_path[path], texts, fixes=fixes)

    for done, one in enumerate(shared_out(work, len(modules), jobs, Counted)):
        counted.take(one)
        if progress is not None:
            progress(done + 1, len(modules))
    counted.notes += project.notes
    return counted


def check_file(project: Project, module: Module, file: File, texts: Texts, *, fixes: bool) -> Counted:
    """What is found in one file of the project."""
    counted = Counted()
    before = len(project.notes)
    check_module(project, module, file.display, counted)
    if fixes:
        counted.findings = Fixing(project, findings_of).fixed(module, counted.findings)
    notebook = texts.notebooks.get(file.path)
    if notebook is not None:
        counted.findings = [notebook.restored(finding) for finding in counted.findings]
    counted.notes += project.notes[before:]
    return counted


def grow(project: Project, texts: dict[Path, bytes], files: dict[Path, File], counted: Counted) -> dict[Path, Module]:
    """Index the files that may matter; every name found to acquire is looked for in the files left out."""
    modules: dict[Path, Module] = {}
    left = dict(texts)
    searched: set[str] = set()
    while True:
        names = (project.acquiring | project.catalog.generic_libraries() | {CONTRACT}) - searched
        if not names:
            break
        searched |= names
        pattern = scan(names)
        for path in [path for path, text in left.items() if pattern.search(text)]:
            module = project.add(path, left.pop(path))
            if module is not None:
                modules[path] = module
            else:
                too_new = unreadable(files[path].display, 1, 1, "was not checked: this Python cannot parse it")
                counted.findings += problem(files[path], texts[path]) or [too_new]
        project.acquiring |= wrappers(project, modules.values())
    if sum(map(len, left.values())) <= FEW:
        modules.update(reached(project, left))
    if sum(map(len, left.values())) <= MOST_UNASKED:
        for path, text in left.items():
            counted.findings += problem(files[path], text)
    elif left:
        counted.notes.append(f"{len(left)} files without any name that acquires were not parsed")
    return modules


def reached(project: Project, left: dict[Path, bytes]) -> dict[Path, Module]:
    """Of a few files: those that acquire through functions of files around them, whatever these are called."""
    found: dict[Path, Module] = {}
    for path in list(left):
        module = project.add(path, left[path])
        if module is None:
            continue
        names = project.candidates.borrowed_names(module)
        if names:
            project.acquiring |= names
            found[path] = module
            del left[path]
    return found


def wrappers(project: Project, modules: Iterable[Module]) -> set[str]:
    """The names of functions and classes of these modules that give or owe something."""
    found: set[str] = set()
    for module in modules:
        for function in module.functions.values():
            if function.name in project.acquiring:
                continue
            if not project.may_acquire(module, function) and project.contract(module, function) is None:
                continue
            if gives_anything(project, module, function):
                found.add(function.name)
        found |= project.candidates.owning_names(module)
        found |= set(project.candidates.factory_names(module))
    return found


def gives_anything(project: Project, module: Module, function: Function) -> bool:
    try:
        return project.calls.ever(module, function)
    except Exception as error:  # told where the function is checked; here it only gives nothing
        project.notes.append(f"{module.name}.{function.qualname}: internal error, {type(error).__name__}: {error}")
        return False


def check_module(project: Project, module: Module, display: str, counted: Counted) -> None:
    """Interpret every function of a module that may acquire, what its classes keep, and its top level."""
    for function in module.functions.values():
        if not project.may_acquire(module, function):
            continue
        unit = project.unit(module, function)
        if unit is None:
            message = f"`{function.qualname}()` is nested too deeply, or not to be parsed: it was not checked"
            counted.findings.append(unreadable(display, function.line, function.column + 1, message))
            continue
        try:
            told(project, module, unit, project.leaks(module, function), display, counted)
        except Exception as error:  # a fault of ours costs one function, and is not hidden
            message = f"`{function.qualname}()` was not checked: internal error, {type(error).__name__}: {error}"
            counted.findings.append(unreadable(display, function.line, function.column + 1, message))
    for class_ in module.classes.values():
        for found in field_leaks(project, module, class_):
            counted.add_field(explain_field(found, display))
    if plausible(project, module, module.calls, None):
        unit = project.module_unit(module)
        if unit is not None:
            told(project, module, unit, project.module_leaks(module), display, counted)


def told(project: Project, module: Module, unit: Unit, leaks: Iterable[Leak], display: str, counted: Counted) -> None:
    """Put leaks into findings."""
    lines = project.lines(module)
    for leak in leaks:
        counted.add(leak, explain(leak, unit, lines, display), f"{display}: {leak.procedure.qualname or 'top level'}")


def findings_of(project: Project, module: Module) -> list[Finding]:
    """What would be found in a module whose text is only proposed."""
    counted = Counted()
    check_module(project, module, "", counted)
    return counted.findings
