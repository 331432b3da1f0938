"""Articles on their way: what the ledger hands out, what is known of each, and what is kept of those that ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from worker.core.records import FeedEntry


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Something a worker may start now: an article, or (with `is_feed`) a feed."""

    id: str
    token: int
    is_feed: bool


@dataclass(frozen=True, slots=True)
class Recheck:
    """What was published of an article that is looked at again.

    `content` is what `worker.versions.revisions` wrote of that `version`, `page_ref` the page that it came from,
    `conditions` the request headers that ask for a page only if it differs; both are empty when the article was
    withdrawn, since any page is news then. `missing` re-checks in a row found none.
    """

    version: int
    article_id: str
    content: str
    page_ref: str
    conditions: Mapping[str, str]
    missing: int
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Job:
    """One article on its way: what is known of it, the token that holds it, and what it is a re-check of, if of any.

    `trace` is the traceparent of the attempt that brought it here; "" when nothing is traced.
    """

    id: str
    token: int
    url: str
    host: str
    feed_id: str
    entry: FeedEntry
    attempts: int
    found: datetime
    page_ref: str = ""
    hop: str = ""
    recheck: Recheck | None = None
    trace: str = ""

    @property
    def target(self) -> str:
        """Return what to ask for: the article's own URL, or where that redirected to on another host."""
        return self.hop or self.url


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An article that came to its outcome, with the page it was made from, for replay.

    `article_id` is what it was published under, `version` counts from 1; 0 was never published. `content` is
    what `worker.versions.revisions` wrote of the last version, `cluster_id` the story that it is, "" if it is too short
    to tell.
    """

    job: Job
    outcome: str
    article_id: str
    version: int
    content: str
    cluster_id: str


@dataclass(frozen=True, slots=True)
class Admission:
    """What one listing came to: the ids that were new, and how many entries were known before."""

    admitted: tuple[str, ...]
    overlap: int


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: how many it put back, what to process again, what has no attempts left."""

    put_back: int
    again: tuple[HandedOut, ...]
    spent: tuple[HandedOut, ...]
