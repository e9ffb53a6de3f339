"""What a rule is: a question asked of a leak, and the words for its answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leaklint.flow.leaks import Leak, Leaking
    from leaklint.rules.wording import Words


class Rule:
    """One rule; its docstring is its page. The first rule in `RULES` that `speaks` of a leak reports it."""

    code: str
    name: str
    default: bool = True

    def chosen(self, leak: Leak) -> Leaking | None:
        """The way out that this rule speaks of, or None where it has nothing to say."""
        return next(iter(self.exits(leak)), None)

    def exits(self, leak: Leak) -> Iterable[Leaking]:
        """The ways out of which this rule speaks, the shortest first."""
        del leak
        return ()

    def message(self, leak: Leak, leaking: Leaking, words: Words) -> str:
        """One sentence for the finding."""
        raise NotImplementedError
