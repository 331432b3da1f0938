"""A bulk site through real workers: what its own log says of their politeness, and how busy they were."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

from tests.newsroom.bulk import BulkSite
from worker.cli.processes import Processes
from worker.records import FeedEntry
from worker.services import Services


@dataclass(frozen=True, slots=True)
class Rounds:
    """What came of it: `gaps` are seconds between two requests to one host, by the server's log.

    `utilisation` is the share of the time, from the first request to the last attempt, in which a slot had a task.
    """

    requests: int
    hosts: int
    gaps: tuple[float, ...]
    took: timedelta
    utilisation: float
    counts: dict[str, int]
    last: dict[str, float]


def go(services: Services, site: BulkSite, articles: Iterable[int], limit: timedelta) -> Rounds:
    """Let one worker of two slots fetch these articles of the site, and wait until all have an outcome.

    Raises:
        TimeoutError: Some had none within the limit.
    """
    services = Services(replace(services.settings, concurrency=SLOTS), services.redis_url)
    services.ledger.admit([FeedEntry(site.wire.url(n)) for n in articles])
    processes = Processes(services.redis_url, services.settings, services.settings.state_dir / "worker.log")
    processes.start()
    try:
        _wait(services, limit)
    finally:
        processes.stop()
    return _rounds(services, site)


SLOTS = 2


def _wait(services: Services, limit: timedelta) -> None:
    deadline = time.monotonic() + limit.total_seconds()
    while services.ledger.counts()["in_flight"]:
        if time.monotonic() > deadline:
            raise TimeoutError(f"not done within {limit}: {services.ledger.counts()}")
        time.sleep(0.1)


def _rounds(services: Services, site: BulkSite) -> Rounds:
    times: dict[str, list[float]] = defaultdict(list)
    for request in site.requests:
        times[request.host].append(request.time)
    attempts = list(services.journal.all())
    wall = max(one.time for one in attempts) - min(one.time - one.took for one in attempts)
    busy = sum((one.took for one in attempts), timedelta(0))
    return Rounds(
        requests=len(site.requests),
        hosts=len(times),
        gaps=tuple(later - earlier for asked in times.values() for earlier, later in pairwise(sorted(asked))),
        took=wall,
        utilisation=busy / (SLOTS * wall),
        counts=services.ledger.counts(),
        last={host: max(asked) for host, asked in times.items()},
    )
