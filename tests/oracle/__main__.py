"""The judge as a command: `python -m tests.oracle --programs 20000 --seed 0 --page benchmarks/oracle.md`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tests.oracle.features import OFF
from tests.oracle.generate import program
from tests.oracle.page import page
from tests.oracle.report import ON, Campaign, described, explore_all


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description="Let CPython judge leaklint.")
    parser.add_argument("--programs", type=int, default=2000, help="how many programs to generate")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first program")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--most", type=int, default=20, help="how many failing programs to make small and show")
    parser.add_argument("--show", action="store_true", help="only print the program of that seed")
    parser.add_argument("--page", type=Path, help="write the figures there as well")
    options = parser.parse_args()
    if options.show:
        sys.stdout.write(program(options.seed, ON))
        return 0
    campaign = explore_all(options.seed, options.programs, options.jobs)
    for text in described(campaign, options.most):
        sys.stdout.write(text + "\n")
    sys.stdout.write(summary(campaign, options.seed) + "\n")
    if options.page is not None:
        command = f"python -m tests.oracle --programs {options.programs} --seed {options.seed} --page {options.page}"
        options.page.write_text(page(campaign, options.seed, command), encoding="utf-8")
    return 1 if campaign.wrong else 0


def summary(campaign: Campaign, seed: int) -> str:
    counts = campaign.counts
    share = 100 * counts["leak"] / max(counts["programs"], 1)
    lines = [
        f"{counts['programs']} programs from seed {seed}, {counts['runs']} runs, {campaign.seconds:.0f} s",
        f"{counts['leak']} leak in some run ({share:.0f} %); leaklint is silent on {counts['silent']}",
        f"{counts['exhausted']} exhausted; {counts['sound']} of them can convict a false alarm",
        f"{counts['missed']} missed alarms, {counts['false']} false alarms, {counts['whispered']} whispered",
        *(f"off: {feature} ({reason})" for feature, reason in OFF.items()),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
