"""Which `except` clause catches what: the one table that answers "can this handler catch that"."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from typing import Literal

Verdict = Literal["yes", "maybe", "no"]

SOME_EXCEPTION = "Exception?"
CANCELLED = "CancelledError"
ABANDONED = "GeneratorExit"
BASES = {
    "CancelledError": "BaseException",
    "TimeoutError": "OSError",
    "Cancelled": "BaseException",
}
BEYOND_EXCEPTION = frozenset(
    {"GeneratorExit", "KeyboardInterrupt", "SystemExit", "CancelledError", "BaseExceptionGroup"}
)
DATABASE = frozenset(
    {
        "DatabaseError", "DataError", "Error", "IntegrityError", "InterfaceError", "InternalError", "NotSupportedError",
        "OperationalError", "ProgrammingError",
    }
)  # fmt: skip
"""The exceptions every database library has (PEP 249); of Python's own classes they derive from `Exception` alone."""

ELSEWHERE = frozenset({"Error", "binascii.Error", "shutil.Error"})
"""Classes called like those of databases that may derive from more."""

Ancestors = Callable[[str], "frozenset[str] | None"]


def simple(name: str) -> str:
    return name.rpartition(".")[2]


def ancestors(name: str) -> frozenset[str] | None:
    """The names of the class and its bases, as far as Python itself knows it; None for a class it does not define."""
    short = simple(name)
    if (short in BASES and "." in name) or short in {"CancelledError", "Cancelled"}:
        return frozenset({short, BASES[short], "BaseException"})
    found = getattr(builtins, name, None)
    if isinstance(found, type) and issubclass(found, BaseException):
        return frozenset(base.__name__ for base in found.__mro__)
    return None


def catches(types: Iterable[str] | None, raised: str, lineage: Ancestors = ancestors, *, star: bool = False) -> Verdict:
    """Whether a handler for `types` (None: a bare `except`) catches `raised`, or with `star` a part of it.

    `raised` is a class name, or `SOME_EXCEPTION` for an `Exception` nobody knows. `lineage` gives the names of a class
    and all its bases, or None where its bases are not known.
    """
    if types is None:
        return "yes"
    verdicts = [_catches(handler, raised, lineage, star) for handler in types]
    if "yes" in verdicts:
        return "yes"
    return "maybe" if "maybe" in verdicts else "no"


def without(raised: str, types: Iterable[str], *, star: bool = False) -> str:
    """What is still unknown of an exception that a handler for `types` let pass.

    It may be a group, which no plain handler looks into: `*` marks what is not in one either.
    """
    if not raised.startswith(SOME_EXCEPTION):
        return raised
    names = {simple(name) for name in types} - {"?"}
    excluded = {*raised.split("-")[1:], *names, *(f"*{name}" for name in names if star)}
    return "-".join((SOME_EXCEPTION, *sorted(excluded)))


def _catches(handler: str, raised: str, lineage: Ancestors, star: bool) -> Verdict:
    short = simple(handler)
    if short == "BaseException" or simple(raised) == short:
        return "yes"
    if raised.startswith(SOME_EXCEPTION):
        if (f"*{short}" if star else short) in raised.split("-"):
            return "no"
        if short == "Exception":
            return "yes"
        return "no" if short in BEYOND_EXCEPTION else "maybe"
    above = lineage(raised)
    if above is not None:
        return "yes" if short in above else "no"
    if short == "Exception":
        return "yes"
    if simple(raised) in DATABASE and raised not in ELSEWHERE and ancestors(handler) is not None:
        return "no"
    return "no" if short in BEYOND_EXCEPTION else "maybe"
