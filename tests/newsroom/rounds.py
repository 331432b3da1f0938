"""A bulk site through real workers: what its own log says of their politeness, and how busy they were."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import psutil

from tests.newsroom.bulk import BulkSite
from worker.adapters.redis.journal import JournalEntry
from worker.cli.processes import Processes
from worker.core.records import FeedEntry
from worker.services import Services


@dataclass(frozen=True, slots=True)
class Rounds:
    """What came of it: `gaps` are seconds between two requests to one host, by the server's log."""

    requests: int
    hosts: int
    gaps: tuple[float, ...]
    took: timedelta
    slots: Slots
    counts: dict[str, int]
    last: dict[str, float]


@dataclass(frozen=True, slots=True)
class Slots:
    """Where the time of the slots went, as shares of it, from the first attempt to the last.

    Attributes:
        busy: A slot had a task.
        late: It had none though something waited for one: a host that permitted a request, or a page to be processed.
        unpermitted: It had none, and every host with articles left was to be left alone.
        starved: A slot's process could have run and waited for a CPU, with a task or without; 0 if Linux does not say.
        longest: Seconds that the longest fetch had a slot; a slot that slept until a host permits more would show here.
    """

    busy: float
    late: float
    unpermitted: float
    starved: float
    longest: float

    @property
    def utilisation(self) -> float:
        """The share of the time in which there was something to do that a slot did something."""
        return self.busy / (self.busy + self.late)


def go(services: Services, site: BulkSite, articles: Iterable[int], limit: timedelta) -> Rounds:
    """Let one worker of two slots fetch these articles of the site, and wait until all have an outcome.

    Raises:
        TimeoutError: Some had none within the limit.
    """
    services = Services(replace(services.settings, concurrency=SLOTS), services.redis_url)
    services.articles.admit([FeedEntry(site.wire.url(n)) for n in articles])
    processes = Processes(services.redis_url, services.settings, services.settings.state_dir / "worker.log")
    processes.start()
    try:
        _wait(services, limit)
        starved = _starved(processes.running["worker"].pid)
    finally:
        processes.stop()
    return _rounds(services, site, starved)


SLOTS = 2


def _wait(services: Services, limit: timedelta) -> None:
    deadline = time.monotonic() + limit.total_seconds()
    while services.status.counts()["in_flight"]:
        if time.monotonic() > deadline:
            raise TimeoutError(f"not done within {limit}: {services.status.counts()}")
        time.sleep(0.1)


def _starved(worker: int) -> float:
    """Return for how many seconds the children of the worker waited for a CPU (proc(5), schedstat)."""
    children = psutil.Process(worker).children()
    files = [Path(f"/proc/{child.pid}/schedstat") for child in children]
    return sum(int(file.read_text().split()[1]) for file in files if file.exists()) / 1e9


def _rounds(services: Services, site: BulkSite, starved: float) -> Rounds:
    times: dict[str, list[float]] = defaultdict(list)
    for request in site.requests:
        times[request.host].append(request.time)
    attempts = services.journal.all()
    wall = max(one.time for one in attempts) - min(one.time - one.took for one in attempts)
    slots = _slots(attempts, times.values(), services.settings.host_spacing.total_seconds(), starved)
    return Rounds(
        requests=len(site.requests),
        hosts=len(times),
        gaps=tuple(later - earlier for asked in times.values() for earlier, later in pairwise(sorted(asked))),
        took=wall,
        slots=slots,
        counts=services.status.counts(),
        last={host: max(asked) for host, asked in times.items()},
    )


def _slots(attempts: list[JournalEntry], asked: Iterable[list[float]], spacing: float, starved: float) -> Slots:
    """Return where the time went; `asked` is when each host was, by this process's monotonic clock."""
    ran = [(one.time.timestamp() - one.took.total_seconds(), one.time.timestamp()) for one in attempts]
    start, end = min(ran)[0], max(end for _, end in ran)
    busy, late, unpermitted = _shared_out(ran, [*_permitted(asked, start, spacing), *_fetched(attempts)])
    fetches = [one.took.total_seconds() for one in attempts if one.task == "articles.fetch"]
    total = SLOTS * (end - start)
    return Slots(busy / total, late / total, unpermitted / total, starved / total, max(fetches))


Interval = tuple[float, float]


def _permitted(asked: Iterable[list[float]], start: float, spacing: float) -> Iterator[Interval]:
    """Yield when a host with articles left was ready to be asked again: a spacing after the request before."""
    offset = time.time() - time.monotonic()
    for times in asked:
        moments = sorted(moment + offset for moment in times)
        yield start, moments[0]
        yield from ((earlier + spacing, later) for earlier, later in pairwise(moments))


def _fetched(attempts: Iterable[JournalEntry]) -> Iterator[Interval]:
    """Yield when a page waited for being processed."""
    fetched = {one.item: one.time.timestamp() for one in attempts if one.outcome == "fetched"}
    for one in attempts:
        if one.task == "articles.process":
            yield fetched[one.item], one.time.timestamp() - one.took.total_seconds()


def _shared_out(ran: Iterable[Interval], waited: Iterable[Interval]) -> tuple[float, float, float]:
    """Return slot seconds with a task, without one while something waited for it, and without anything to do."""
    changes = [(moment, step, 0) for begin, end in ran for moment, step in ((begin, 1), (end, -1))]
    changes += [(moment, 0, step) for begin, end in waited if end > begin for moment, step in ((begin, 1), (end, -1))]
    busy = late = idle = 0.0
    running = waiting = 0
    for (moment, more, also), (then, _, _) in pairwise(sorted(changes)):
        running, waiting = running + more, waiting + also
        free = max(SLOTS - running, 0)
        busy += running * (then - moment)
        late += min(free, waiting) * (then - moment)
        idle += (free - min(free, waiting)) * (then - moment)
    return busy, late, idle
