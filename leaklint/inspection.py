"""One file of a project → what is found in it: every function that may acquire, its classes, its top level."""

from __future__ import annotations

from collections.abc import Iterable

from leaklint.counted import Counted
from leaklint.discover import File
from leaklint.explain import explain, explain_contract, explain_field
from leaklint.finding import Finding
from leaklint.flow.leaks import Leak
from leaklint.intake import Notebook, unreadable
from leaklint.ownership.classes import field_leaks
from leaklint.ownership.index import Module
from leaklint.ownership.plausible import plausible
from leaklint.ownership.project import Project
from leaklint.ownership.promises import promises
from leaklint.rules import RULES
from leaklint.source import Unit


def check_file(project: Project, module: Module, file: File, notebook: Notebook | None, *, fixes: bool) -> Counted:
    """What is found in one file of the project."""
    counted = Counted()
    before = len(project.notes)
    check_module(project, module, file.display, counted)
    if fixes:
        from leaklint.fixing import Fixing

        counted.findings = Fixing(project, findings_of).fixed(module, counted.findings)
    if notebook is not None:
        counted.findings = [notebook.restored(finding) for finding in counted.findings]
    counted.notes += project.notes[before:]
    return counted


def check_module(project: Project, module: Module, display: str, counted: Counted) -> None:
    """Interpret every function of a module that may acquire or states what it owes, its classes, and its top level."""
    for function in module.functions.values():
        acquires = project.may_acquire(module, function) and project.sketches.acquires(module, function)
        if not acquires and project.contract(module, function) is None:
            continue
        unit = project.unit(module, function)
        if unit is None:
            message = f"`{function.qualname}()` is nested too deeply, or not to be parsed: it was not checked"
            counted.findings.append(unreadable(display, function.line, function.column + 1, message))
            continue
        try:
            leaks = project.leaks(module, function) if acquires else []
            promised = promises(project, module, function)
            told(project, module, unit, [*leaks, *(promised.broken() if promised else ())], display, counted)
            counted.findings += [explain_contract(one, display) for one in (promised.untrue() if promised else ())]
        except Exception as error:  # a fault of ours costs one function, and is not hidden
            message = f"`{function.qualname}()` was not checked: internal error, {type(error).__name__}: {error}"
            counted.findings.append(unreadable(display, function.line, function.column + 1, message))
    for class_ in module.classes.values():
        for found in field_leaks(project, module, class_):
            add_field(counted.findings, explain_field(found, display))
    if plausible(project, module, module.calls, None):
        unit = project.module_unit(module)
        if unit is not None:
            told(project, module, unit, project.module_leaks(module), display, counted)


def told(project: Project, module: Module, unit: Unit, leaks: Iterable[Leak], display: str, counted: Counted) -> None:
    """Put leaks into findings."""
    lines = project.lines(module)
    for leak in leaks:
        counted.acquisitions += 1
        counted.paths += leak.paths
        if leak.capped:
            what = "some correlations were" if leak.paths else "the function was"
            where = f"{display}: {leak.procedure.qualname or 'top level'}"
            counted.notes.append(f"{where}: too many states; {what} not followed")
        finding = explain(leak, unit, lines, display)
        if finding is not None:
            counted.findings.append(finding)


def add_field(findings: list[Finding], found: Finding) -> None:
    """One finding per acquisition: the one whose rule comes first."""
    for index, known in enumerate(findings):
        if (known.filename, known.line, known.column) == (found.filename, found.line, found.column):
            if rank(found) < rank(known):
                findings[index] = found
            return
    findings.append(found)


def rank(finding: Finding) -> int:
    """Where the finding's rule stands among the rules."""
    return [rule.code for rule in RULES].index(finding.code)


def findings_of(project: Project, module: Module) -> list[Finding]:
    """What would be found in a module whose text is only proposed."""
    counted = Counted()
    check_module(project, module, "", counted)
    return counted.findings
