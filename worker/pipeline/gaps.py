"""What polls may have missed, from the archive of the feed: one page each time that the feed is handed out.

    feed.gap | where its archive begins | due at once | robots.txt, or one page | admit | due at once ... | due

So each request has its host's permit, like a poll, and nothing waits in a worker's slot. Part of the pipeline.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from worker.core.errors import IngestError, TransientError
from worker.core.jobs import FeedState
from worker.core.outcomes import Outcome, Step
from worker.core.urls import check_url, host_of
from worker.feeds.archive import Progress, is_before, older
from worker.feeds.feed import Feed
from worker.feeds.parse import parse
from worker.fetch.robots import permitted_delay
from worker.pipeline.requests import ask_for_feed, learn_rules
from worker.services import Services

_REQUESTS = 20  # for one gap, robots.txt and failures included
_ARTICLES = 1_000  # the budget of `onrecord backfill`, which goes further when a person wants it to
_RETRY = timedelta(minutes=5)
_SLACK = timedelta(days=1)  # some entries are dated by when their story was begun
_ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class Gap:
    """A walk through the archive, to the first page with something known or older than `since`, within a budget.

    `resume` is when the feed itself is to be polled again.
    """

    walk: Progress
    since: datetime
    resume: datetime
    left: int = _REQUESTS

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Gap | None:
        """Read what `field` wrote; None when no gap is to be filled."""
        known = json.loads(fields.get("gap") or "{}")
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


def begin(feed: Feed, url: str, *, since: datetime, now: datetime) -> Gap | None:
    """Return the gap before what `feed`, polled at `url`, lists; None when it has no archive to fill it from."""
    gap = Gap(Progress((url,)).past(url, older(feed, feed.entries, None)), since - _SLACK, now)
    return gap if gap.is_open else None


def fill(feed: FeedState, gap: Gap, services: Services) -> Step:
    """Make one request for a gap, and let the feed be due again: at once for the next one, or when its poll is.

    A page that fails for now is asked for again, one that fails for good is left out; neither is a failure of the feed.
    """
    page, wait = gap.walk.waiting[0], _ZERO
    gap = replace(gap, left=gap.left - 1)
    try:
        gap, told = _ask(check_url(page), feed, gap, services)
    except IngestError as error:
        told = error.detail
        if isinstance(error, TransientError):
            wait = max(error.retry_after or _ZERO, _RETRY)
        else:
            gap = replace(gap, walk=gap.walk.past(page, ()))
    rest = max(gap.resume - services.clock.now(), _ZERO)
    wait = min(wait, rest) if gap.is_open else rest
    recorded = services.feeds.polled(feed, None, {"gap": gap.field()}, wait)
    return Step(Outcome.POLLED if recorded else Outcome.STALE, subject=feed.url, detail=f"for a gap: {told}")


def _ask(page: str, feed: FeedState, gap: Gap, services: Services) -> tuple[Gap, str]:
    host = host_of(page)
    if host != feed.host:
        services.ask_permit(page)
    rules = services.robots.get(host)
    if rules is None:
        with services.robots.asking(host) as mine:
            if mine:
                learn_rules(page, services)
        return gap, "robots.txt first"
    if permitted_delay(rules, page, services.settings.user_agent) is None:
        return replace(gap, walk=gap.walk.past(page, ())), f"robots.txt denies {page}"
    response = ask_for_feed(page, services)
    parsed = parse(response.body, url=response.url, content_type=response.content_type)
    return _admit(page, parsed, feed, gap, services)


def _admit(page: str, parsed: Feed, feed: FeedState, gap: Gap, services: Services) -> tuple[Gap, str]:
    young = [entry for entry in parsed.entries if not is_before(entry, gap.since)]
    listed = services.feeds.listing(feed.id, young).overlap or 0  # pages that follow one another may overlap
    admission = services.articles.admit(young, archive_of=feed.id)
    new, known = len(admission.admitted), max(admission.overlap - listed, 0)
    walk = gap.walk.past(page, older(parsed, young, None) if len(young) == len(parsed.entries) else ())
    walk = replace(walk, new=walk.new + new, known=walk.known + known)
    return replace(gap, walk=walk), f"{new} new and {known} known in {page}"
