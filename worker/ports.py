"""What the pipeline needs from outside; each contract stated once.

Every method may raise `TransientError(STORE_UNAVAILABLE)` when the store cannot be reached; then nothing
is known to have happened, and calling again is safe. Implementations are safe to call from many
processes and threads at the same time. `tests/ports` holds each of them, and its twin in memory, to one suite.

Articles, Feeds, Hosts, Snapshots, DeadLetters and Status are the ledger, the truth about every article and feed; a
Celery message is only a hint to look here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from config.limits import HttpLimits
from worker.contract import Event
from worker.core.errors import Reason
from worker.core.jobs import Admission, HandedOut, Job, Snapshot, Swept
from worker.core.records import FeedEntry, Page
from worker.core.status import FeedRow, Group, Health, HostState, OpenJob, Waiting
from worker.duplicates import Sketch
from worker.feeds.schedule import Listing
from worker.feeds.state import FeedState
from worker.feeds.websub import HubSubscription, Topic
from worker.fetch.pace import HostPace
from worker.fetch.response import Response
from worker.fetch.robots import Rules


class Articles(Protocol):
    """Articles on their way, from their admission to the one outcome that each comes to."""

    def take(self) -> list[HandedOut]:
        """Hand out every article and feed that is due and that its host permits; each with a new token."""

    def sweep(self) -> Swept:
        """Find what dead workers held."""

    def expire_leases(self) -> int:
        """Let the next sweep bring back all that is held; return how many were."""

    def count_failure(self) -> bool:
        """Count an article that failed by our own fault; tell whether it was one too many, and all pauses now."""

    def admit(self, entries: Sequence[FeedEntry], *, archive_of: str = "") -> Admission:
        """Admit entries that no poll listed: asked for by hand, or (with its id) from the archive of a feed."""

    def admit_page(self, entry: FeedEntry, page_ref: str) -> bool:
        """Admit an article whose page is stored already; the sweep hands it out. Return whether it is new."""

    def claim(self, item_id: str, token: int, stage: str) -> Job | None:
        """Claim an article that was handed out; None when this token has no claim (any more)."""

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

    def finish(  # noqa: PLR0913 - all that an end may have
        self,
        job: Job,
        outcome: str,
        reason: Reason | None,
        *,
        canonical_id: str = "",
        content: str = "",
        recheck: timedelta | None = None,
        events: Sequence[tuple[str, Mapping[str, str]]] = (),
        unless_taken: bool = False,
    ) -> str:
        """Give an article its one outcome and publish its events, all or nothing; returns what was recorded.

        What was published before under `canonical_id` makes it a duplicate; with `unless_taken`, nothing happens
        then, and TAKEN is returned.

        An article that has a page, and is no duplicate, is kept as a `Snapshot` with `content`; it is looked at again
        after `recheck`, if that is set and it was published.
        """


class Feeds(Protocol):
    """Feeds between their polls."""

    def claim(self, feed_id: str, token: int) -> FeedState | None:
        """Claim a feed that was handed out; None when this token has no claim (any more)."""

    def get(self, feed_id: str) -> FeedState | None:
        """Return the state of a feed, with its current token; None when it is not registered."""

    def polled(
        self,
        state: FeedState,
        entries: Sequence[FeedEntry] | None,
        wait: timedelta | None,
        events: Sequence[tuple[str, Mapping[str, str]]] = (),
    ) -> Admission | None:
        """Record a poll: new entries, the feed's new state and events in one step; None when its token is stale.

        `entries` is the complete listing, or None when there was none to look at (304, failure). The feed is due
        again after `wait`; None: never.
        """

    def listing(self, feed_id: str, entries: Sequence[FeedEntry]) -> Listing:
        """Return how many articles `entries` are, and how many of them were in the feed's last complete listing."""


class FeedsFileError(ValueError):
    """The list of feeds cannot be read; the message says where and why."""


class FeedRegistry(Protocol):
    """Which feeds are polled. Adding twice, or adding what was there before, doubles nothing.

    A feed that moved is known by its old URLs and its new one; its id stays.
    """

    def add(self, url: str, name: str = "", every: str = "") -> bool:
        """Register a feed, due at once; return whether it is new. What is not given stays as it is.

        Args:
            url: Where it is.
            name: What to call it.
            every: The interval of its polls, as `Bounds.of` reads it.

        Raises:
            ValueError: As `Bounds.of`.
        """

    def remove(self, url: str) -> bool:
        """Stop polling a feed; return whether it was polled before."""

    def key(self, url: str) -> str:
        """Return the id of the feed that moved to `url`; else the one that a feed of this URL has or would have."""

    def moved(self, key: str, url: str) -> None:
        """Remember that the feed of this id is at `url` from now on."""

    def sync(self, path: Path) -> int:
        """Register the feeds of the configuration file, if it changed or Redis forgot; return how many are new.

        Raises:
            FeedsFileError: If the file is missing, is no TOML, or names a feed without a usable URL or interval.
        """

    def poll_now(self, url: str) -> None:
        """Make a feed due at once, if it is polled."""

    def accept(self, url: str) -> str:
        """Take what is proposed in place of a feed that is lost: it is polled there at once, and keeps its id.

        Returns the URL that was proposed, "" when none was.
        """

    def polls(self, url: str, *, but: str) -> bool:
        """Tell whether a feed other than `but` (an id) has this URL and is polled."""

    def row(self, key: str) -> FeedRow:
        """Return one feed that is known, polled or not."""

    def rows(self) -> list[FeedRow]:
        """Return all feeds that are polled, by URL."""

    def statuses(self) -> dict[str, int]:
        """Return how many of the feeds that are polled have each status."""

    def cursor(self, key: str) -> str | None:
        """Return where the walk through a feed's archive stands; "" before it began, None for an unknown feed."""

    def keep_cursor(self, key: str, cursor: str) -> None:
        """Remember where the walk through a feed's archive stands."""


class Subscriptions(Protocol):
    """Subscriptions at hubs (WebSub), one a feed."""

    def get(self, feed_id: str) -> HubSubscription | None:
        """Return the subscription of a feed; None when none was ever asked for."""

    def put(self, feed_id: str, subscription: HubSubscription) -> None:
        """Remember the subscription of a feed."""

    def asked(self, feed_id: str, topic: Topic, now: datetime) -> HubSubscription:
        """Return the subscription to ask for: what there is, or with another hub or topic, a new one."""

    def pushed(self, feed_id: str, now: datetime) -> None:
        """Remember an authentic delivery, and make its feed due: at once, or soon after the delivery before."""


class Hosts(Protocol):
    """When each host may be asked, and how often."""

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

    def state(self, host: str) -> HostState:
        """Return what keeps a host from being asked now, and what waits for it."""

    def waiting(self, most: int) -> list[str]:
        """Return hosts for which something waits, those that may be asked soonest first; `most` of them at most."""


class Snapshots(Protocol):
    """What is kept of articles that came to their outcome, for replays and re-checks."""

    def kept(self, since: datetime) -> list[str]:
        """Return the ids of the snapshots since then, the oldest first."""

    def get(self, key: str) -> Snapshot | None:
        """Return a snapshot; None when it was evicted."""

    def republish(
        self, snapshot: Snapshot, article_id: str, content: str, events: Sequence[tuple[str, Mapping[str, str]]]
    ) -> str:
        """Make a new version of a snapshot and publish its events, all or nothing.

        Returns PUBLISHED, STALE (there is another version by now) or DUPLICATE (another URL published the article).
        """

    def evict(self, budget_bytes: int) -> list[str]:
        """Forget snapshots that are too old or beyond the budget, some at a time; return their page references.

        Beyond the budget those of a feed that takes more than its share go first, of them and else of all the oldest.
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

    def next_recheck(self, article: str) -> datetime | None:
        """Return when a published article is due to be looked at again; None for never."""

    def published_at(self, article: str) -> tuple[int, int | None]:
        """Return the version of an article that is kept, and the ms of its first; (0, None) when none is."""


class DeadLetters(Protocol):
    """Articles that are dead."""

    def retry(self, article: str, url: str, feed_id: str) -> bool:
        """Put a dead article on its way again; False when it is not dead (any more)."""

    def give_up(self, article: str) -> bool:
        """Count a dead article as dropped and forget its page; False when it is not dead (any more)."""

    def all(self) -> Iterator[dict[str, str]]:
        """Yield what is on the stream of dead letters, the newest first, whatever became of it since."""


class Status(Protocol):
    """Questions about all of the ledger, which change nothing."""

    def health(self) -> Health:
        """Return whether anybody ticks, and whether the breaker is open."""

    def waiting(self) -> Waiting:
        """Return how much is handed out and waits."""

    def counts(self) -> dict[str, int]:
        """Return how many articles were discovered, how many came to each outcome, and how many are `in_flight`."""

    def rechecks(self) -> dict[str, int]:
        """Return how many re-checks came to what, and how many are `waiting` for their time."""

    def outcome(self, article: str) -> str | None:
        """Return what became of an article: its outcome, "" while it is open, None when it is unknown."""

    def open_job(self, article: str) -> OpenJob | None:
        """Return where an article without an outcome is; None when it has one, or is unknown."""


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

    def fetch_lock(self, host: str) -> AbstractContextManager[bool]:
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

        An article (`item_id` is that of its job or snapshot) keeps the cluster that it was given first.
        """


class Streams(Protocol):
    """How long the published streams are, how far their consumer groups are, and their old end."""

    def is_due(self) -> bool:
        """Return whether it is time to look after the streams, once for all that ask."""

    def bytes(self) -> dict[str, int]:
        """Return what each stream takes in memory."""

    def lengths(self) -> dict[str, int]:
        """Return how many entries each stream has."""

    def memory(self) -> tuple[int, int]:
        """Return how many bytes the server uses, and how many it may use (0: as many as there are)."""

    def trim(self, stream: str, *, keep: timedelta, surplus: int, held: Mapping[str, timedelta]) -> int:
        """Trim what is older than `keep`, and `surplus` entries more; nothing that a group needs.

        Args:
            stream: Which one.
            keep: How long entries stay that no group needs.
            surplus: How many are too many even so.
            held: Groups for which not everything is held: how old an entry may be to be held for it.

        Returns:
            How many entries went.
        """

    def groups(self) -> list[Group]:
        """Return every consumer group of every stream, and how far it is."""

    def raise_pressure(self, reason: str) -> bool:
        """Let feeds be polled more seldom, and say why; ends by itself. Return whether that is new."""

    def pressure(self) -> str:
        """Return why feeds are polled more seldom now; empty when they are not."""

    def unpress(self) -> bool:
        """Let feeds be polled as they are due; return whether that is new."""

    def warn(self, group: Group) -> bool:
        """Remember that a group was warned of now, unless it was before; return whether that is new."""

    def unwarn(self, but: Iterable[Group]) -> None:
        """Forget that others than these were warned of: they are well again, or gone."""


class EventEntry(NamedTuple):
    """An event, and its id in its stream: `<ms>-<number>`."""

    id: str
    event: Event


class EventPage(NamedTuple):
    """Entries, the newest first; `next` is where an older page begins, None at the end of the stream."""

    entries: list[EventEntry]
    next: str | None


class EventLog(Protocol):
    """The published events, to be read: from some entry on, or bounded pages from the newest back."""

    def page(
        self,
        stream: str,
        fits: Callable[[Event], bool] = ...,
        *,
        subject: str | None = None,
        before: str | None = None,
        limit: int = ...,
    ) -> EventPage:
        """Return the newest entries that fit (about `subject`, if given), older than entry `before`.

        They are fewer than `limit` where few fit; the page's `next` leads on.
        """

    def after(self, stream: str, entry_id: str, limit: int = ...) -> tuple[list[EventEntry], str]:
        """Return the entries after one, the oldest first, and the id of the last that was looked at."""

    def last_id(self, stream: str) -> str:
        """Return the id of the newest entry; "0-0" when there is none."""

    def between(self, stream: str, since: int, until: int, *, subject: str | None = None) -> list[EventEntry]:
        """Return the entries (about `subject`, if given) from ms `since` to ms `until`, the oldest first."""


class Http(Protocol):
    """HTTP exchanges, bounded in time and size."""

    def get(
        self,
        url: str,
        *,
        limits: HttpLimits,
        headers: Mapping[str, str] | None = None,
        on_redirect: Callable[[str], None] | None = None,
    ) -> Response:
        """Return the answer to a GET, redirects followed; `limits` hold for all hops together.

        Args:
            url: Any http(s) URL; it is normalised, its credentials are not sent.
            limits: Time, sizes, redirects.
            headers: To send besides User-Agent, Accept and Accept-Encoding: conditions, mostly.
            on_redirect: Called with the target of a redirect to a host that was not asked before;
                what it raises (no permit, denied by robots.txt) ends the exchange.

        Raises:
            TransientError: CONNECT_FAILED or TIMED_OUT.
            RejectedError: BAD_URL, BLOCKED_ADDRESS, TLS_FAILED, TOO_MANY_REDIRECTS, TOO_LARGE, BAD_ENCODING.
        """

    def post(self, url: str, form: Mapping[str, str], *, limits: HttpLimits) -> Response:
        """Return the answer to a POST of a form; redirects are not followed.

        Raises:
            IngestError: As `get`.
        """


class Clock(Protocol):
    """The time of day; the only clock in the pipeline."""

    def now(self) -> datetime:
        """Return the current time, aware UTC."""
