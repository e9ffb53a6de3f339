"""`leaklint rule`: the page of a rule, of all of them, or their list."""

from __future__ import annotations

import click
import msgspec

from leaklint.commands.complete import rule_words
from leaklint.commands.refusal import Refusal
from leaklint.selection import Rule, find_rule, page, rules, selector_problem


@click.command(name="rule", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name", required=False, metavar="[CODE|NAME]", shell_complete=rule_words)
@click.option("--all", "everything", is_flag=True, help="Print the pages of all rules.")
@click.option("--output-format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def command(name: str | None, everything: bool, form: str) -> int:
    """Explain a rule; without a name, list them all."""
    if name and everything:
        raise click.UsageError("A rule's name and --all cannot be combined.")
    chosen = [named(name)] if name else sorted(rules(), key=lambda rule: rule.code)
    if form == "json":
        described = [
            {"code": rule.code, "name": rule.name, "default": rule.default, "page": page(rule)} for rule in chosen
        ]
        click.echo(msgspec.json.format(msgspec.json.encode(described if not name else described[0])))
    elif name or everything:
        click.echo("\n\n".join(map(whole_page, chosen)))
    else:
        click.echo("\n".join(map(row, chosen)))
    return 0


def named(name: str) -> Rule:
    rule = find_rule(name)
    if rule is None:
        raise Refusal(selector_problem(name) or f'"{name}" stands for several rules; name one of them')
    return rule


def whole_page(rule: Rule) -> str:
    """The page under a title of its own, unless it brings one."""
    text = page(rule)
    off = "" if rule.default else "\nThis rule is off by default: `extend-select` it.\n"
    return text if text.startswith("# ") else f"# {rule.name} ({rule.code})\n{off}\n{text}"


def row(rule: Rule) -> str:
    return f"{rule.code}  {rule.name}{'' if rule.default else '  (off by default)'}"
