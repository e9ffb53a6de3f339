"""What a shell offers to complete: rules, formats and drivers, where click knows of files and options alone."""

from __future__ import annotations

import click


def rule_words(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Codes and names; of several separated by commas, the last is completed."""
    del ctx, parameter
    from leaklint.selection import rules

    before, comma, last = incomplete.rpartition(",")
    known = sorted(word for rule in rules() for word in (rule.code, rule.name))
    return [f"{before}{comma}{word}" for word in known if word.startswith(last)]


def format_words(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    del ctx, parameter
    from leaklint.reports import FORMATS

    return [name for name in FORMATS if name.startswith(incomplete)]


def driver_words(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    del ctx, parameter
    from leaklint.drivers import DRIVERS

    return [driver.name for driver in DRIVERS if driver.name.startswith(incomplete)]
