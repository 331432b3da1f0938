"""The composition root: Settings -> Services, once per process, after the fork."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from config.settings import Settings, SettingsError
from worker.adapters import embedded
from worker.adapters.clock import SystemClock
from worker.adapters.http.client import HttpClient
from worker.adapters.redis.articles import RedisArticles
from worker.adapters.redis.clusters import RedisClusters
from worker.adapters.redis.dead_letters import RedisDeadLetters
from worker.adapters.redis.event_log import RedisEventLog
from worker.adapters.redis.feeds import RedisFeeds
from worker.adapters.redis.hosts import RedisHosts
from worker.adapters.redis.intervals import Intervals
from worker.adapters.redis.journal import Journal
from worker.adapters.redis.ledger import Ledger, Pace
from worker.adapters.redis.measures import Measures
from worker.adapters.redis.pages import RedisPages
from worker.adapters.redis.registry import RedisFeedRegistry
from worker.adapters.redis.robots import RedisRobotsCache
from worker.adapters.redis.snapshots import RedisSnapshots
from worker.adapters.redis.status import RedisStatus
from worker.adapters.redis.store import connect
from worker.adapters.redis.streams import RedisStreams
from worker.adapters.redis.subscriptions import RedisSubscriptions
from worker.statements import ENGINES, engine_for
from worker.statements.attribution import Engine


@dataclass
class Services:
    """Everything that the pipeline needs from outside; nothing connects before its first use."""

    settings: Settings
    redis_url: str
    clock: SystemClock = field(default_factory=SystemClock)
    jitter: Callable[[], float] = random.random

    @classmethod
    def of(cls, settings: Settings) -> Services:
        """Return the services for `settings`, on the Redis that they or the state folder name.

        Raises:
            SettingsError: As `check_engine`.
        """
        check_engine(settings)
        return cls(settings, embedded.resolve_url(settings.redis_url, redis_folder(settings)))

    @property
    def broker_url(self) -> str:
        """Return the Redis that has Celery's queues."""
        return self.settings.broker_url or self.redis_url

    @cached_property
    def broker(self) -> Any:
        """A client of the Redis that has Celery's queues."""
        return connect(self.broker_url)

    @cached_property
    def ledger(self) -> Ledger:
        """What the six ports of the ledger share."""
        settings = self.settings
        pace = Pace(
            cap=settings.max_in_flight,
            spacing=settings.host_spacing,
            concurrency=settings.host_concurrency,
            attempts=settings.max_attempts,
            rechecks=settings.rechecks_an_hour,
        )
        return Ledger(self.redis_url, settings.key_prefix, pace)

    @cached_property
    def articles(self) -> RedisArticles:
        """Articles on their way."""
        return RedisArticles(self.ledger)

    @cached_property
    def feeds(self) -> RedisFeeds:
        """Feeds between their polls."""
        return RedisFeeds(self.ledger)

    @cached_property
    def hosts(self) -> RedisHosts:
        """When each host may be asked."""
        return RedisHosts(self.ledger)

    @cached_property
    def snapshots(self) -> RedisSnapshots:
        """What is kept of articles that came to their outcome."""
        return RedisSnapshots(self.ledger)

    @cached_property
    def dead_letters(self) -> RedisDeadLetters:
        """Articles that are dead."""
        return RedisDeadLetters(self.ledger)

    @cached_property
    def status(self) -> RedisStatus:
        """Questions to the ledger."""
        return RedisStatus(self.ledger)

    @cached_property
    def streams(self) -> RedisStreams:
        """The published streams and their consumer groups."""
        return RedisStreams(self.redis_url, self.settings.key_prefix)

    @cached_property
    def registry(self) -> RedisFeedRegistry:
        """The registry of feeds."""
        return RedisFeedRegistry(self.redis_url, self.settings.key_prefix)

    @cached_property
    def pages(self) -> RedisPages:
        """The store of fetched pages."""
        return RedisPages(self.redis_url, self.settings.key_prefix)

    @cached_property
    def clusters(self) -> RedisClusters:
        """The index of near-duplicates."""
        return RedisClusters(self.redis_url, self.settings.key_prefix)

    @cached_property
    def robots(self) -> RedisRobotsCache:
        """The cache of robots.txt."""
        return RedisRobotsCache(self.redis_url, self.settings.key_prefix)

    @cached_property
    def reservations(self) -> RedisRobotsCache:
        """The cache of tdmrep.json, which is asked for and kept like robots.txt."""
        return RedisRobotsCache(self.redis_url, self.settings.key_prefix, "tdmrep")

    @cached_property
    def subscriptions(self) -> RedisSubscriptions:
        """The subscriptions at hubs."""
        return RedisSubscriptions(self.redis_url, self.settings.key_prefix)

    @cached_property
    def journal(self) -> Journal:
        """The journal of attempts."""
        return Journal(self.redis_url, self.settings.key_prefix)

    @cached_property
    def events(self) -> RedisEventLog:
        """The published events, to be read."""
        return RedisEventLog(self.redis_url, self.settings.key_prefix)

    @cached_property
    def measures(self) -> Measures:
        """What was counted for metrics."""
        return Measures(self.redis_url, self.settings.key_prefix)

    @cached_property
    def intervals(self) -> Intervals:
        """Work that is done once an interval by all processes together."""
        return Intervals(self.redis_url, self.settings.key_prefix)

    @cached_property
    def http(self) -> HttpClient:
        """The HTTP client: bounded, and without state between requests."""
        return HttpClient(user_agent=self.settings.user_agent, allow=self.settings.allow_networks)

    def engine(self, language: str) -> Engine:
        """Return the engine for texts in `language`; it loads its weights on first use.

        Raises:
            LookupError: If no engine reads the language, or if the engine is not part of this installation.
        """
        return engine_for(language, self.settings.engine)


def check_engine(settings: Settings) -> None:
    """Check that there is an engine of the name that is set; `config` knows no engine by name.

    Raises:
        SettingsError: If there is none.
    """
    if settings.engine not in ENGINES:
        accepted = ", ".join(ENGINES)
        raise SettingsError([f"setting ONRECORD_ENGINE: got {settings.engine!r}, accepts one of {accepted}"])


def redis_folder(settings: Settings) -> Path:
    """Return where the embedded Redis keeps its data."""
    return settings.state_dir / "redis"
