"""The search of the bytes: which texts use names by which something is acquired. Everything else is not even parsed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

CONTRACT = "leaklint"

CALLED = re.compile(rb"[\s\\]*[(\[]|[ \t]+as\b")
"""What follows a name that is called or given another name."""

DEFINED = re.compile(rb" (?:fed|ssalc)\b")
"""What precedes a name that is defined, read backwards."""

METHOD = re.compile(rb" fed(?: cnysa)?+[ \t]")
"""What precedes the name of a method, or of any function that is not at the top, read backwards."""

HANDED_ON = re.compile(rb"(?:\.\w+)*[\s\\]*(?:[=(,\[]|\bnruter\b)")
"""What precedes a name that is handed on, read backwards."""

ANNOTATES = re.compile(rb"(?:\.\w+)*[\s\\]*[:>|]")
"""What precedes a name in an annotation, read backwards."""

IMPORT = re.compile(
    rb"^[ \t]*from[ \t]+[.\w]+[ \t]+import[ \t]*"
    rb"(?:\((?:[\w\s,*]|#[^\n]*\n)*\)|[\w \t,*]*(?:\\\r?\n[\w \t,*]*)*)",
    re.MULTILINE,
)
"""A list of imported names; what stands in one without `as` is not used yet."""

DEPENDENCY = re.compile(rb"\b(?:Depends|Security)\(\s*(?:\w+\.)*(\w+)")
"""A function on which a framework makes others depend."""

WORD = re.compile(rb"\w")


class Seen(NamedTuple):
    """What a glance at a text tells: whether it must be read, else the methods and dependencies that it names."""

    wanted: bool = False
    methods: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()


NOTHING = Seen()
WANTED = Seen(wanted=True)


class Text:
    """A text in which names are looked for."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    @cached_property
    def _backwards(self) -> bytes:
        return self.text[::-1]

    @cached_property
    def _imports(self) -> list[tuple[int, int]]:
        return [found.span() for found in IMPORT.finditer(self.text)]

    def _is_imported(self, start: int) -> bool:
        """Whether what stands at the start is in a list of imported names."""
        place = bisect_right(self._imports, start, key=itemgetter(0)) - 1
        return place >= 0 and start < self._imports[place][1]

    def _follows(self, what: re.Pattern[bytes], start: int) -> bool:
        """Whether what stands at the start comes after this."""
        return what.match(self._backwards, len(self.text) - start) is not None

    def _places(self, word: bytes) -> Iterator[int]:
        start = self.text.find(word)
        while start >= 0:
            yield start
            start = self.text.find(word, start + 1)

    def uses(self, word: bytes, *, annotations: bool) -> bool:
        """Whether the word is called, given another name or handed on somewhere, or annotates where that is asked."""
        for start in self._places(word):
            end = start + len(word)
            if CALLED.match(self.text, end) and not WORD.match(self.text, max(start - 1, 0), start):
                if not self._follows(DEFINED, start):
                    return True
            elif not WORD.match(self.text, end):
                if self._follows(HANDED_ON, start) and not self._is_imported(start):
                    return True
                if annotations and self._follows(ANNOTATES, start):
                    return True
        return False

    def defines(self, word: bytes) -> bool:
        """Whether a method has this name."""
        ends = (start + len(word) for start in self._places(word) if self._follows(METHOD, start))
        return any(CALLED.match(self.text, end) for end in ends)


class Search:
    """For names that are called, given another name, or handed on; a name in prose or in a bare import says nothing.

    Of `conventions` nothing is known but the name, so that it tells as much where a method has it; what an annotation
    says is one of `factories` may be called. A search for bytes is a hundred times as fast as one for a pattern:
    patterns are matched only beside what it finds.
    """

    def __init__(
        self, names: Iterable[str], *, conventions: Collection[str] = (), factories: Collection[str] = ()
    ) -> None:
        self._words = by_stem(name.encode() for name in names)
        self._conventions = {name.encode() for name in conventions}
        self._factories = {name.encode() for name in factories}

    def look(self, text: bytes) -> Seen:
        present = [word for stem, words in self._words.items() if stem in text for word in words if word in text]
        if not present:
            return NOTHING
        found = Text(text)
        if any(found.uses(word, annotations=word in self._factories) for word in present):
            return WANTED
        methods = [word for word in present if found.defines(word)]
        return Seen(not self._conventions.isdisjoint(methods), tuple(word.decode() for word in methods))


def by_stem(words: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    """The words by one that is in them all: where that is missing, so are they."""
    found: dict[bytes, list[bytes]] = {}
    for word in sorted(words, key=lambda word: (len(word), word)):
        stem = next((stem for stem in found if stem in word), word)
        found.setdefault(stem, []).append(word)
    return found


class Start:
    """For what tells without any file's help: contracts, and libraries whose methods have names too common to search.

    Of such a library a text must use one of these methods, too.
    """

    def __init__(self, methods: Mapping[str, Collection[str]]) -> None:
        self._methods = {library.encode(): Search(names) for library, names in methods.items()}
        self._libraries = by_stem(self._methods)
        self._contract = CONTRACT.encode()

    def look(self, text: bytes) -> Seen:
        if self._contract in text or any(
            library in text and self._methods[library].look(text).wanted
            for stem, libraries in self._libraries.items()
            if stem in text
            for library in libraries
        ):
            return WANTED
        if b"Depends(" in text or b"Security(" in text:
            return Seen(depends=tuple(sorted({name.decode() for name in DEPENDENCY.findall(text)})))
        return NOTHING
