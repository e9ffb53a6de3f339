"""Words for people: quotes, numbers with their nouns, and what somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def quoted(word: object) -> str:
    return f'"{word}"'


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 file`, `2 files`, `1,000 branches`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def nearest(word: str, words: Iterable[str]) -> str:
    """`; did you mean …?` with at most three of the words, or nothing when none comes near."""
    from difflib import get_close_matches

    known = {known.lower(): known for known in words}
    close = [known[key] for key in get_close_matches(word.lower().replace("_", "-"), known, n=3)]
    return f"; did you mean {' or '.join(map(quoted, close))}?" if close else ""
