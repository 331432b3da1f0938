"""All ports in memory, and `Memory`, which has them as `worker.services.Services` does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from config.limits import RETAIN_INTERVAL, HttpLimits
from config.settings import Settings
from tests.ports.ledger import (
    NEVER,
    Ledger,
    MemoryArticles,
    MemoryDeadLetters,
    MemoryFeeds,
    MemoryHosts,
    MemorySnapshots,
    MemoryStatus,
    Polled,
)
from worker.adapters.redis.registry import read_feeds
from worker.contract import decode, event
from worker.core.errors import Reason, RejectedError, TransientError
from worker.core.status import FeedRow
from worker.core.urls import article_id, canonical_url, check_url, host_of
from worker.feeds.schedule import Bounds
from worker.feeds.websub import HubSubscription, rest_after_push
from worker.fetch.response import Response
from worker.ports import (
    Clock,
    Cluster,
    Clusters,
    EventEntry,
    EventLog,
    EventPage,
    FeedRegistry,
    Http,
    Pages,
    RobotsCache,
    Streams,
    Subscriptions,
)
from worker.statements import engine_for

STREAMS = tuple(event.STREAMS.values())
_ZERO = timedelta(0)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class MemoryClock(Clock):
    """A clock that goes when it is told to."""

    def __init__(self, now: datetime = datetime(2026, 3, 2, 12, tzinfo=UTC)) -> None:
        self._now = now

    def now(self):
        return self._now

    def advance(self, span: timedelta) -> None:
        self._now += span


class MemoryHttp(Http):
    """What hosts answer, by URL; `asked` has what was sent. No answer is no host."""

    def __init__(self) -> None:
        self.answers: dict[str, Response | Exception] = {}
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.posted: list[tuple[str, Mapping[str, str]]] = []

    def answer(self, url: str, body: bytes | str = b"", status: int = 200, **headers: str) -> None:
        sent = body.encode() if isinstance(body, str) else body
        lower = {name.replace("_", "-"): value for name, value in {"content_type": "text/html", **headers}.items()}
        self.answers[canonical_url(url)] = Response(status, url, lower, sent, timedelta(milliseconds=5))

    def fail(self, url: str, error: Exception) -> None:
        self.answers[canonical_url(url)] = error

    def get(self, url, *, limits: HttpLimits, headers=None, on_redirect: Callable[[str], None] | None = None):
        start, seen, is_permanent = check_url(url), {host_of(url)}, True
        url = start
        for _ in range(limits.redirects + 1):
            response = self._one(url, headers or {})
            target = response.headers.get("location")
            if response.status not in _REDIRECTS or not target:
                moved = response.url if is_permanent and response.url != start else None
                return replace(response, moved_to=moved)
            is_permanent = is_permanent and response.status in {301, 308}
            url = check_url(target)
            if host_of(url) not in seen and on_redirect:
                on_redirect(url)
            seen.add(host_of(url))
        raise RejectedError(Reason.TOO_MANY_REDIRECTS, start)

    def post(self, url, form, *, limits):
        self.posted.append((url, form))
        return self._answered(url)

    def _one(self, url: str, headers: Mapping[str, str]) -> Response:
        self.asked.append((url, headers))
        return self._answered(url)

    def _answered(self, url: str) -> Response:
        answer = self.answers.get(url, TransientError(Reason.CONNECT_FAILED, url, "nobody there"))
        if isinstance(answer, Exception):
            raise answer
        return answer


class MemoryPages(Pages):
    """Fetched pages by reference."""

    def __init__(self) -> None:
        self.stored = {}

    def put(self, page):
        digest = hashlib.sha256(page.url.encode() + b"\0" + page.body).hexdigest()[:32]
        ref = f"{digest}-{len(page.body)}"
        self.stored[ref] = page
        return ref

    def get(self, ref):
        if ref not in self.stored:
            raise TransientError(Reason.PAGE_EXPIRED, ref)
        return self.stored[ref]

    def remove(self, refs):
        for ref in refs:
            self.stored.pop(ref, None)


class MemoryRobots(RobotsCache):
    """Rules by host, believed as long as the clock says."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rules = {}
        self._asked: set[str] = set()

    def get(self, host):
        rules, until = self._rules.get(host, (None, NEVER))
        left = until - self._clock.now()
        return replace(rules, ttl=left) if rules and left > _ZERO else None

    def put(self, host, rules):
        self._rules[host] = rules, self._clock.now() + rules.ttl

    @contextmanager
    def fetch_lock(self, host) -> Iterator[bool]:
        is_mine = host not in self._asked
        self._asked.add(host)
        try:
            yield is_mine
        finally:
            if is_mine:
                self._asked.discard(host)


class MemoryClusters(Clusters):
    """Texts by their sketch; only the same is the same here, what is near has tests of its own on the real index."""

    def __init__(self) -> None:
        self._first: dict[tuple[bytes, str], Cluster] = {}
        self._of: dict[str, str] = {}

    def place(self, item_id, article, quotations, *, time, host):
        found = []
        if article:
            known = self._of.get(item_id)
            first = Cluster(known, time, host) if known else self._place(article, "", time, host)
            self._of[item_id] = first.id
            found.append(first)
        return found + [self._place(text, text.by, time, host) for text in quotations]

    def _place(self, text, by, time, host):
        return self._first.setdefault((text.sketch.hashes, by), Cluster(text.id, time, host))


class MemorySubscriptions(Subscriptions):
    """Subscriptions by feed."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._stored: dict[str, HubSubscription] = {}

    def get(self, feed_id):
        return self._stored.get(feed_id)

    def put(self, feed_id, subscription):
        self._stored[feed_id] = subscription

    def asked(self, feed_id, topic, now):
        known = self.get(feed_id)
        if known is None or known.topic != topic:
            known = HubSubscription(topic, f"secret of {topic.url}", f"token-{len(self._stored)}", now)
        self.put(feed_id, replace(known, asked=now, problem=""))
        return self._stored[feed_id]

    def pushed(self, feed_id, now):
        if feed_id in self._stored:
            rest = rest_after_push(self._stored[feed_id], now)
            self.put(feed_id, replace(self._stored[feed_id], pushed=now))
            feed = self._ledger.feeds.get(feed_id)
            if feed and feed.due is not None:
                feed.due = min(feed.due, now + rest if rest else NEVER)


class MemoryRegistry(FeedRegistry):
    """Which feeds are polled."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._moved: dict[str, str] = {}

    def add(self, url, name="", every=""):
        if every:
            Bounds.of(every)
        return self._register(check_url(url), name, every, "user")

    def _register(self, url, name, every, origin):
        key = self.key(url)
        feed = self._ledger.feeds.get(key)
        before = feed.origin if feed else ""
        if before not in {"", "config"} and origin == "config":
            return False
        if before == "removed" and key == article_id(url)[:16]:
            self._moved = {one: to for one, to in self._moved.items() if to != key}
        if before == "removed":
            feed.fields |= {"url": url, "host": host_of(url)}
        feed = feed or Polled({"url": url, "host": host_of(url)}, due=None)
        self._ledger.feeds[key] = feed
        feed.origin, feed.name, feed.every = origin, name or feed.name, every or feed.every
        if feed.due is not None or (before == "config" == origin):
            return False
        feed.due = self._ledger.now()
        return True

    def remove(self, url):
        feed = self._ledger.feeds.get(self.key(url))
        if feed is None or feed.origin == "removed":
            return False
        feed.origin, feed.due, feed.token = "removed", None, feed.token + 1
        self._ledger.queues[feed.host].pop(f"feed:{self.key(url)}", None)
        return True

    def key(self, url):
        own = article_id(url)[:16]
        return self._moved.get(own, own)

    def moved(self, key, url):
        if key != article_id(url)[:16]:
            self._moved[article_id(url)[:16]] = key

    def sync(self, path):
        return sum(self._register(url, name, every, "config") for url, name, every in read_feeds(path))

    def poll_now(self, url):
        feed = self._ledger.feeds.get(self.key(url))
        if feed and feed.due is not None:
            feed.due = NEVER

    def accept(self, url):
        feed = self._ledger.feeds.get(self.key(url))
        proposal = feed.fields.get("proposal", "") if feed else ""
        if proposal:
            feed.fields["accepted"] = proposal
            self.poll_now(url)
        return proposal

    def polls(self, url, *, but):
        feed = self._ledger.feeds.get(self.key(url))
        return self.key(url) != but and feed is not None and feed.due is not None

    def row(self, key):
        feed = self._ledger.feeds[key]
        status, failures = feed.fields.get("status", "not polled yet"), int(feed.fields.get("failures", 0))
        url, proposal = feed.fields["url"], feed.fields.get("proposal", "")
        return FeedRow(key, url, feed.name, feed.origin, feed.every, feed.due, feed.polled, status, failures, proposal)

    def rows(self):
        known = (self.row(key) for key in self._ledger.feeds)
        return sorted((row for row in known if row.origin != "removed"), key=lambda row: row.url)

    def statuses(self):
        rows = self.rows()
        return {row.status: sum(one.status == row.status for one in rows) for row in rows}

    def cursor(self, key):
        feed = self._ledger.feeds.get(key)
        return None if feed is None or feed.origin == "removed" else feed.archive

    def keep_cursor(self, key, cursor):
        self._ledger.feeds[key].archive = cursor


class MemoryStreams(Streams):
    """The streams of the ledger's events; groups are what a test says."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._looked: datetime | None = None
        self._warned: set[str] = set()
        self.present = []
        self.used = (1_000_000, 0)
        self.trimmed: list[tuple[str, timedelta, int, Mapping[str, timedelta]]] = []

    def is_due(self):
        if self._looked is not None and self._ledger.now() - self._looked < RETAIN_INTERVAL:
            return False
        self._looked = self._ledger.now()
        return True

    def bytes(self):
        return {one: sum(len(str(fields)) for _, fields in self._of(one)) for one in STREAMS}

    def lengths(self):
        return {one: len(self._of(one)) for one in STREAMS}

    def memory(self):
        return self.used

    def trim(self, stream, *, keep, surplus, held):
        self.trimmed.append((stream, keep, surplus, dict(held)))
        return 0

    def groups(self):
        return list(self.present)

    def raise_pressure(self, reason):
        is_new, self._ledger.pressure = not self._ledger.pressure, reason
        return is_new

    def pressure(self):
        return self._ledger.pressure

    def unpress(self):
        was, self._ledger.pressure = bool(self._ledger.pressure), ""
        return was

    def warn(self, group):
        is_new = group.key not in self._warned
        self._warned.add(group.key)
        return is_new

    def unwarn(self, but):
        self._warned &= {group.key for group in but}

    def _of(self, stream):
        return [(name, fields) for name, fields in self._ledger.events if name.endswith(f":{stream}")]


class MemoryEventLog(EventLog):
    """The published events of the ledger; ids are their numbers."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def page(self, stream, fits=lambda _: True, *, subject=None, before=None, limit=100):
        older = [one for one in reversed(self._entries(stream)) if before is None or _place(one.id) < _place(before)]
        found = [one for one in older if fits(one.event) and subject in {None, one.event.subject}]
        return EventPage(found[:limit], found[limit - 1].id if len(found) >= limit else None)

    def after(self, stream, entry_id, limit=100):
        newer = [one for one in self._entries(stream) if _place(one.id) > _place(entry_id)][:limit]
        return newer, newer[-1].id if newer else entry_id

    def last_id(self, stream):
        entries = self._entries(stream)
        return entries[-1].id if entries else "0-0"

    def between(self, stream, since, until, *, subject=None):
        times = ((one, _place(one.id)[0]) for one in self._entries(stream))
        return [one for one, at in times if since <= at <= until and subject in {None, one.event.subject}]

    def _entries(self, stream) -> list[EventEntry]:
        rows = zip(self._ledger.events, self._ledger.times, strict=True)
        mine = ((fields, ms) for (name, fields), ms in rows if name.endswith(f":{stream}"))
        return [EventEntry(f"{ms}-{number}", decode(fields)) for number, (fields, ms) in enumerate(mine)]


def _place(entry_id: str) -> tuple[int, int]:
    ms, _, number = entry_id.partition("-")
    return int(ms), int(number or 0)


@dataclass
class Memory:
    """All ports in memory: what a use case is given in a unit test."""

    settings: Settings = field(
        default_factory=lambda: Settings(key_prefix="test", host_spacing=_ZERO, engine="rules", feeds=Path("none"))
    )
    clock: MemoryClock = field(default_factory=MemoryClock)
    chance: float = 0.5

    def jitter(self) -> float:
        return self.chance

    def engine(self, language: str):
        return engine_for(language, "rules")

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.settings, self.clock)

    @cached_property
    def articles(self) -> MemoryArticles:
        return MemoryArticles(self.ledger)

    @cached_property
    def feeds(self) -> MemoryFeeds:
        return MemoryFeeds(self.ledger)

    @cached_property
    def registry(self) -> MemoryRegistry:
        return MemoryRegistry(self.ledger)

    @cached_property
    def subscriptions(self) -> MemorySubscriptions:
        return MemorySubscriptions(self.ledger)

    @cached_property
    def hosts(self) -> MemoryHosts:
        return MemoryHosts(self.ledger)

    @cached_property
    def snapshots(self) -> MemorySnapshots:
        return MemorySnapshots(self.ledger)

    @cached_property
    def dead_letters(self) -> MemoryDeadLetters:
        return MemoryDeadLetters(self.ledger)

    @cached_property
    def status(self) -> MemoryStatus:
        return MemoryStatus(self.ledger)

    @cached_property
    def streams(self) -> MemoryStreams:
        return MemoryStreams(self.ledger)

    @cached_property
    def events(self) -> MemoryEventLog:
        return MemoryEventLog(self.ledger)

    @cached_property
    def pages(self) -> MemoryPages:
        return MemoryPages()

    @cached_property
    def clusters(self) -> MemoryClusters:
        return MemoryClusters()

    @cached_property
    def robots(self) -> MemoryRobots:
        return MemoryRobots(self.clock)

    @cached_property
    def reservations(self) -> MemoryRobots:
        return MemoryRobots(self.clock)

    @cached_property
    def http(self) -> MemoryHttp:
        return MemoryHttp()
