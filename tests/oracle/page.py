"""A campaign as a page, `benchmarks/oracle.md`."""

from __future__ import annotations

import platform

from tests.oracle.features import OFF, ON
from tests.oracle.report import Campaign, smallest

HEAD = """\
# The judge

`tests/oracle/` generates programs, lets CPython execute each of them over every choice there is ("this call raises X",
"this condition holds", "the loop goes round again"), counts the connections that are still open and that nobody else
can reach when the function is left, and holds that against what leaklint says. The command below writes these figures.

- **missed alarm**: a run leaks a connection, and leaklint says nothing where it was acquired.
- **false alarm**: leaklint speaks with high or medium confidence, and no run leaks; only a program whose choices were
  all tried, and in which no name is used before it is bound, can convict one.
- **whispered**: a run leaks, and leaklint speaks with low confidence only, which is not shown by default. Where a
  callee nobody knows was given the connection that is what the rules ask for, and it is not counted here.
"""


def page(campaign: Campaign, seed: int, command: str) -> str:
    """The figures, what is whispered, and what is left out."""
    counts = campaign.counts
    programs = max(counts["programs"], 1)
    rows = {
        "programs": f"{counts['programs']:,}, seeds {seed:,} to {seed + counts['programs'] - 1:,}",
        "executed runs": f"{counts['runs']:,}",
        "programs that leak in some run": f"{counts['leak']:,} ({100 * counts['leak'] / programs:.0f} %)",
        "programs on which leaklint is silent": f"{counts['silent']:,}",
        "programs whose choices were all tried": f"{counts['exhausted']:,}",
        "of these, programs that can convict a false alarm": f"{counts['sound']:,}",
        "missed alarms": f"**{counts['missed']}**",
        "false alarms": f"**{counts['false']}**",
        "whispered": f"{counts['whispered']}",
        "seconds": f"{campaign.seconds:,.0f}, Python {platform.python_version()}",
    }
    lines = [
        HEAD,
        "```",
        command,
        "```",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {row} |" for name, row in rows.items()),
    ]
    for seed_, source, failure in campaign.failures[:20]:
        text = smallest(source, failure.kind)
        lines += ["", f"Seed {seed_}, {failure.kind}: {failure.words}.", "", "```python", text, "```"]
    lines += [
        "",
        "Generated: " + ", ".join(sorted(ON)) + ".",
        "",
        "Not generated, since the engine is known not to follow it:",
        "",
    ]
    lines += [f"- {name}: {reason}." for name, reason in sorted(OFF.items())]
    return "\n".join(lines) + "\n"
