"""What polls may have missed of a feed that has an archive: how far it is looked for. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from worker.core.records import FeedEntry
from worker.feeds.archive import Progress, is_before, older
from worker.feeds.feed import FeedDocument

_REQUESTS = 20  # for one gap, robots.txt and failures included
_ARTICLES = 1_000  # the budget of `onrecord backfill`, which goes further when a person wants it to
_SLACK = timedelta(days=1)  # some entries are dated by when their story was begun


@dataclass(frozen=True, slots=True)
class Gap:
    """A walk through the archive, to the first page with something known or older than `since`, within a budget.

    `resume` is when the feed itself is to be polled again, `left` how many requests may be made.
    """

    walk: Progress
    since: datetime
    resume: datetime
    left: int = _REQUESTS

    @classmethod
    def of(cls, written: str) -> Gap | None:
        """Read what `field` wrote; None when no gap is to be filled."""
        known = json.loads(written or "{}")
        if not known:
            return None
        walk = Progress(tuple(known["waiting"]), tuple(known["read"]), known["new"], known["known"])
        since, resume = (datetime.fromtimestamp(known[name], UTC) for name in ("since", "resume"))
        return cls(walk, since, resume, known["left"])

    def field(self) -> str:
        """Return what `of` reads; "" when the walk has ended."""
        if not self.is_open:
            return ""
        walk, times = self.walk, {"since": self.since.timestamp(), "resume": self.resume.timestamp()}
        place = {"waiting": walk.waiting, "read": walk.read, "new": walk.new, "known": walk.known, "left": self.left}
        return json.dumps({**place, **times})

    @property
    def is_open(self) -> bool:
        """Tell whether there is more to ask for, and a budget for it."""
        return bool(self.walk.waiting) and not self.walk.known and self.left > 0 and self.walk.new < _ARTICLES

    @property
    def page(self) -> str:
        """Return the page of the archive that is asked for next."""
        return self.walk.waiting[0]

    def requested(self) -> Gap:
        """Return the gap after one more request."""
        return replace(self, left=self.left - 1)

    def without(self, page: str) -> Gap:
        """Return the gap without a page that cannot be had."""
        return replace(self, walk=self.walk.past(page, ()))

    def young(self, page: FeedDocument) -> list[FeedEntry]:
        """Return the entries of a page that may have been missed: those that are not dated before `since`."""
        return [entry for entry in page.entries if not is_before(entry, self.since)]

    def after(self, page: str, parsed: FeedDocument, young: Sequence[FeedEntry], *, new: int, known: int) -> Gap:
        """Return the gap after a page was read.

        Args:
            page: Its URL.
            parsed: What it holds; a page with older entries leads to no further one.
            young: Those of its entries that may have been missed.
            new: How many of these were admitted.
            known: How many of these were known, apart from those that the feed lists now.
        """
        leads = older(parsed, young, None) if len(young) == len(parsed.entries) else ()
        walk = self.walk.past(page, leads)
        return replace(self, walk=replace(walk, new=walk.new + new, known=walk.known + known))

    def wait(self, pause: timedelta, now: datetime) -> timedelta:
        """Return when the feed is due: after `pause` for the next page, or when it is to be polled itself."""
        rest = max(self.resume - now, timedelta(0))
        return min(pause, rest) if self.is_open else rest


def begin(feed: FeedDocument, url: str, *, since: datetime, now: datetime) -> Gap | None:
    """Return the gap before what `feed`, polled at `url`, lists; None when it has no archive to fill it from."""
    gap = Gap(Progress((url,)).past(url, older(feed, feed.entries, None)), since - _SLACK, now)
    return gap if gap.is_open else None
