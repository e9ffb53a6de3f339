"""Which findings are wanted: codes, prefixes and names to rules, files to what is ignored in them, and confidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from leaklint.config import Settings
from leaklint.finding import CONFIDENCES, Confidence, Finding
from leaklint.patterns import applies
from leaklint.words import nearest, quoted

UNREADABLE = "LKN902"


class Rule(Protocol):
    """What the edges know of a rule: its docstring is its page."""

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def default(self) -> bool: ...


def rules() -> Sequence[Rule]:
    """All rules; imported when first asked for, since a run without findings needs none of them."""
    from leaklint.rules import RULES

    return RULES


def rule_names() -> list[str]:
    return [rule.name for rule in rules()]


def find_rule(word: str) -> Rule | None:
    """The rule of this code or name."""
    return next((rule for rule in rules() if word.lower() in (rule.code.lower(), rule.name)), None)


def page(rule: Rule) -> str:
    """The documentation page of a rule, Markdown."""
    from inspect import cleandoc

    return cleandoc(rule.__doc__ or "")


def as_prefix(selector: str) -> str | None:
    """The prefix of codes that a selector stands for, `None` if it stands for no rule at all."""
    if selector == "ALL":
        return ""
    named = next((rule.code for rule in rules() if rule.name == selector), None)
    return named or (selector if any(rule.code.startswith(selector) for rule in rules()) else None)


def selector_problem(selector: str, key: str = "") -> str:
    """Why a selector cannot be used, or nothing; `key` is where it stands."""
    if selector and as_prefix(selector) is not None:
        return ""
    known = [word for rule in rules() for word in (rule.code, rule.name)]
    advice = nearest(selector, known) or "; see `leaklint rule` for all of them"
    return f"unknown rule {quoted(selector)}{f' in {key}' if key else ''}{advice}"


def weight(code: str, selectors: Iterable[str]) -> int:
    """The length of the longest prefix that covers the code, -1 if none does."""
    prefixes = [prefix for selector in selectors if (prefix := as_prefix(selector)) is not None]
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=-1)


def enabled(code: str, settings: Settings) -> bool:
    """Whether a rule is on: the longer prefix wins, and of two equal ones `ignore`.

    A file that could not be read is always reported, unless just that is ignored.
    """
    selected = weight(code, (*(settings.select or ()), *settings.extend_select))
    if settings.select is None and selected < 0 and any(rule.code == code and rule.default for rule in rules()):
        selected = 0
    if code == UNREADABLE:
        return weight(code, settings.ignore) <= max(selected, 0)
    return selected > weight(code, settings.ignore)


def wanted(code: str, settings: Settings, path: Path) -> bool:
    """Whether findings of this rule are reported in this file."""
    if not enabled(code, settings):
        return False
    ignored = (codes for pattern, codes in settings.per_file_ignores.items() if applies(pattern, str(path)))
    return all(weight(code, codes) < 0 for codes in ignored)


def confident(finding: Finding, least: Confidence) -> bool:
    return CONFIDENCES.index(finding.confidence) >= CONFIDENCES.index(least)
