"""Ownership said in words: `# leaklint: …` on a `def` line, and `[tool.leaklint.functions]`."""

from __future__ import annotations

import re
from typing import NamedTuple

from leaklint.config import FunctionFacts
from leaklint.flow.resolver import Acquired, Given
from leaklint.ownership.catalog import Catalog
from leaklint.ownership.index import Function

WORD = re.compile(r"(returns-owned|lends|(?:releases|keeps)\s*\(\s*[\w\s,]*\))")

RELEASED = Given.always("released")
KEPT = Given.always("kept")


class Contract(NamedTuple):
    """What a function says of itself; parameters by name."""

    returns: bool = False
    lends: bool = False
    releases: frozenset[str] = frozenset()
    keeps: frozenset[str] = frozenset()

    def given(self, parameter: str) -> Given | None:
        """What becomes of a handle given as that parameter, where the contract says so."""
        if parameter in self.releases:
            return RELEASED
        return KEPT if parameter in self.keeps else None


def stated(function: Function, facts: FunctionFacts | None) -> Contract | None:
    """What the function's comment and the configuration say of it; None where they say nothing."""
    if not function.contract and facts is None:
        return None
    words = WORD.findall(function.contract)
    named = {word.partition("(")[0].strip(): word for word in words}
    releases = parameters(named.get("releases", ""))
    keeps = parameters(named.get("keeps", ""))
    if facts is not None:
        names = [param.name for param in function.params if param.name not in {"self", "cls"}]
        releases |= {names[i] for i in facts.released if i < len(names)}
        keeps |= {names[i] for i in facts.kept if i < len(names)}
    returns = "returns-owned" in named or (facts is not None and facts.returns == "owned")
    lends = "lends" in named or (facts is not None and facts.lends)
    return Contract(returns, lends, frozenset(releases), frozenset(keeps))


def parameters(word: str) -> set[str]:
    inner = word.partition("(")[2].rstrip(")")
    return {name.strip() for name in inner.split(",") if name.strip()}


def owned(catalog: Catalog, name: str) -> Acquired:
    """What a call owes of which only that is said: a connection, released in any of the usual ways."""
    entry = next(e for e in catalog.methods["get_connection"] if e.driver.name == "conventions")
    return Acquired(entry.acquisition, "stated", why=f"{name}() says that its caller owes what it returns")
