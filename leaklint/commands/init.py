"""`leaklint init`: what to paste where, to have leaklint run in a project; nothing is written."""

from __future__ import annotations

import click

from leaklint import __version__

SNIPPETS = {
    "pyproject.toml: the settings; all of them are listed by `leaklint --show-settings`": """\
[tool.leaklint]
# extend-select = ["LKN301"]
# extend-exclude = ["migrations/"]
# per-file-ignores = { "tests/" = ["LKN105"] }
""",
    "pyproject.toml: if ruff is used, or it removes `# noqa: LKN...` comments as unknown": """\
[tool.ruff.lint]
external = ["LKN"]
""",
    ".pre-commit-config.yaml: a check before each commit": """\
repos:
  - repo: local
    hooks:
      - id: leaklint
        name: leaklint
        entry: leaklint check --force-exclude
        language: python
        additional_dependencies: ["leaklint-db=={version}"]
        types_or: [python, pyi]
        require_serial: true
""",
    ".github/workflows/leaks.yml: a check of each pull request, marked in its lines": """\
name: leaks
on: [push, pull_request]
permissions:
  contents: read
jobs:
  leaklint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - run: python -m pip install leaklint-db=={version}
      - run: leaklint --output-format text --output-format github
""",
}


@click.command(
    name="init",
    short_help="Print what to paste into a project's configuration.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def command() -> int:
    """Print the pieces of configuration that a project needs; nothing is written."""
    blocks = (f"# --- {title}\n{text.replace('{version}', __version__)}" for title, text in SNIPPETS.items())
    click.echo("\n".join(blocks), nl=False)
    return 0
