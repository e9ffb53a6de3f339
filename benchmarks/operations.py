"""What a run does, counted: files opened, bytes parsed, statements interpreted. Unlike seconds, these never waver."""

from __future__ import annotations

import ast
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import libcst

from leaklint.flow.leaks import Ended, interpret
from leaklint.flow.run import Record


@dataclass
class Cost:
    """What one function took, all its runs together; `seconds` are of processor time, without those of its callees."""

    seconds: float = 0.0
    runs: int = 0
    states: int = 0


@dataclass
class Operations:
    """Totals of one run in this process; `indexed` and `functions` are the texts themselves."""

    opened: int = 0
    indexed: list[bytes] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    statements: int = 0
    states: int = 0
    costs: dict[str, Cost] = field(default_factory=lambda: defaultdict(Cost))

    @property
    def parsed_by_ast(self) -> int:
        return sum(map(len, self.indexed))

    @property
    def parsed_by_libcst(self) -> int:
        return sum(map(len, self.functions))


class Watch:
    """Who is at work: time is that of the innermost function."""

    def __init__(self, costs: dict[str, Cost]) -> None:
        self._costs = costs
        self._inner: list[float] = [0.0]

    def interpret(self, procedure: Any, site: Any, acquired: Any, resolver: Any, *args: Any, **options: Any) -> Ended:
        start = time.process_time()
        self._inner.append(0.0)
        ended = interpret(procedure, site, acquired, resolver, *args, **options)
        took = time.process_time() - start
        cost = self._costs[f"{resolver.module.name}.{procedure.qualname}"]
        cost.seconds += took - self._inner.pop()
        cost.runs += 1
        cost.states += ended.record.steps
        self._inner[-1] += took
        return ended


INTERPRETING = ("flow.leaks", "flow.given", "ownership.classes", "ownership.promises")


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

    watch = Watch(done.costs)
    patches = [
        patch.object(Path, "read_bytes", noted(Path.read_bytes, opened)),
        patch.object(ast, "parse", noted(ast.parse, indexed)),
        patch.object(libcst, "parse_module", noted(libcst.parse_module, lowered)),
        patch.object(Record, "count", noted(Record.count, interpreted)),
        *(patch(f"leaklint.{module}.interpret", watch.interpret) for module in INTERPRETING),
    ]
    with ExitStack() as stack:
        for one in patches:
            stack.enter_context(one)
        yield done
