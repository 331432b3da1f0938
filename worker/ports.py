"""What the pipeline needs from outside; each contract stated once.

Every method may raise `TransientError(STORE_UNAVAILABLE)` when the store cannot be reached; then nothing
is known to have happened, and calling again is safe. Implementations are safe to call from many
processes and threads at the same time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from worker.core.errors import Reason
from worker.core.jobs import Admission, Edition, FeedState, HandedOut, Job, Swept
from worker.core.records import FeedEntry, Page
from worker.duplicates import Sketch
from worker.feeds.schedule import Listing
from worker.fetch.pace import HostPace
from worker.fetch.robots import Rules


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

    def admit(self, entries: Sequence[FeedEntry], *, archive_of: str = "") -> Admission:
        """Admit entries that no poll listed: asked for by hand, or (with its id) from the archive of a feed."""

    def polled(
        self,
        feed: FeedState,
        entries: Sequence[FeedEntry] | None,
        fields: Mapping[str, str],
        wait: timedelta | None,
        events: Sequence[tuple[str, Mapping[str, str]]] = (),
    ) -> Admission | None:
        """Record a poll: new entries, the feed's new state and events in one step; None when the token is stale.

        `entries` is the complete listing, or None when there was none to look at (304, failure). The feed is due
        again after `wait`; None: never.
        """

    def listing(self, feed_id: str, entries: Sequence[FeedEntry]) -> Listing:
        """Return how many articles `entries` are, and how many of them were in the feed's last complete listing."""

    def job(self, item_id: str, token: int) -> Job | None:
        """Return an article on its way, if `token` still holds it."""

    def fetched(self, job: Job, page_ref: str, validators: Mapping[str, str]) -> int | None:
        """Move a fetched article on to the process stage; returns its next token, None when stale.

        `validators` are `Response.validators`, kept for a re-check.
        """

    def rehost(self, job: Job, url: str) -> str:
        """Queue an article that was redirected at the host of `url`; returns BACK, EXHAUSTED (too often) or STALE."""

    def put_back(self, job: Job, delay: timedelta, reason: Reason, *, counts: bool) -> str:
        """Put an article back for later; returns BACK, EXHAUSTED or STALE."""

    def finish(
        self,
        job: Job,
        outcome: str,
        reason: Reason | None,
        *,
        canonical_id: str = "",
        content: str = "",
        recheck: timedelta | None = None,
        events: Sequence[tuple[str, Mapping[str, str]]] = (),
    ) -> str:
        """Give an article its one outcome and publish its events, all or nothing; returns what was recorded.

        An article that has a page, and is no duplicate, is kept as an `Edition` with `content`; it is looked at again
        after `recheck`, if that is set and it was published.
        """

    def recheck(self, article: str) -> bool:
        """Let a published article be looked at again at once; False when it is not kept (any more)."""

    def rechecked(
        self,
        job: Job,
        came: str,
        wait: timedelta | None,
        *,
        is_missing: bool = False,
        content: str = "",
        page_ref: str = "",
        events: Sequence[tuple[str, Mapping[str, str]]] = (),
    ) -> str | None:
        """End a re-check, all or nothing: publish `events` and keep `content` as the new version, if there are any.

        Returns the reference of the page that is not needed any more, "" for none; None when the token is stale.
        """

    def retry(self, article: str, url: str, feed_id: str) -> bool:
        """Put a dead article on its way again; False when it is not dead (any more)."""

    def give_up(self, article: str) -> bool:
        """Count a dead article as dropped and forget its page; False when it is not dead (any more)."""

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

    def pace(self, host: str) -> HostPace:
        """Return how often `host` is asked."""

    def heard(self, host: str, pace: HostPace, *, age: timedelta, hold: timedelta) -> None:
        """Remember the pace of a host after an exchange with it.

        Args:
            host: Whose.
            pace: From now on; `had_success` says whether this exchange was one.
            age: How long ago its answer began; the next start is counted from there, as the host's own log shows it.
            hold: How long the host is left alone altogether.
        """


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

    def get(self, host: str) -> Rules | None:
        """Return the rules of a host, None when they are not known (any more)."""

    def put(self, host: str, rules: Rules) -> None:
        """Remember the rules of a host for as long as they may be believed."""

    def asking(self, host: str) -> AbstractContextManager[bool]:
        """Enter while asking `host` for its robots.txt; gives False when somebody else is asking already."""


@dataclass(frozen=True, slots=True)
class Text:
    """An article or a quotation as it is compared with others.

    `id` is what a cluster that begins with it is called. `by` is the speaker's last name, "" when that is not known:
    a short quotation is said by many.
    """

    id: str
    sketch: Sketch
    by: str = ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The first text that was seen of all that are the same: its id, when that was (RFC 3339), on which host."""

    id: str
    first_seen: str
    first_host: str


class Clusters(Protocol):
    """What is remembered of texts for some days, to know their copies."""

    def place(
        self, item_id: str, article: Text | None, quotations: Sequence[Text], *, time: str, host: str
    ) -> list[Cluster]:
        """Return the clusters of an article and of its quotations, in this order; those that are new begin with them.

        An article (`item_id` is that of its job or edition) keeps the cluster that it was given first.
        """


class Clock(Protocol):
    """The time of day; the only clock in the pipeline."""

    def now(self) -> datetime:
        """Return the current time, aware UTC."""
