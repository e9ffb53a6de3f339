"""The search of the bytes: which texts use names by which something is acquired. Everything else is not even parsed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from leaklint.ownership.catalog import Catalog

CONTRACT = "leaklint"

CALLED = rb"(?<![A-Za-z0-9_])(?:%s)(?:[\s\\]*[(\[]|[ \t]+as\b)"
HANDED_ON = rb"(?:[=(,:\[>|]|\breturn\b)[\s\\]*(?:\w+\.)*(?:%s)\b"


class Search:
    """For names that are called, given another name, or handed on; a name in prose or in a bare import says nothing.

    A search for the bare words comes first: it is many times as fast, and ends the matter for most texts.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._words = sorted(name.encode() for name in names)
        words = b"|".join(map(re.escape, self._words))
        self._pattern = re.compile(CALLED % words + b"|" + HANDED_ON % words)

    def finds(self, text: bytes) -> bool:
        return any(word in text for word in self._words) and self._pattern.search(text) is not None


class Start:
    """For what tells without any file's help: contracts, and libraries whose methods have names too common to search.

    Of such a library a text must mention one of these methods, too.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._libraries = {
            library.encode(): [method.encode() for method in catalog.library_methods(library)]
            for library in catalog.generic_libraries()
        }

    def finds(self, text: bytes) -> bool:
        return CONTRACT.encode() in text or any(
            library in text and any(method in text for method in methods)
            for library, methods in self._libraries.items()
        )
