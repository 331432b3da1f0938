"""What a use case may need, one port each; a use case adds up its own.

`worker.services.Services` has them all, tests give what is asked for.
"""

from __future__ import annotations

from typing import Protocol

from config.settings import Settings
from worker.ports import (
    Articles,
    Clock,
    Clusters,
    FeedRegistry,
    Feeds,
    Hosts,
    Http,
    Pages,
    RobotsCache,
    Snapshots,
    Streams,
    Subscriptions,
)
from worker.statements.attribution import Engine


class HasSettings(Protocol):
    """The settings of the deployment."""

    @property
    def settings(self) -> Settings: ...


class HasClock(Protocol):
    """The time of day."""

    @property
    def clock(self) -> Clock: ...


class HasJitter(Protocol):
    """Return a random number in [0, 1)."""

    def jitter(self) -> float: ...


class HasHttp(Protocol):
    """Requests to hosts."""

    @property
    def http(self) -> Http: ...


class HasArticles(Protocol):
    """Articles on their way."""

    @property
    def articles(self) -> Articles: ...


class HasFeeds(Protocol):
    """Feeds between their polls."""

    @property
    def feeds(self) -> Feeds: ...


class HasRegistry(Protocol):
    """Which feeds are polled."""

    @property
    def registry(self) -> FeedRegistry: ...


class HasSubscriptions(Protocol):
    """Subscriptions at hubs."""

    @property
    def subscriptions(self) -> Subscriptions: ...


class HasHosts(Protocol):
    """When each host may be asked."""

    @property
    def hosts(self) -> Hosts: ...


class HasRobots(Protocol):
    """robots.txt by host."""

    @property
    def robots(self) -> RobotsCache: ...


class HasReservations(Protocol):
    """tdmrep.json by host."""

    @property
    def reservations(self) -> RobotsCache: ...


class HasPages(Protocol):
    """Fetched pages."""

    @property
    def pages(self) -> Pages: ...


class HasSnapshots(Protocol):
    """What is kept of articles that came to their outcome."""

    @property
    def snapshots(self) -> Snapshots: ...


class HasClusters(Protocol):
    """What is remembered of texts."""

    @property
    def clusters(self) -> Clusters: ...


class HasStreams(Protocol):
    """The published streams."""

    @property
    def streams(self) -> Streams: ...


class HasEngine(Protocol):
    """Return what finds the statements of texts in `language`."""

    def engine(self, language: str) -> Engine: ...
