"""Write what is generated: the pages of rules and drivers, and the marked parts of the README.

`python docs/generate.py` writes, `python docs/generate.py --check` only tells what would change.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import claims  # noqa: E402 - the module beside this one

from leaklint.drivers import DRIVERS  # noqa: E402 - the package beside this script, installed or not
from leaklint.rules import RULES  # noqa: E402
from leaklint.selection import Rule, page  # noqa: E402

EXAMPLE, SHOWN = "examples/user_service.py", "LKN203"


def documents() -> dict[Path, str]:
    """Every generated file and its text."""
    readme = ROOT / "README.md"
    pages = {
        ROOT / "docs/rules" / f"{rule.name}.md": f"# {rule.name} ({rule.code})\n\n{page(rule)}\n" for rule in RULES
    }
    drivers = {ROOT / "docs/drivers.md": claims.page()}
    return {**pages, **drivers, readme: filled(readme.read_text(encoding="utf-8"))}


def filled(readme: str) -> str:
    """The README with its marked parts made anew."""
    parts = {"finding": finding(), "rules": table(), "libraries": libraries()}
    for name, text in parts.items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        readme = pattern.sub(lambda _, made=begin + text + end: made, readme)  # type: ignore[misc]
    return readme


def finding() -> str:
    """One finding in an example, as the command line shows it."""
    command = [sys.executable, "-m", "leaklint", "check", "-q", "--isolated", "--color", "never", EXAMPLE]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    shown = next(block for block in ran.stdout.split("\n\n") if f"[{SHOWN}]" in block)
    return f"```text\n{shown.rstrip()}\n```\n"


def table() -> str:
    rows = [f"| [{rule.code}](docs/rules/{rule.name}.md) | {rule.name} | {summary(rule)} |\n" for rule in by_code()]
    return "".join(["| code | name | what it says |\n", "|---|---|---|\n", *rows])


def by_code() -> list[Rule]:
    return sorted(RULES, key=lambda rule: rule.code)


def summary(rule: Rule) -> str:
    first = page(rule).split("\n\n")[0]
    return first if rule.default else f"{first} (Off by default.)"


def libraries() -> str:
    return f"{', '.join(driver.title for driver in DRIVERS if driver.libraries)}.\n"


def main() -> int:
    made = documents()
    stale = {path for path in (ROOT / "docs/rules").glob("*.md") if path not in made}
    changed = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in sorted(stale.union(changed)):
        print(f"{path.relative_to(ROOT)} differs from what is generated")  # noqa: T201
    if "--check" in sys.argv[1:]:
        return int(bool(stale or changed))
    for path in stale:
        path.unlink()
    for path in changed:
        path.write_text(made[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
