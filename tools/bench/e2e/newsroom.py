"""The newsroom and the consumer, each a process of its own, so that its CPU time is nobody else's."""

from __future__ import annotations

import multiprocessing
import re
import threading
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import NamedTuple

from tests.newsroom.bulk import BulkSite, Wire
from tests.newsroom.server import Reply
from worker.contract import Consumer

_SPAWN = multiprocessing.get_context("spawn")
ENDLESS = 10**9  # articles that could be announced; pages are written when they are asked for
_NUMBER = re.compile(r"/news/(\d+)/")


class PacedSite(BulkSite):
    """Announces article by article, host after host; a feed that did not change is kept.

    By article: `changes` is when its feed changed, `served` when somebody asked for that feed first (monotonic clock).
    """

    def __init__(self, hosts: int) -> None:
        super().__init__(Wire(hosts=hosts, articles=ENDLESS))
        self.changes = array("d")
        self.served: dict[int, float] = {}
        self._kept: dict[int, tuple[int, Reply]] = {}

    def announce(self, count: int) -> None:
        """Let the feeds list all articles below `count`; those that are new are so from now on."""
        now = time.monotonic()
        self.changes.extend([now] * (count - len(self.changes)))

    def _feed(self, host: int) -> Reply:
        listed = len(range(host, len(self.changes), self.wire.hosts))
        known, reply = self._kept.get(host, (-1, None))
        if reply is None or known != listed:
            reply = Reply(self.wire.feed(host, listed), "application/atom+xml", compress=False)
            self._kept[host] = listed, reply
            now = time.monotonic()
            for n in range(host, len(self.changes), self.wire.hosts)[max(known, 0) : listed]:
                self.served.setdefault(n, now)
        return reply


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A site in another process."""

    pid: int
    feeds: list[str]
    pipe: Connection

    def announce(self, count: int) -> None:
        """Let the feeds list all articles below `count`."""
        self.pipe.send(count)

    def changes(self) -> tuple[array[float], dict[int, float]]:
        """Return when each article was announced, and when its feed was served first, by the monotonic clock."""
        self.pipe.send(None)
        return self.pipe.recv()


@contextmanager
def newsroom(hosts: int) -> Iterator[Newsroom]:
    """Start a newsroom that has announced nothing yet."""
    with _spawned(_publish, hosts) as (pid, pipe):
        yield Newsroom(pid, pipe.recv(), pipe)


def _publish(pipe, hosts: int) -> None:
    with PacedSite(hosts) as site:
        pipe.send(site.feeds)
        while True:
            count = pipe.recv()
            if count is None:
                pipe.send((site.changes, site.served))
            else:
                site.announce(count)


class Arrival(NamedTuple):
    """When the consumer had each statement, by the machine's monotonic clock, and of which article it is."""

    articles: array[int]
    times: array[float]


@dataclass(frozen=True, slots=True)
class Reader:
    """A consumer of statements in another process."""

    pid: int
    pipe: Connection

    def arrivals(self) -> Arrival:
        """Return what was consumed so far."""
        self.pipe.send(None)
        return self.pipe.recv()


@contextmanager
def reader(redis_url: str) -> Iterator[Reader]:
    """Start a consumer group of one on the stream of statements."""
    with _spawned(_consume, redis_url) as (pid, pipe):
        yield Reader(pid, pipe)


@contextmanager
def _spawned(work: Callable[..., None], about: object) -> Iterator[tuple[int, Connection]]:
    """Run `work(pipe, about)` in another process; what is yielded is its pid and our end of the pipe."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=work, args=(theirs, about), daemon=True)
    process.start()
    try:
        yield process.pid, ours
    finally:
        process.terminate()
        process.join()


def _consume(pipe, redis_url: str) -> None:
    arrival = Arrival(array("q"), array("d"))

    def handle(event) -> None:
        arrival.articles.append(int(_NUMBER.search(event.data["article"]["url"])[1]))
        arrival.times.append(time.monotonic())

    def answer() -> None:
        while True:
            pipe.recv()
            pipe.send(arrival)

    threading.Thread(target=answer, daemon=True).start()
    Consumer("statements", group="bench", url=redis_url).run(handle)
