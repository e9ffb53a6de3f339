"""The picture of the README: a real run over an example, its coloured text drawn as SVG."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

EXAMPLE, SHOWN = "examples/user_service.py", "LKN203"
COMMAND = f"$ leaklint {EXAMPLE}"
COLOURS = {"91": "#ff7b72", "93": "#e3b341", "94": "#79c0ff", "96": "#56d4dd", "92": "#7ee787"}
WIDTH, HEIGHT, MARGIN = 8.4, 19, 20  # of a character and a line of 14 pixels
ESCAPE = re.compile(r"\x1b\[([\d;]*)m")


def svg(root: Path) -> str:
    rows = [COMMAND, "", *finding(root)]
    width = max(len(ESCAPE.sub("", row)) for row in rows) * WIDTH + 2 * MARGIN
    lines = "\n".join(line(number, row) for number, row in enumerate(rows, start=1))
    height = len(rows) * HEIGHT + 2 * MARGIN
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g fill="#c9d1d9" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
{lines}
</g>
</svg>
"""


def finding(root: Path) -> list[str]:
    """The rows of one finding, as the command line prints them on a terminal."""
    command = [sys.executable, "-m", "leaklint", "check", "-q", "--isolated", "--color", "always", EXAMPLE]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1"}
    ran = subprocess.run(command, cwd=root, env=environment, capture_output=True, encoding="utf-8", check=False)
    return next(block for block in ran.stdout.split("\n\n") if f"[{SHOWN}]" in block).rstrip().split("\n")


def line(number: int, row: str) -> str:
    """Each piece at its own column, so that marks stay under what they mark whatever the font."""
    spans, column = [], 0
    for text, codes in pieces(row):
        spans.append(span(text, codes, column))
        column += len(text)
    return f'<text y="{MARGIN + number * HEIGHT - 5}">{"".join(spans)}</text>'


def pieces(row: str) -> Iterator[tuple[str, str]]:
    """Stretches of text, each with the codes in force."""
    codes = ""
    for index, part in enumerate(ESCAPE.split(row)):
        if index % 2:
            codes = "" if part in ("", "0") else f"{codes};{part}"
        elif part:
            yield part, codes


def span(text: str, codes: str, column: int) -> str:
    wanted = codes.split(";")
    colour = next((f' fill="{COLOURS[code]}"' for code in wanted if code in COLOURS), "")
    weight = ' font-weight="bold"' if "1" in wanted else ""
    place = f'x="{MARGIN + column * WIDTH:.1f}" textLength="{len(text) * WIDTH:.1f}"'
    return f"<tspan {place}{colour}{weight}>{escape(text, quote=False)}</tspan>"
