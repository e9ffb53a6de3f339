"""The last lines of a run: what was found, out of how much, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from leaklint.finding import Finding
from leaklint.reports import Report
from leaklint.reports.paint import paint
from leaklint.words import count, listed

UNUSED, UNREADABLE = "LKN901", "LKN902"


def summary(report: Report) -> str:
    """Some lines, each ended."""
    if not report.files:
        return "Nothing was checked: there are no Python files.\n"
    head = headline(report.findings, narrowed=bool(report.known or report.untouched))
    style = "error" if report.findings else "good"
    first = f"{paint(head, style, report.colour)} {denominator(report)}"
    return "".join(f"{line}\n" for line in (first, *advice(report)))


def headline(findings: tuple[Finding, ...], *, narrowed: bool) -> str:
    leaks = [one for one in findings if one.code not in (UNUSED, UNREADABLE)]
    codes = Counter(one.code for one in findings)
    unread = {one.filename for one in findings if one.code == UNREADABLE}
    parts = []
    if leaks:
        files = len({one.filename for one in leaks})
        parts.append(f"{count(len(leaks), 'leak')} in {count(files, 'file')}")
    if codes[UNUSED]:
        parts.append(count(codes[UNUSED], "unused suppression"))
    if unread:
        parts.append(f"{count(len(unread), 'file')} that could not be read")
    if not leaks:
        return f"No {'new ' * narrowed}leaks found{', but ' + listed(parts) if parts else ''}."
    return f"Found {listed(parts)}."


def denominator(report: Report) -> str:
    if not report.acquisitions:
        return f"{count(report.files, 'file')}, no acquisition was recognised."
    followed = f"{count(report.acquisitions, 'acquisition')} followed on {count(report.paths, 'path')}"
    return f"{count(report.files, 'file')}, {followed}."


def advice(report: Report) -> Iterator[str]:
    if report.files and not report.acquisitions and not report.findings:
        yield "If the code connects through a library or wrapper of its own, name it in [tool.leaklint.drivers];"
        yield "`leaklint drivers` lists what is known."
    kept_back = []
    if report.suppressed:
        kept_back.append(f"{report.suppressed:,} silenced by comments")
    if report.unsure:
        kept_back.append(f"{report.unsure:,} of low confidence (--min-confidence low shows them)")
    if report.known:
        kept_back.append(f"{report.known:,} in the baseline")
    if report.untouched:
        kept_back.append(f"{report.untouched:,} that no change touches")
    if kept_back:
        yield f"Not shown: {listed(kept_back)}."
    yield from (f"Fixed, and still in the baseline: {entry}" for entry in report.fixed)
    if report.fixed:
        yield "`leaklint baseline prune` takes out what is fixed."
    fixes = Counter(one.fix.applicability for one in report.findings if one.fix)
    if fixes:
        how = "more with --unsafe-fixes" if fixes["safe"] else "fixable with --fix --unsafe-fixes"
        unsafe = f"{fixes['unsafe']:,} {how}"
        parts = [f"{fixes['safe']:,} fixable with --fix"] * bool(fixes["safe"]) + [unsafe] * bool(fixes["unsafe"])
        yield f"{listed(parts)}."
    leaks = [one.code for one in report.findings if one.code not in (UNUSED, UNREADABLE)]
    if leaks:
        yield f"Explained by: leaklint rule {Counter(leaks).most_common(1)[0][0]}"
