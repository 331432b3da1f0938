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
        events: Sequence[tuple[str, Mapping[str, str]]] = (),
    ) -> str:
        """Give an article its one outcome and publish its events, all or nothing; returns what was recorded."""

    def sweep(self) -> Swept:
        """Find what dead workers held."""

    def permit(self, host: str) -> timedelta:
        """Ask for one extra request to `host`; zero when granted, else how long to wait."""


class Pages(Protocol):
    """Fetched pages between fetch and process, compressed."""

    def put(self, page: Page) -> str:
        """Store a page and return its reference; the same page gives the same reference."""

    def get(self, ref: str) -> Page:
        """Return a stored page; raises TransientError(PAGE_EXPIRED) when it is no longer there."""


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
