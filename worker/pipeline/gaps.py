"""What polls may have missed, from the archive of the feed: one page each time that the feed is handed out.

    feed.gap | where its archive begins | due at once | robots.txt, or one page | admit | due at once ... | due

So each request has its host's permit, like a poll, and nothing waits in a worker's slot. Part of the pipeline.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from worker.core.errors import IngestError, TransientError
from worker.core.urls import check_url, host_of
from worker.feeds.feed import FeedDocument
from worker.feeds.gaps import Gap
from worker.feeds.parse import parse
from worker.feeds.poll import PollDecision, gap_filled
from worker.feeds.state import FeedState
from worker.fetch.robots import permitted_delay
from worker.pipeline.needs import HasArticles, HasFeeds
from worker.pipeline.requests import RequestPorts, ask_for_feed, ask_permit, learn_rules

_RETRY = timedelta(minutes=5)
_ZERO = timedelta(0)


class GapPorts(RequestPorts, HasArticles, HasFeeds, Protocol):
    """What it takes to fill a gap."""


def fill(feed: FeedState, gap: Gap, ports: GapPorts) -> PollDecision:
    """Make one request for a gap, and let the feed be due again: at once for the next one, or when its poll is.

    A page that fails for now is asked for again, one that fails for good is left out; neither is a failure of the feed.
    """
    page, pause = gap.page, _ZERO
    gap = gap.requested()
    try:
        gap, told = _ask(check_url(page), feed, gap, ports)
    except IngestError as error:
        told = error.detail
        if isinstance(error, TransientError):
            pause = max(error.retry_after or _ZERO, _RETRY)
        else:
            gap = gap.without(page)
    return gap_filled(feed, gap, told, pause, now=ports.clock.now())


def _ask(page: str, feed: FeedState, gap: Gap, ports: GapPorts) -> tuple[Gap, str]:
    host = host_of(page)
    if host != feed.host:
        ask_permit(page, ports)
    rules = ports.robots.get(host)
    if rules is None:
        with ports.robots.fetch_lock(host) as mine:
            if mine:
                learn_rules(page, ports)
        return gap, "robots.txt first"
    if permitted_delay(rules, page, ports.settings.user_agent) is None:
        return gap.without(page), f"robots.txt denies {page}"
    response = ask_for_feed(page, ports)
    now = ports.clock.now()
    parsed = parse(response.body, url=response.url, content_type=response.content_type, now=now)
    return _admit(page, parsed, feed, gap, ports)


def _admit(page: str, parsed: FeedDocument, feed: FeedState, gap: Gap, ports: GapPorts) -> tuple[Gap, str]:
    young = gap.young(parsed)
    listed = ports.feeds.listing(feed.id, young).overlap or 0  # pages that follow one another may overlap
    admission = ports.articles.admit(young, archive_of=feed.id)
    new, known = len(admission.admitted), max(admission.overlap - listed, 0)
    return gap.after(page, parsed, young, new=new, known=known), f"{new} new and {known} known in {page}"
