"""A month of polling in seconds: the adaptive schedule beside a fixed interval that costs as many polls.

python -m tools.simulation [FEEDS [DAYS]]
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta

from rich.console import Console
from rich.table import Table

from tools.simulation.publisher import publishers
from tools.simulation.report import Report, play
from tools.simulation.world import World


def main(count: int = 1000, days: int = 30) -> None:
    feeds = publishers(count, days, seed=1)
    started = time.perf_counter()
    _, _, adaptive = play(feeds, days)
    took = time.perf_counter() - started
    world = World(feeds, fixed=timedelta(days=days) * count / adaptive.polls / 1.05)
    fixed = Report.of(world, world.run(days))
    table = Table(title=f"{count:,} feeds, {days} days, simulated in {took:.1f} s", box=None, header_style="bold")
    for column in ("", "polls", "entries", "lag, median", "lag, 90 %", "missed", "gap events", "missed unannounced"):
        table.add_column(column, justify="right")
    for name, report in (("adaptive", adaptive), ("every " + _minutes(world.fixed.total_seconds()), fixed)):
        table.add_row(name, *_cells(report))
    Console().print(table)


def _cells(report: Report) -> list[str]:
    lags = _minutes(report.lag_median), _minutes(report.lag_p90)
    counts = report.missed, report.gaps, report.unannounced
    return [f"{report.polls:,}", f"{report.entries:,}", *lags, *(f"{number:,}" for number in counts)]


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} min"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
