"""What no linter of this kind can undercut, as JSON: reading, scanning and parsing some folders in this one process.

    python benchmarks/limits.py FOLDER...

`needed` is what a cold run of leaklint has to do: read and scan all bytes, parse and walk what has to be indexed,
parse the functions that may acquire. Which those are is taken from a run itself. Trees are dropped as they are made.
"""

from __future__ import annotations

import ast
import gc
import json
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

import libcst as cst

from benchmarks.operations import counted
from leaklint.check import check
from leaklint.config import Settings
from leaklint.discover import File
from leaklint.glance import catalog_of, scan, telling_names

SAMPLE = 12
"""libcst takes minutes for everything: each so-manieth file stands for all."""


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def parse(texts: Iterable[bytes], *, walk: bool) -> None:
    for text in texts:
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            continue
        for _ in ast.walk(tree) if walk else ():
            pass


def parse_concrete(texts: Iterable[bytes | str]) -> None:
    for text in texts:
        try:
            cst.parse_module(text)
        except (cst.ParserSyntaxError, UnicodeError):
            continue


def main() -> None:
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20_000)
    paths = sorted(path for folder in sys.argv[1:] for path in Path(folder).rglob("*.py"))
    files = [File(path, str(path), Settings()) for path in paths]
    with counted() as done:
        check(files)
    gc.disable()
    texts: list[bytes] = []
    found = {"files": len(paths), "read": seconds(lambda: texts.extend(path.read_bytes() for path in paths))}
    found["bytes"] = sum(map(len, texts))
    pattern = scan(telling_names(catalog_of(Settings()), Settings()))
    kept: list[bytes] = []
    found["scan"] = seconds(lambda: kept.extend(text for text in texts if pattern.search(text)))
    found["ast all"] = seconds(lambda: parse(texts, walk=False))
    indexed = list(dict.fromkeys(done.indexed))
    found["indexed bytes"] = sum(map(len, indexed))
    found["ast and walk of indexed"] = seconds(lambda: parse(indexed, walk=True))
    found["libcst all"] = seconds(lambda: parse_concrete(texts[::SAMPLE])) * SAMPLE
    found["libcst of files that mention an acquisition"] = seconds(lambda: parse_concrete(kept[::SAMPLE])) * SAMPLE
    found["functions bytes"] = done.parsed_by_libcst
    found["libcst of functions"] = seconds(lambda: parse_concrete(done.functions))
    parts = ("read", "scan", "ast and walk of indexed", "libcst of functions")
    found["needed"] = sum(found[part] for part in parts)
    found["statements"], found["states"] = done.statements, done.states
    print(json.dumps(found))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
