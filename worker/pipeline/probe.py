"""Looking at a feed that somebody names, and polling it from then on."""

from __future__ import annotations

from config import limits
from worker.core.errors import Reason, RejectedError
from worker.core.urls import check_url
from worker.feeds.discover import discover
from worker.feeds.feed import Feed
from worker.feeds.parse import parse
from worker.fetch.response import check_status
from worker.services import Services


def add(services: Services, url: str, name: str = "", every: str = "") -> tuple[Feed, bool]:
    """Look at a feed once, and poll it from then on; return what it has, and whether it is new here.

    Args:
        services: Where.
        url: The feed's.
        name: What to call it; "" for its own title.
        every: How far apart to poll it, as `Bounds.of` reads it; "" as the settings say.

    Raises:
        IngestError: It cannot be fetched, or it is no feed.
        ValueError: `every` is no interval.
    """
    feed = look(services, url)
    is_new = services.registry.add(url, name or feed.title or "", every)
    if every:
        services.registry.poll_now(url)  # and from then on by it
    return feed, is_new


def look(services: Services, url: str) -> Feed:
    """Fetch and parse a feed; nothing is remembered.

    Raises:
        IngestError: It cannot be fetched, or it is no feed.
    """
    response = services.http.get(check_url(url), limits=limits.FEED)
    check_status(response, now=services.clock.now())
    now = services.clock.now()
    try:
        return parse(response.body, url=response.url, content_type=response.content_type, now=now)
    except RejectedError as error:
        found = discover(response.body, url=response.url, content_type=response.content_type)
        if error.reason is not Reason.NOT_A_FEED or not found:
            raise
        named = ", ".join(feed.url for feed in found[:5])
        raise RejectedError(Reason.NOT_A_FEED, url, f"an HTML page; add a feed that it names: {named}") from error
