"""The walk through the archive of a feed (RFC 5005): where it stands, and which pages come next. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from worker.core.records import FeedEntry
from worker.core.urls import canonical_url
from worker.feeds.feed import FeedDocument

_MAX_PAGES = 5_000  # of one archive: a page a day for thirteen years


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a walk stands: the pages to read, marks of those that were read, and what this walk brought.

    `denied` is how many pages robots.txt kept it from.
    """

    waiting: tuple[str, ...]
    read: tuple[str, ...] = ()
    new: int = 0
    known: int = 0
    denied: int = 0

    def past(self, page: str, found: Sequence[str]) -> Progress:
        """Step over a page that was read, to those that wait and those that it leads to, each once."""
        read = (*self.read, _mark(page))
        marks = {_mark(url): url for url in (*self.waiting, *found)}
        unread = [url for mark, url in marks.items() if mark and mark not in read]
        return replace(self, read=read, waiting=tuple(unread if len(read) < _MAX_PAGES else ()))


def older(feed: FeedDocument, entries: Sequence[FeedEntry], since: datetime | None) -> list[str]:
    """Return the pages that a page leads to; none when `entries`, those that are young enough, are none of its own."""
    if feed.kind == "sitemap_index":
        dated = sorted(feed.sitemaps, key=lambda sitemap: str(sitemap.published or ""), reverse=True)
        return [sitemap.url for sitemap in dated if not is_before(sitemap, since)]
    page = feed.prev_archive or feed.next_page
    ended = feed.is_complete or (feed.entries and not entries)
    return [page] if page and not ended else []


def is_before(entry: FeedEntry, since: datetime | None) -> bool:
    """Tell whether an entry says that it was published before `since`."""
    return bool(since and entry.published and entry.published < since)


def _mark(page: str) -> str:
    """Return a short name for a page; nothing for what is no URL."""
    try:
        return hashlib.sha256(canonical_url(page).encode()).hexdigest()[:16]
    except ValueError:
        return ""
