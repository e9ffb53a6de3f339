"""Pages whose commands are real: every `console` block is run, and what it prints is put under its commands.

A code block below `<!-- file: NAME -->` is written to that file first. All blocks of a page share one new folder.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
LAUNCHER = '#!/bin/sh\nexec "{python}" -m leaklint "$@"\n'


def performed(page: str, root: Path) -> str:
    """The page with the output of its commands made anew."""
    with tempfile.TemporaryDirectory() as folder:
        work, programs = Path(folder, "shop"), Path(folder, "bin")
        work.mkdir()
        programs.mkdir()
        (programs / "leaklint").write_text(LAUNCHER.format(python=sys.executable))
        (programs / "leaklint").chmod(0o755)
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "LEAKLINT_"))},
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(root),
            "PYTHONUTF8": "1",
            "NO_COLOR": "1",
        }
        return BLOCK.sub(lambda block: block_performed(block, work, environment), page)


def block_performed(block: re.Match[str], work: Path, environment: dict[str, str]) -> str:
    if block["file"]:
        (work / block["file"]).write_text(block["text"], encoding="utf-8")
    if block["kind"] != "console":
        return block[0]
    commands = [line for line in block["text"].splitlines() if line.startswith("$ ")]
    told = "".join(f"{command}\n{output(command[2:], work, environment)}" for command in commands)
    return f"```console\n{told}```"


def output(command: str, work: Path, environment: dict[str, str]) -> str:
    """What a command prints, its errors in between."""
    ran = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=work,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return ran.stdout
