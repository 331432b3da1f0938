"""The worker's decisions against made-up publishers: real schedule, real pace, virtual time.

Polls and articles of a host queue for its permit, one request at a time: polls first, as in `take.lua`. The host
answers in its own latency, and the pace follows it. What is pure in the worker is the real thing here; Redis and
the network are left out.
"""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tools.simulation.publisher import DAY_S, START, Publisher
from worker.core.records import FeedEntry
from worker.feeds.feed import FeedDocument
from worker.feeds.memory import Memory
from worker.feeds.schedule import Bounds, Decision, Listing, after_failure
from worker.fetch import pace
from worker.fetch.pace import HostPace

BOUNDS = Bounds(timedelta(minutes=5), timedelta(hours=6))
FLOOR = timedelta(seconds=1)
RETRY_AFTER = timedelta(minutes=20)


@dataclass(slots=True)
class Host:
    """When it may be asked next, how often, and how long it takes to answer."""

    latency: timedelta
    free: float = 0.0
    pace: HostPace = field(default_factory=lambda: HostPace(FLOOR, had_success=False))
    articles: int = 0
    since: float = 0.0
    asked: float = float("-inf")
    alone_until: float = 0.0

    def start(self, due: float) -> float:
        """Return when a poll that is due starts; the articles that wait are fetched in the time before."""
        self._fetch_articles(due)
        return self._ask(max(due, self.free))

    def answered(self) -> None:
        """Adapt to a good answer."""
        self.pace = pace.adapted(self.pace, self.latency, floor=FLOOR, concurrency=1)
        self.free = self.asked + self.pace.spacing.total_seconds()

    def throttled(self, asked: timedelta) -> None:
        """Adapt to a 429."""
        self.pace = pace.slowed(self.pace, floor=FLOOR)
        self.alone_until = self.asked + pace.hold(asked).total_seconds()
        self.free = max(self.alone_until, self.asked + self.pace.spacing.total_seconds())

    def _fetch_articles(self, until: float) -> None:
        spacing = self.pace.spacing.total_seconds()
        begin = max(self.free, self.since)
        fetched = min(self.articles, max(0, int((until - begin) / spacing)))
        if fetched:
            self.articles -= fetched
            self.asked = begin + (fetched - 1) * spacing
            self.free = self.asked + spacing

    def _ask(self, at: float) -> float:
        assert at >= self.alone_until, "asked while it wanted to be left alone"
        assert at - self.asked >= FLOOR.total_seconds() - 1e-6, "asked too soon after the last request"
        self.asked = at
        return at


@dataclass(slots=True)
class Watched:
    """One feed as the worker knows it, and the truth about it."""

    publisher: Publisher
    memory: Memory = field(default_factory=Memory)
    listed: tuple[int, int] | None = None
    seen: int = 0
    polled: float = 0.0
    gaps: int = 0
    missed: int = 0
    polls: int = 0
    longest: float = 0.0
    ended: bool = False


@dataclass(slots=True)
class World:
    """All feeds and hosts. With `fixed`, every feed is polled at that interval instead, to compare.

    A run leaves behind, in seconds: `lags` from publication to poll, `waits` of polls for their host; and how many
    entries were missed `unannounced`, without a gap event.
    """

    publishers: list[Publisher]
    fixed: timedelta | None = None
    seed: int = 0
    lags: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    unannounced: int = 0

    def run(self, days: int) -> list[Watched]:
        """Play `days` from the start; return the feeds."""
        rng = random.Random(self.seed)
        hosts = {p.host: Host(timedelta(seconds=rng.lognormvariate(-1, 0.8))) for p in self.publishers}
        feeds = [Watched(publisher) for publisher in self.publishers]
        due = [(0.0, n) for n in range(len(feeds))]
        while due:
            at, n = heapq.heappop(due)
            if at >= days * DAY_S:
                break
            watched = feeds[n]
            host = hosts[watched.publisher.host]
            start = host.start(at)
            self.waits.append(start - at)
            decision = self._poll(watched, host, start, rng)
            if decision.wait is not None:
                heapq.heappush(due, (start + decision.wait.total_seconds(), n))
        return feeds

    def _poll(self, watched: Watched, host: Host, at: float, rng: random.Random) -> Decision:
        publisher = watched.publisher
        watched.polls += 1
        watched.longest = max(watched.longest, at - watched.polled)
        watched.polled = at
        if publisher.busy[0] <= at < publisher.busy[1]:
            host.throttled(RETRY_AFTER)
            return self._failed(watched, RETRY_AFTER, rng)
        host.answered()
        if at >= publisher.gone:
            watched.ended = True
            return Decision(None)
        if publisher.down[0] <= at < publisher.down[1]:
            return self._failed(watched, None, rng)
        return self._read(watched, host, at, rng)

    def _failed(self, watched: Watched, asked: timedelta | None, rng: random.Random) -> Decision:
        failures = watched.memory.failures + 1
        watched.memory = replace(watched.memory, failures=failures)
        return after_failure(failures, asked, BOUNDS, chance=rng.random())

    def _read(self, watched: Watched, host: Host, at: float, rng: random.Random) -> Decision:
        publisher, now = watched.publisher, START + timedelta(seconds=at)
        first, end = publisher.listed(at)
        before, watched.listed = watched.listed, (first, end)
        if before == (first, end):
            watched.memory = watched.memory.after(None, 0, now)
            return self._decide(watched, None, now, rng)
        overlap = max(0, before[1] - max(before[0], first)) if before and before[0] < before[1] else None
        listing = Listing(end - first, overlap)
        self._account(watched, listing, before, first, end, at)
        host.articles += listing.new
        host.since = at
        feed = self._feed(publisher, first, end) if before is None else FeedDocument("rss", (), **_wishes(publisher))
        watched.memory = watched.memory.after(feed, listing.new, now)
        return self._decide(watched, listing, now, rng)

    def _decide(self, watched: Watched, listing: Listing | None, now: datetime, rng: random.Random) -> Decision:
        chance = rng.random()
        if self.fixed:
            return Decision(self.fixed * (1 + chance / 10))
        return watched.memory.decide(listing, timedelta(0), BOUNDS, now=now, chance=chance)

    def _account(
        self, watched: Watched, listing: Listing, before: tuple[int, int] | None, first: int, end: int, at: float
    ) -> None:
        """Count what was missed, whether that was announced, and how long what is new had been out."""
        known = first if before is None else before[1]
        missed = max(0, first - known)
        watched.missed += missed
        watched.gaps += listing.is_gap
        self.unannounced += missed if not listing.is_gap else 0
        published = watched.publisher.published
        self.lags += [at - published[n] for n in range(max(first, known), end) if before is not None]

    def _feed(self, publisher: Publisher, first: int, end: int) -> FeedDocument:
        dated = (START + timedelta(seconds=publisher.published[n]) for n in range(first, end))
        entries = tuple(FeedEntry("https://paper.example/", published=moment) for moment in dated)
        return FeedDocument("rss", entries, **_wishes(publisher))


def _wishes(publisher: Publisher) -> dict[str, Any]:
    return {"ttl": publisher.ttl, "skip_hours": publisher.skip_hours}
