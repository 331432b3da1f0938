"""`make chaos` and `make soak`: break everything, seed by seed, and say whether the promise was kept."""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

from rich.console import Console

from tools.chaos.report import report
from tools.chaos.run import Plan, Result, Run

console = Console(soft_wrap=True)
CONTROL = Plan(articles=1_000, hosts=50, kills=60, pace=1.2, app="tools.chaos.naive", settle=60)


def main() -> None:
    """Exit code 0: every run kept the promise, and the control broke it."""
    parser = argparse.ArgumentParser(prog="python -m tools.chaos", description=__doc__)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--kills", type=int, default=150, help="at least so many SIGKILLs a run")
    parser.add_argument("--pace", type=float, default=2.0, help="mean seconds between two faults")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--app", default="worker", help="tools.chaos.hasty: leases a fourth as long")
    parser.add_argument("--control", action="store_true", help="also run the control without a ledger")
    parser.add_argument("--minutes", type=float, default=0.0, help="go on for so long (soak)")
    wanted = parser.parse_args()
    plan = Plan(wanted.articles, wanted.hosts, wanted.kills, wanted.pace, wanted.minutes, wanted.app)
    kept = [one(plan, int(seed)).verdict.kept for seed in wanted.seeds.split(",")]
    found = not wanted.control or not one(replace(CONTROL), 1).verdict.kept
    if not found:
        console.print("[red]the control without a ledger lost and doubled nothing: the harness finds nothing[/]")
    sys.exit(0 if all(kept) and found else 1)


def one(plan: Plan, seed: int) -> Result:
    """Run a plan with a seed, and print its report; the folder stays when the promise was broken."""
    folder = Path(mkdtemp(prefix=f"onrecord-chaos-{seed}-"))
    console.print(f"[dim]seed {seed}: {plan.articles:,} articles, logs in {folder}[/]")
    result = Run(plan, seed, folder).result()
    console.print(report(result), "")
    if result.verdict.kept:
        shutil.rmtree(folder)
    return result


if __name__ == "__main__":
    main()
