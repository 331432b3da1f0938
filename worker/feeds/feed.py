"""What a feed document says, whatever its dialect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from worker.core.records import FeedEntry

FeedKind = Literal["rss", "atom", "json", "sitemap", "sitemap_index"]


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """One parsed feed document; `entries` are in document order, every URL in it is absolute http(s).

    `ttl`, `skip_hours` (of the day, UTC) and `skip_days` (0 is Monday) are wishes of the publisher about polling,
    `period` is how often it says that it updates the feed.
    `prev_archive` and `next_page` lead to further entries (RFC 5005), `is_complete` says that there are none,
    `hub` is a WebSub hub to subscribe at,
    `sitemaps` are what a sitemap index lists, each with the time of its last change.
    """

    kind: FeedKind
    entries: tuple[FeedEntry, ...] = ()
    title: str | None = None
    link: str | None = None
    self_link: str | None = None
    hub: str | None = None
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    period: timedelta | None = None
    prev_archive: str | None = None
    next_archive: str | None = None
    next_page: str | None = None
    is_complete: bool = False
    sitemaps: tuple[FeedEntry, ...] = ()
