"""What no linter of this kind can undercut, as JSON: reading, scanning and parsing some folders, each by itself.

    python benchmarks/limits.py FOLDER...

`needed` is what a cold run of leaklint has to do: read and scan all bytes, parse and walk what has to be indexed,
parse the functions that may acquire. Which those are is taken from a run itself. Each part is done by a process of its
own, so that the memory is the part's own; a tree is dropped before the next one is made.
"""

from __future__ import annotations

import ast
import gc
import json
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import libcst as cst
import msgspec

from benchmarks.operations import counted
from leaklint.check import check
from leaklint.config import Settings
from leaklint.discover import File
from leaklint.glance import catalog_of
from leaklint.growth import search_for

SAMPLE = 12
"""libcst takes minutes for everything: each so-manieth file stands for all."""

SLOWEST = 5

Texts = Callable[[], Iterable[bytes]]
Step = Callable[[bytes], object]


def apart(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `work` tells, done by a process of its own, and the most memory that this took, in MB."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        gc.disable()
        with os.fdopen(writer, "w") as stream:
            json.dump(work(), stream)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as stream:
        told = stream.read()
    _, _, used = os.wait4(child, 0)
    return {"memory": used.ru_maxrss / 1024, **json.loads(told)}


def each(texts: Texts, step: Step) -> dict[str, Any]:
    """Seconds of processor time that a step takes for all texts, and their bytes."""
    seconds, size = 0.0, 0
    for text in texts():
        start = time.process_time()
        step(text)
        seconds += time.process_time() - start
        size += len(text)
    return {"seconds": seconds, "bytes": size}


def parse(text: bytes) -> None:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return


def parse_and_walk(text: bytes) -> None:
    for _ in ast.walk(ast.parse(text)):
        pass


def parse_concrete(text: bytes) -> None:
    try:
        cst.parse_module(text)
    except (cst.ParserSyntaxError, UnicodeError):
        return


def run(paths: list[Path], folder: Path) -> dict[str, Any]:
    """A run in one process: what it indexed and parsed goes into files, what it did is told."""
    sys.setrecursionlimit(20_000)
    with counted() as done:
        check([File(path, str(path), Settings()) for path in paths])
    (folder / "indexed").write_bytes(msgspec.msgpack.encode(list(dict.fromkeys(done.indexed))))
    (folder / "functions").write_bytes(msgspec.msgpack.encode([text.encode() for text in done.functions]))
    slowest = sorted(done.costs.items(), key=lambda pair: -pair[1].seconds)[:SLOWEST]
    return {
        "statements": done.statements,
        "states": done.states,
        "functions": len(done.functions),
        "slowest": [{"name": name, **msgspec.to_builtins(cost)} for name, cost in slowest],
    }


def kept(folder: Path, name: str) -> Texts:
    return lambda: msgspec.msgpack.decode((folder / name).read_bytes(), type=list[bytes])


def limits(paths: list[Path], folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    catalog = catalog_of(Settings())
    search = search_for(catalog.names(), catalog)

    def everything() -> Iterator[bytes]:
        return (path.read_bytes() for path in paths)

    def sample() -> Iterator[bytes]:
        return (path.read_bytes() for path in paths[::SAMPLE])

    def is_wanted(text: bytes) -> bool:
        return search.look(text).wanted

    def mentioning() -> Iterator[bytes]:
        return (text for number, text in enumerate(filter(is_wanted, everything())) if number % SAMPLE == 0)

    def reading() -> dict[str, Any]:
        start = time.process_time()
        size = sum(map(len, everything()))
        return {"seconds": time.process_time() - start, "bytes": size}

    yield "run", apart(lambda: run(paths, folder))
    yield "read", apart(reading)
    yield "scan", apart(lambda: each(everything, is_wanted))
    yield "ast", apart(lambda: each(everything, parse))
    yield "indexed", apart(lambda: each(kept(folder, "indexed"), parse_and_walk))
    yield "libcst", apart(lambda: each(sample, parse_concrete))
    yield "mentioning", apart(lambda: each(mentioning, parse_concrete))
    yield "functions", apart(lambda: each(kept(folder, "functions"), parse_concrete))


def main() -> None:
    warnings.simplefilter("ignore")
    paths = sorted(path for folder in sys.argv[1:] for path in Path(folder).rglob("*.py"))
    with tempfile.TemporaryDirectory() as folder:
        found: dict[str, Any] = dict(limits(paths, Path(folder)))
    for part in ("libcst", "mentioning"):
        found[part]["seconds"] *= SAMPLE
        found[part]["bytes"] *= SAMPLE
    found["needed"] = sum(found[part]["seconds"] for part in ("read", "scan", "indexed", "functions"))
    print(json.dumps(found))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
