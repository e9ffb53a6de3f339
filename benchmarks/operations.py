"""What a run does, counted: files opened, bytes parsed, statements interpreted. Unlike seconds, these never waver."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import libcst

from leaklint.flow.run import Record


@dataclass
class Operations:
    """Totals of one run in this process; `indexed` and `functions` are the texts themselves."""

    opened: int = 0
    indexed: list[bytes] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    statements: int = 0
    states: int = 0

    @property
    def parsed_by_ast(self) -> int:
        return sum(map(len, self.indexed))

    @property
    def parsed_by_libcst(self) -> int:
        return sum(map(len, self.functions))


@contextmanager
def counted() -> Iterator[Operations]:
    """Count what is done meanwhile."""
    done = Operations()

    def noted(inner: Callable[..., Any], note: Callable[..., None]) -> Callable[..., Any]:
        def call(*args: Any, **keywords: Any) -> Any:
            note(*args)
            return inner(*args, **keywords)

        return call

    def opened(*_: Any) -> None:
        done.opened += 1

    def indexed(text: bytes | str, *_: Any) -> None:
        if isinstance(text, bytes):  # a string is an annotation
            done.indexed.append(text)

    def lowered(text: str | bytes, *_: Any) -> None:
        done.functions.append(text if isinstance(text, str) else text.decode("utf-8", "replace"))

    def interpreted(_: Record, states: dict[Any, Any]) -> None:
        done.statements += 1
        done.states += len(states)

    with (
        patch.object(Path, "read_bytes", noted(Path.read_bytes, opened)),
        patch.object(ast, "parse", noted(ast.parse, indexed)),
        patch.object(libcst, "parse_module", noted(libcst.parse_module, lowered)),
        patch.object(Record, "count", noted(Record.count, interpreted)),
    ):
        yield done
