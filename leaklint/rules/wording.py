"""The words of findings: what the resource is called, and what a step of a witness says."""

from __future__ import annotations

from typing import NamedTuple

import libcst as cst

from leaklint.flow.leaks import Leak, Leaking
from leaklint.flow.state import Step
from leaklint.ownership.evidence import bound_names

NAMED = {"CancelledError": "is cancelled", "GeneratorExit": "is abandoned"}


class Words(NamedTuple):
    """How to speak of one leak.

    `what` is "connection `conn`", `where` the function, `release` what gives it back, `entering` what `with` does.
    """

    what: str
    name: str
    noun: str
    where: str
    release: str
    entering: str

    @staticmethod
    def happening(leaking: Leaking) -> str:
        """What goes wrong at a raising exit: "`cur.execute(…)` raises"."""
        node = leaking.node
        if isinstance(node, cst.Yield):
            return (
                "the generator is abandoned at `yield`"
                if leaking.exception == "GeneratorExit"
                else "the caller's block raises at `yield`"
            )
        if isinstance(node, (cst.Raise, cst.Assert)):
            return f"{code_of(node)} leaves"
        return f"{code_of(node)} {NAMED.get(leaking.exception, 'raises')}"


def words_for(leak: Leak) -> Words:
    resource = leak.acquired.resource
    name = name_of(leak)
    what = f"{resource.noun} `{name}`" if name else resource.noun
    where = f"`{leak.procedure.qualname}()`" if leak.procedure.qualname else "the module"
    release = next(iter((*resource.pool_releases, *resource.releases)), "close")
    entering = "ends the transaction and leaves" if resource.entered == "transaction only" else "leaves"
    return Words(what, name, resource.noun, where, release, entering)


def name_of(leak: Leak) -> str:
    """The name that the resource is bound to: of an unpacked tuple, the one at its place; "" where it has none."""
    names = tuple(bound_names(leak.procedure, leak.site))
    acquired = leak.acquired
    if acquired.position is not None and len(names) == acquired.size:
        return names[acquired.position]
    return names[0] if names else ""


def code_of(node: cst.CSTNode, most: int = 48) -> str:
    """A node's source on one line, in backticks, cut where it is long: of a call its arguments are left out first."""
    text = _on_one_line(node)
    called = node.expression if isinstance(node, cst.Await) else node.exc if isinstance(node, cst.Raise) else node
    if len(text) > most and isinstance(called, cst.Call) and called.args:
        text = text.removesuffix(_on_one_line(called)) + _on_one_line(called.func) + "(…)"
    return f"`{text}`" if len(text) <= most else f"`{text[: most - 1]}…`"


def _on_one_line(node: cst.CSTNode) -> str:
    return " ".join(cst.Module([]).code_for_node(node).split())


SENTENCES = {
    "true": "when this holds",
    "false": "when this does not hold",
    "caught": "it is caught here{leaves}",
    "swallowed": "it is swallowed by this `with`{leaves}",
    "raise": "this raises{leaves}",
    "reraises": "this re-raises{leaves}",
    "rebound": "the last name of the {words.noun} is rebound while it is owed",
    "closed": "this `close` ends the connection, but its pool slot stays taken",
    "unawaited": "nobody awaits this coroutine, so it never runs",
    "with": "this `with` {words.entering} the {words.noun} open",
    "returns": "this returns{leaves}",
    "end": "{words.where} ends here without releasing it",
}
"""What steps say, by their kind; `leaves` is said of the last one only."""


def says(step: Step, words: Words, *, again: bool = False, last: bool = False) -> str:
    """What a step of the witness says to its reader."""
    leaves = f", and {words.where} is left without releasing it" if last else ""
    if step.kind == "promised":
        return step.text
    if step.kind == "acquired":
        if again:
            return f"another {words.noun} is acquired while the one before is still owed"
        return f"{words.what} is acquired here"
    if step.kind == "raises":
        if isinstance(step.node, cst.Yield):
            why = "the generator is abandoned" if step.text == "GeneratorExit" else "the caller's block raises"
            return f"if {why} at this `yield`{leaves}"
        return f"if this {NAMED.get(step.text, 'raises')}{leaves}"
    return SENTENCES.get(step.kind, step.kind).format(words=words, leaves=leaves)
