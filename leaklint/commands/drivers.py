"""`leaklint drivers`: which libraries are known, and what is known of each, in the words of the configuration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from leaklint.commands.complete import driver_words
from leaklint.commands.refusal import Refusal, refusals
from leaklint.config_load import Configurations
from leaklint.drivers.spec import Acquisition, Driver
from leaklint.reports.visible import clean
from leaklint.words import nearest, quoted


@click.command(
    name="drivers",
    short_help="List the libraries that leaklint knows.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.argument("name", required=False, shell_complete=driver_words)
def command(name: str | None) -> int:
    """List the database libraries that leaklint knows, or show what it knows of one.

    Drivers of your own, from [tool.leaklint.drivers], are among them.
    """
    with refusals():
        known = {driver.name: driver for driver in all_drivers()}
    if name is None:
        size = max(map(len, known))
        rows = [f"{driver.name:<{size}}  {', '.join(driver.libraries)}".rstrip() for driver in known.values()]
    elif name in known:
        rows = list(described(known[name]))
    else:
        raise Refusal(f"unknown driver {quoted(name)}{nearest(name, known) or '; see `leaklint drivers`'}")
    click.echo("\n".join(map(clean, rows)))
    return 0


def all_drivers() -> Sequence[Driver]:
    """Those that come with leaklint, then those configured here."""
    from leaklint.drivers import DRIVERS

    own = Configurations().of_folder(str(Path.cwd())).drivers
    return [*(driver for driver in DRIVERS if driver.name not in own), *own.values()]


def described(driver: Driver) -> Iterator[str]:
    yield driver.title or driver.name
    if driver.libraries:
        yield f"imported as {', '.join(driver.libraries)}"
    for acquisition in driver.acquisitions:
        yield ""
        yield from acquisition_rows(acquisition)


def acquisition_rows(acquisition: Acquisition) -> Iterator[str]:
    head, facts = acquisition_facts(acquisition)
    yield head
    yield from (f"    {heading}: {fact}" for heading, fact in facts.items() if fact)


def acquisition_facts(acquisition: Acquisition) -> tuple[str, dict[str, str]]:
    """What acquires, and all that is known of it, under headings; some have nothing to say."""
    types = sorted({receiver.rpartition(".")[2] for receiver in acquisition.receivers})
    methods = [f"{' | '.join(types) or '*'}.{method}" for method in acquisition.methods]
    head = f"{acquisition.noun}: {', '.join([*acquisition.calls, *methods])}"
    releases = [f"{name}()" for name in acquisition.releases]
    releases += [f"pool.{name}(it)" for name in acquisition.pool_releases]
    releases += [f"{name}(it)" for name in acquisition.functions]
    facts = {
        "released by": ", ".join(releases) or "leaving its `with` only",
        "closed, but its slot kept, by": ", ".join(f"{name}()" for name in acquisition.closes),
        "must be awaited": ", ".join(f"{name}()" for name in acquisition.awaited),
        "`with` on the call": acquisition.entered,
        "`with` on the awaited call": acquisition.entered_awaited if acquisition.awaiting != "no" else "",
        "when dropped": acquisition.dropped,
        "a second release": acquisition.double_release,
        "safe form": acquisition.template.item and f"with {safe_form(acquisition.template.item)}",
        "known from": f"{acquisition.evidence}, {acquisition.source}".rstrip(", "),
    }
    return head, facts


def safe_form(item: str) -> str:
    return item.replace("{acquire}", "...").replace("{pool}", "pool")
