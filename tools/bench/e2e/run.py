"""One run: a system is started and warmed up, articles are announced, first as fast as they go, then at half that."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

import psutil

from config.settings import Settings
from tests.newsroom.bulk import Wire
from tools.bench.e2e.floors import Floors
from tools.bench.e2e.meter import Meter, own_mb
from tools.bench.e2e.newsroom import ENDLESS, Newsroom, Reader, newsroom, reader
from tools.bench.e2e.stages import counted
from tools.chaos.system import children
from worker.adapters import embedded
from worker.adapters.redis.store import connect
from worker.cli.processes import Processes
from worker.services import Services

HOSTS = 200
POLL_S = (2, 4)  # the shortest and the longest interval of the feeds
#: Announced and not published: enough that no worker waits, and no feed lists more than its newest fifty.
_BACKLOG = 1_000
#: Of the articles; what comes after is the end of the run, when there is ever less to do.
_COUNTED = 0.95
_LONGEST_PAUSE_S = 60.0
_TURN_S = 0.1

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does.

    Args:
        articles: How many at full speed.
        workers: Processes of the worker.
        seconds: How long articles then come at half of that speed.
        engine: What extracts the statements.
    """

    articles: int
    workers: int
    seconds: float = 30.0
    engine: str = "fast"


@dataclass(slots=True)
class Mark:
    """What was used until a moment, or between two: seconds of CPU; `machine` is all that runs on it."""

    at: float
    published: int
    cpu: dict[str, float]
    stages: dict[str, float]
    redis: dict[str, float]
    machine: float

    def since(self, before: Mark) -> Mark:
        """Return the difference."""
        return Mark(
            self.at - before.at,
            self.published - before.published,
            _less(self.cpu, before.cpu),
            _less(self.stages, before.stages),
            _less(self.redis, before.redis),
            self.machine - before.machine,
        )


@dataclass(slots=True)
class Result:
    """What a run came to: what `full` and `half` speed took, and how late statements were consumed at half speed.

    Attributes:
        after_change_s: Quantiles of the seconds since the feed changed.
        after_poll_s: Since the change was served to a poll.
        statements: How many an article has.
        memory_mb: The largest resident set of a process of each part.
        own_mb: Of a pool child, what it shares with no other process.
        floors_ms: CPU of the least that could be done with an article.
    """

    plan: Plan
    full: Mark
    half: Mark
    after_change_s: dict[str, float]
    after_poll_s: dict[str, float]
    statements: float
    memory_mb: dict[str, float]
    own_mb: float
    floors_ms: dict[str, float]


class System:
    """Everything that has a part in a run; `_system` makes one."""

    def __init__(self, plan: Plan, folder: Path, site: Newsroom, consumer: Reader, redis_url: str) -> None:
        self.plan, self.folder, self.site, self.consumer, self.redis_url = plan, folder, site, consumer, redis_url
        self.settings = _settings(plan, folder, site.feeds)
        self.services = Services(self.settings, redis_url)
        self.client = connect(redis_url)
        self.processes = Processes(redis_url, self.settings, folder / "worker.log", app="tools.bench.e2e.measured")
        self.announced = 0
        self.wire = Wire(hosts=HOSTS, articles=ENDLESS, port=urlsplit(site.feeds[0]).port)
        running = self.processes.running
        redis_pid = int(self.client.info("server")["process_id"])
        self.meter = Meter(
            {
                "worker: children": lambda: children(running["worker"].pid),
                "worker: parent": lambda: [running["worker"].pid],
                "beat": lambda: [running["beat"].pid],
                "Redis": lambda: [redis_pid],
                "newsroom": lambda: [site.pid],
                "consumer": lambda: [consumer.pid],
                "bench": lambda: [psutil.Process().pid],
            },
            self.client,
        )

    def announce(self, more: float) -> None:
        """Let the feeds list so many articles more."""
        self.announced += int(more)
        self.site.announce(self.announced)

    def published(self) -> int:
        """Return how many articles came to their outcome."""
        return self.services.status.counts().get("published", 0)

    def mark(self) -> Mark:
        """Return what was used until now."""
        machine = psutil.cpu_times()
        return Mark(
            time.monotonic(),
            self.published(),
            self.meter.cpu(),
            counted(self.folder),
            self.meter.redis(),
            machine.user + machine.nice + machine.system + machine.irq + machine.softirq,
        )

    def statements(self) -> int:
        """Return how many statements were published."""
        return int(self.client.xlen(f"{self.settings.key_prefix}:statements"))


def measure(plan: Plan, progress: Progress) -> Result:
    """Run a plan.

    Raises:
        TimeoutError: Nothing was published for a minute.
    """
    with _system(plan) as running:
        _work_off(running, HOSTS, HOSTS, 1.0, lambda done: progress("warm-up", done, HOSTS))
        full = _work_off(
            running, plan.articles, _BACKLOG, _COUNTED, lambda done: progress("full speed", done, plan.articles)
        )
        before = running.announced
        half = _at_rate(running, full.published / full.at / 2, progress)
        after_change, after_poll = _latencies(running, before)
        memory = dict(running.meter.peak_mb), own_mb(children(running.processes.running["worker"].pid))
        statements = running.statements() / running.published()
        progress("floors", 1, 1)
        return Result(plan, full, half, after_change, after_poll, statements, *memory, _floors(running))


@contextmanager
def _system(plan: Plan) -> Iterator[System]:
    """Start everything in a folder of its own, which is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="onrecord-bench-"))
    url = embedded.ensure(folder / "redis")
    try:
        with newsroom(HOSTS) as site, reader(url) as consumer:
            made = System(plan, folder, site, consumer, url)
            made.processes.start()
            try:
                yield made
            finally:
                made.processes.stop()
    finally:
        embedded.stop(folder / "redis")
        shutil.rmtree(folder)


def _settings(plan: Plan, folder: Path, urls: list[str]) -> Settings:
    """Return settings as a user would make them for hosts of his own: no spacing, loopback allowed."""
    feeds = folder / "feeds.toml"
    feeds.write_text("".join(f'[[feed]]\nurl = "{url}"\n' for url in urls))
    return Settings(
        state_dir=folder,
        feeds=feeds,
        allow_networks=(ip_network("127.0.0.0/8"),),
        host_spacing=timedelta(0),
        poll_min=timedelta(seconds=POLL_S[0]),
        poll_max=timedelta(seconds=POLL_S[1]),
        engine=plan.engine,
        concurrency=plan.workers,
    )


def _work_off(running: System, articles: int, backlog: int, share: float, progress: Callable[[int], None]) -> Mark:
    """Announce articles as they are worked off, until all are published; return what `share` of them took."""
    before = running.mark()
    end, counted_until = before.published + articles, before.published + share * articles
    to_announce, after, moved = articles, None, (before.published, time.monotonic())
    while (done := running.published()) < end:
        room = min(to_announce, backlog - (running.announced - done))
        if room > 0:
            running.announce(room)
            to_announce -= room
        if after is None and done >= counted_until:
            after = running.mark()
        moved = _moved(moved, done, running)
        progress(done - before.published)
        running.meter.sample_memory()
        time.sleep(_TURN_S)
    progress(articles)
    return (after or running.mark()).since(before)


def _at_rate(running: System, rate: float, progress: Progress) -> Mark:
    """Announce articles at a rate, for as long as the plan says; return what was used meanwhile."""
    before, begun = running.mark(), time.monotonic()
    first, seconds = running.announced, running.plan.seconds
    while (passed := time.monotonic() - begun) < seconds:
        running.announce(passed * rate - (running.announced - first))
        progress("half speed", int(passed), int(seconds))
        running.meter.sample_memory()
        time.sleep(_TURN_S)
    after = running.mark()
    moved = (0, time.monotonic())
    while (done := running.published()) < running.announced:
        moved = _moved(moved, done, running)
        time.sleep(_TURN_S)
    return after.since(before)


def _moved(before: tuple[int, float], done: int, running: System) -> tuple[int, float]:
    """Return how many are done and since when there are so many."""
    if done > before[0]:
        return done, time.monotonic()
    if time.monotonic() - before[1] > _LONGEST_PAUSE_S:
        log = "\n".join(running.processes.log.read_text().splitlines()[-20:])
        raise TimeoutError(f"nothing was published for {_LONGEST_PAUSE_S:g} s; the log ends so:\n{log}")
    return before


def _latencies(running: System, first: int) -> list[dict[str, float]]:
    """Return quantiles of the seconds until the statements of articles from `first` on were consumed."""
    deadline = time.monotonic() + _LONGEST_PAUSE_S
    while len((arrival := running.consumer.arrivals()).times) < running.statements() and time.monotonic() < deadline:
        time.sleep(_TURN_S)
    found = [(n, at) for n, at in zip(arrival.articles, arrival.times, strict=True) if n >= first]
    return [_spread([at - since[n] for n, at in found]) for since in running.site.changes()]


def _floors(running: System) -> dict[str, float]:
    """Measure the floors, with the same worker, Redis and newsroom, when nothing else goes on."""
    for url in running.site.feeds:
        running.services.registry.remove(url)
    return Floors(running.settings, running.redis_url, running.meter).measure(running.wire)


def _spread(seconds: list[float]) -> dict[str, float]:
    cuts = quantiles(seconds, n=100)
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "largest": max(seconds)}


def _less(after: dict[str, float], before: dict[str, float]) -> dict[str, float]:
    return {name: value - before.get(name, 0) for name, value in after.items()}
