"""What a file's text tells without interpreting it: imports, functions, classes, and where values come from.

Pure data, so that it can be cached; nothing in it refers back, so that no garbage in cycles is to be looked for.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Scalar = bool | int | str | None


class Source(msgspec.Struct, frozen=True, gc=False):
    """Where a value comes from: the result of a call, a dotted name, an annotation; `args` are names in a call."""

    kind: Literal["call", "name", "annotation"]
    path: str
    args: tuple[str, ...] = ()


class Param(msgspec.Struct, frozen=True, gc=False):
    """A parameter; `constant` is its default where that is a plain constant and `defaulted` says that it has one."""

    name: str
    annotation: Source | None = None
    constant: Scalar = None
    defaulted: bool = False
    star: str = ""


class Function(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A function or method; lines include decorators.

    `calls`: whatever is called, each once; as a set they would take three times the memory. `items`: where the parts of
    a returned tuple come from. `abstract`: it has no body, subclasses have.
    """

    name: str
    qualname: str
    class_name: str
    line: int
    end_line: int
    column: int
    params: tuple[Param, ...]
    decorators: tuple[str, ...]
    asynchronous: bool
    generator: bool
    calls: tuple[str, ...]
    results: tuple[Source, ...]
    items: tuple[tuple[Source, ...], ...]
    annotation: Source | None
    ending: str
    depth: int
    contract: str = ""
    abstract: bool = False

    @property
    def key(self) -> str:
        """The function among all of its file, also where a name is defined twice."""
        return f"{self.qualname}:{self.line}"

    @property
    def is_property(self) -> bool:
        return not self._decorated.isdisjoint({"property", "cached_property", "hybrid_property"})

    def is_bound(self, kind: str) -> bool:
        """Whether it is given its first parameter when it is got from a class, an instance or the like."""
        return "staticmethod" not in self._decorated and (kind != "class" or "classmethod" in self._decorated)

    @property
    def _decorated(self) -> set[str]:
        return {decorator.rpartition(".")[2] for decorator in self.decorators}


class Class(msgspec.Struct, frozen=True, gc=False):
    """A class: its bases as spelled, where its attributes come from, its methods by name."""

    name: str
    qualname: str
    bases: tuple[str, ...]
    attributes: dict[str, tuple[Source, ...]]
    methods: dict[str, str]
    writers: dict[str, tuple[str, ...]] = {}


class Module(msgspec.Struct, frozen=True, gc=False):
    """A file's index.

    `imports` maps local names to absolute qualified names; `others` has what else a name is imported as, where an
    import may fail.
    """

    name: str
    package: bool
    imports: dict[str, str]
    stars: tuple[str, ...]
    values: dict[str, tuple[Source, ...]]
    functions: dict[str, Function]
    classes: dict[str, Class]
    calls: tuple[str, ...]
    depends: frozenset[str]
    depth: int
    others: dict[str, tuple[str, ...]] = {}
