"""What the pipeline needs from outside; each contract stated once.

Every method may raise `TransientError(STORE_UNAVAILABLE)` when the store cannot be reached; then nothing
is known to have happened, and calling again is safe. Implementations are safe to call from many
processes and threads at the same time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from worker.errors import Reason
from worker.records import FeedEntry, Page


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Something a worker may start now: an article, or (with `is_feed`) a feed."""

    id: str
    token: int
    is_feed: bool


@dataclass(frozen=True, slots=True)
class Job:
    """One admitted article on its way: what is known of it, and the token that holds it."""

    id: str
    token: int
    url: str
    host: str
    feed_id: str
    entry: FeedEntry
    attempts: int
    found: datetime
    page_ref: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """An article that came to its outcome, with the page it was made from, for replay.

    `article_id` is what it was published under, `version` counts from 1; 0 was never published. `content` is
    what `worker.editions` wrote of the last version.
    """

    job: Job
    outcome: str
    article_id: str
    version: int
    content: str


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between polls, apart from its listing."""

    id: str
    token: int
    url: str
    host: str
    fields: Mapping[str, str]


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


class Ledger(Protocol):
    """The truth about every article; a Celery message is only a hint to look here."""

    def take(self) -> list[HandedOut]:
        """Hand out everything that is due and that its host permits; each with a new token."""

    def claim(self, item_id: str, token: int, stage: str) -> Job | None:
        """Claim an article that was handed out; None when this token has no claim (any more)."""

    def claim_feed(self, feed_id: str, token: int) -> FeedState | None:
        """Claim a feed that was handed out; None when this token has no claim (any more)."""

    def feed(self, feed_id: str) -> FeedState | None:
        """Return the state of a feed, with its current token; None when it is not registered."""

    def set_interval(self, feed_id: str, interval: timedelta) -> None:
        """Make the feed due after `interval` from now."""

    def admit(self, entries: Sequence[FeedEntry]) -> Admission:
        """Admit entries that no feed listed (manual requests); known ones are counted as overlap."""

    def polled(
        self, feed: FeedState, entries: Sequence[FeedEntry] | None, fields: Mapping[str, str], wait: timedelta
    ) -> Admission | None:
        """Record a poll: new entries and the feed's new state in one step; None when the token is stale.

        `entries` is the complete listing, or None when there was none to look at (304, failure).
        """

    def job(self, item_id: str, token: int) -> Job | None:
        """Return an article on its way, if `token` still holds it."""

    def fetched(self, job: Job, page_ref: str, spacing: timedelta) -> int | None:
        """Move a fetched article on to the process stage; returns its next token, None when stale."""

    def put_back(self, job: Job, delay: timedelta, reason: Reason, *, hold: timedelta, counts: bool) -> str:
        """Put an article back for later; returns BACK, EXHAUSTED or STALE. `hold` stops its whole host."""

    def finish(
        self,
        job: Job,
        outcome: str,
        reason: Reason | None,
        *,
        canonical_id: str = "",
        content: str = "",
        events: Sequence[tuple[str, Mapping[str, str]]] = (),
    ) -> str:
        """Give an article its one outcome and publish its events, all or nothing; returns what was recorded.

        An article that has a page, and is no duplicate, is kept as an `Edition` with `content`.
        """

    def kept(self, since: datetime) -> list[str]:
        """Return the ids of the editions since then, the oldest first."""

    def edition(self, key: str) -> Edition | None:
        """Return an edition; None when it was evicted."""

    def republish(
        self, edition: Edition, article_id: str, content: str, events: Sequence[tuple[str, Mapping[str, str]]]
    ) -> str:
        """Make a new version of an edition and publish its events, all or nothing.

        Returns PUBLISHED, STALE (there is another version by now) or DUPLICATE (another URL published the article).
        """

    def evict(self, budget_bytes: int) -> list[str]:
        """Forget editions beyond the budget or too old, some at a time; return their page references."""

    def count_failure(self) -> bool:
        """Count an article that failed by our own fault; tell whether it was one too many, and all pauses now."""

    def sweep(self) -> Swept:
        """Find what dead workers held."""

    def permit(self, host: str) -> timedelta:
        """Ask for one extra request to `host`; zero when granted, else how long to wait."""


class Pages(Protocol):
    """Fetched pages, compressed; `limits.PAGE_TTL` ends them, unless `remove` does so before."""

    def put(self, page: Page) -> str:
        """Store a page and return its reference, `<hash>-<compressed bytes>`; the same page gives the same one."""

    def get(self, ref: str) -> Page:
        """Return a stored page; raises TransientError(PAGE_EXPIRED) when it is no longer there."""

    def remove(self, refs: Sequence[str]) -> None:
        """Remove pages; those that are not there are passed over."""


class RobotsCache(Protocol):
    """robots.txt by host, with the time it may be believed."""

    def get(self, host: str) -> str | None:
        """Return the cached robots.txt of a host ("" = everything allowed), None when it is not known."""

    def put(self, host: str, text: str, ttl: timedelta) -> None:
        """Remember a host's robots.txt."""


class Clock(Protocol):
    """The time of day; the only clock in the pipeline."""

    def now(self) -> datetime:
        """Return the current time, aware UTC."""
