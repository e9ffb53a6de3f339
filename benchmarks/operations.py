"""What a run does, counted: files opened, bytes parsed, statements interpreted. Unlike seconds, these never waver."""

from __future__ import annotations

import ast
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import libcst

from leaklint.flow.leaks import Ended, interpret
from leaklint.flow.run import Record
from leaklint.ownership.modules import Modules
from leaklint.ownership.units import Units

T = TypeVar("T")


@dataclass
class Cost:
    """What one function took, all its runs together; `seconds` are of processor time.

    Neither those of its callees are among them, nor those of reading and parsing what it mentions.
    """

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
    """Who is at work: time is that of the innermost one."""

    def __init__(self, costs: dict[str, Cost]) -> None:
        self._costs = costs
        self._inner: list[float] = [0.0]

    def timed(self, work: Callable[[], T]) -> tuple[T, float]:
        """What comes of some work, and the seconds that it took by itself."""
        start = time.process_time()
        self._inner.append(0.0)
        found = work()
        took = time.process_time() - start
        own = took - self._inner.pop()
        self._inner[-1] += took
        return found, own

    def interpret(self, procedure: Any, site: Any, acquired: Any, resolver: Any, *args: Any, **options: Any) -> Ended:
        ended, seconds = self.timed(lambda: interpret(procedure, site, acquired, resolver, *args, **options))
        cost = self._costs[f"{resolver.module.name}.{procedure.qualname}"]
        cost.seconds += seconds
        cost.runs += 1
        cost.states += ended.record.steps
        return ended

    def aside(self, inner: Callable[..., T]) -> Callable[..., T]:
        """The same, on nobody's account."""
        return lambda *args, **options: self.timed(lambda: inner(*args, **options))[0]


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
        patch.object(Modules, "index", watch.aside(Modules.index)),
        patch.object(Units, "unit", watch.aside(Units.unit)),
        *(patch(f"leaklint.{module}.interpret", watch.interpret) for module in INTERPRETING),
    ]
    with ExitStack() as stack:
        for one in patches:
            stack.enter_context(one)
        yield done
