"""What the generated programs are made of, and what is left out because the engine is known not to follow it."""

from __future__ import annotations

ON = frozenset(
    {
        "alias",
        "none",
        "tuple",
        "walrus",
        "if",
        "flags",
        "cursor",
        "lend",
        "raise",
        "return",
        "return handle",
        "try",
        "try typed",
        "return in finally",
        "with own",
        "with closing",
        "with unknown",
        "suppress",
        "stack",
        "loops",
        "break",
        "else",
        "match",
        "store",
        "keeper",
        "conditional",
        "del",
        "exit",
        "async",
        "helpers",
        "nested",
        "containers",
        "generator",
        "except*",
        "assert",
        "import",
        "find",
        "closed",
        "discard",
        "wait for",
        "unawaited",
    }
)

OFF: dict[str, str] = {
    "copied flags": "`ok = flag`: two names for one unknown truth are not known to agree",
    "arguments as guards": "`maybe_open(flag)`, and `flag` asked again: a summary holds under constants alone",
    "empty containers": "a loop over a list known to be empty is taken to run all the same",
    "early closures": "a closure stored elsewhere before the variable it sees is bound (again)",
    "redefined functions": "a nested function whose name is bound again: a call is taken to mean all of them",
    "yielded back": "`with closes(conn) as other`: that both are one is known where the manager releases alone",
    "or from a list": "`conn = conn or connect()`: what another call left there is known to be true where it "
    "comes from that very call or from a helper that passed it on, not from a list",
    "late yields": "a `yield` while `GeneratorExit` is handled cannot be resumed; it is taken to be",
}
"""Feature → why it is off."""
