"""Write what is generated: pages from docstrings, data and settings, schemas, the picture and tables of the README.

`python docs/generate.py` writes, `python docs/generate.py --check` only tells what would change.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

import claims  # noqa: E402
import pages  # noqa: E402 - beside this script, and the package beside it, installed or not
import picture  # noqa: E402
import schemas  # noqa: E402
import sessions  # noqa: E402

PERFORMED = ("docs/first-five-minutes.md",)
GENERATED = ("docs/rules/*.md", "docs/schema/*.json")


def documents() -> dict[Path, str]:
    """Every generated file and its text."""
    made = {**pages.rules(), **schemas.files()}
    made |= {"docs/drivers.md": pages.drivers(), "docs/claims.md": claims.page()}
    made |= {"docs/configuration.md": pages.configuration()}
    made |= {"docs/_static/finding.svg": picture.svg(ROOT)}
    made |= {name: sessions.performed((ROOT / name).read_text(encoding="utf-8"), ROOT) for name in PERFORMED}
    made |= {"README.md": filled((ROOT / "README.md").read_text(encoding="utf-8"))}
    return {ROOT / name: text for name, text in made.items()}


def filled(readme: str) -> str:
    """The README with its marked parts made anew."""
    for name, text in {"rules": pages.rule_table("docs/rules/"), "libraries": pages.libraries()}.items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        readme = pattern.sub(lambda _, made=begin + text + end: made, readme)  # type: ignore[misc]
    return readme


def main() -> int:
    made = documents()
    stale = {path for pattern in GENERATED for path in ROOT.glob(pattern) if path not in made}
    changed = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in sorted(stale.union(changed)):
        print(f"{path.relative_to(ROOT)} differs from what is generated")  # noqa: T201
    if "--check" in sys.argv[1:]:
        return int(bool(stale or changed))
    for path in stale:
        path.unlink()
    for path in changed:
        path.parent.mkdir(exist_ok=True)
        path.write_text(made[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
