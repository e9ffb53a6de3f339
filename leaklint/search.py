"""The search of the bytes: which texts use names by which something is acquired. Everything else is not even parsed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

CONTRACT = "leaklint"

CALLED = re.compile(rb"[\s\\]*[(\[]|[ \t]+as\b")
"""What follows a name that is called or given another name."""

HANDED_ON = re.compile(rb"(?:\.\w+)*[\s\\]*(?:[=(,:\[>|]|\bnruter\b)")
"""What precedes a name that is handed on, read backwards."""

WORD = re.compile(rb"\w")


class Search:
    """For names that are called, given another name, or handed on; a name in prose or in a bare import says nothing.

    A search for bytes is a hundred times as fast as one for a pattern: patterns are matched only beside what it finds.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._words = by_stem(name.encode() for name in names)

    def finds(self, text: bytes) -> bool:
        return any(
            uses(text, word) for stem, words in self._words.items() if stem in text for word in words if word in text
        )


def by_stem(words: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    """The words by one that is in them all: where that is missing, so are they."""
    found: dict[bytes, list[bytes]] = {}
    for word in sorted(words, key=lambda word: (len(word), word)):
        stem = next((stem for stem in found if stem in word), word)
        found.setdefault(stem, []).append(word)
    return found


def uses(text: bytes, word: bytes) -> bool:
    """Whether the word is called, given another name or handed on somewhere in the text."""
    backwards = b""
    for start in places(text, word):
        end = start + len(word)
        if CALLED.match(text, end) and not WORD.match(text, max(start - 1, 0), start):
            return True
        if not WORD.match(text, end):
            backwards = backwards or text[::-1]
            if HANDED_ON.match(backwards, len(text) - start):
                return True
    return False


def places(text: bytes, word: bytes) -> Iterator[int]:
    start = text.find(word)
    while start >= 0:
        yield start
        start = text.find(word, start + 1)


class Start:
    """For what tells without any file's help: contracts, and libraries whose methods have names too common to search.

    Of such a library a text must mention one of these methods, too.
    """

    def __init__(self, methods: Mapping[str, Collection[str]]) -> None:
        self._methods = {library.encode(): {name.encode() for name in names} for library, names in methods.items()}
        self._libraries = by_stem(self._methods)
        self._contract = CONTRACT.encode()

    def finds(self, text: bytes) -> bool:
        return self._contract in text or any(
            library in text and any(method in text for method in self._methods[library])
            for stem, libraries in self._libraries.items()
            if stem in text
            for library in libraries
        )
