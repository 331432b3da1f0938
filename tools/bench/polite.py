"""2,000 URLs over 200 hosts with two worker slots: is any host asked too soon, does any slot wait?

python -m tools.bench.polite [URLS [HOSTS]]
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from statistics import median

from config.settings import Settings
from tests.newsroom import rounds
from tests.newsroom.bulk import BulkSite, Wire
from worker.adapters import embedded
from worker.services import Services

SPACING = timedelta(seconds=1)


def main(urls: int = 2000, hosts: int = 200) -> None:
    with _services() as services, BulkSite(Wire(hosts=hosts, articles=urls)) as site:
        done = rounds.go(services, site, range(urls), timedelta(minutes=15))
    broken = sum(gap < SPACING.total_seconds() for gap in done.gaps)
    print(f"{done.requests} requests to {done.hosts} hosts in {done.took.total_seconds():.1f} s: {done.counts}")
    print(f"between two requests to a host: {min(done.gaps):.3f} s at least, {median(done.gaps):.3f} s in the middle")
    print(f"sooner than the {SPACING.total_seconds():g} s that were set: {broken} of {len(done.gaps)}")
    slots = done.slots
    print(f"{rounds.SLOTS} slots: {slots.busy:.1%} of their time with a task, {slots.late:.1%} without one though")
    print(f"something waited, {slots.unpermitted:.1%} without one since every host was to be left alone;")
    print(
        f"so {slots.utilisation:.1%} of the time in which there was something to do. Their processes waited for a CPU"
    )
    print(f"for {slots.starved:.1%} of the time; the longest fetch had a slot for {slots.longest:.2f} s")


@contextmanager
def _services() -> Iterator[Services]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "feeds.toml").touch()
        settings = Settings(
            state_dir=folder,
            feeds=folder / "feeds.toml",
            allow_networks=(ip_network("127.0.0.0/8"),),
            host_spacing=SPACING,
            host_concurrency=1,
            engine="rules",
        )
        try:
            yield Services(settings, embedded.ensure(folder / "redis"))
        finally:
            embedded.stop(folder / "redis")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
