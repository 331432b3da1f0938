"""`make bench-e2e` and `make bench-json`: all of it, over real sockets, on a real Redis, with real workers."""

from __future__ import annotations

import argparse
import json
import os

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tools.bench.e2e.report import record, table, title
from tools.bench.e2e.run import Plan, Result, measure


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.e2e", description=__doc__)
    parser.add_argument(
        "--articles", type=_numbers, default=[1_000], metavar="N[,N...]", help="at full speed, a run each"
    )
    parser.add_argument("--workers", type=_numbers, default=[1, 2], metavar="N[,N...]", help="processes of the worker")
    parser.add_argument("--cores", type=int, help="use so many of this machine's; by default all")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long articles then come at half speed")
    parser.add_argument("--engine", default="fast")
    parser.add_argument("--json", action="store_true", help="print JSON, one object a run")
    wanted = parser.parse_args()
    if wanted.cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: wanted.cores])
    results = []
    for articles in wanted.articles:
        for workers in wanted.workers:
            results.append(_run(Plan(articles, workers, wanted.seconds, wanted.engine)))
            if wanted.json:
                print(json.dumps(record(results[-1])), flush=True)
    if not wanted.json:
        console = Console(soft_wrap=True)
        console.print(title())
        console.print(table(results))


def _numbers(value: str) -> list[int]:
    return [int(part.replace("_", "")) for part in value.split(",")]


def _run(plan: Plan) -> Result:
    """Run a plan under a progress bar on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting")

        def show(phase: str, done: int, total: int) -> None:
            name = f"{plan.articles:,} articles, {plan.workers} workers: {phase}"
            bar.update(task, description=name, completed=done, total=total)

        return measure(plan, show)


if __name__ == "__main__":
    main()
