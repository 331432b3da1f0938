"""Looking at a feed that somebody names, before it is added: nothing is remembered."""

from __future__ import annotations

from config import limits
from worker.errors import Reason, RejectedError
from worker.feeds.discover import discover
from worker.feeds.feed import Feed
from worker.feeds.parse import parse
from worker.fetch.response import check_status
from worker.fetch.url import check_url
from worker.services import Services


def look(services: Services, url: str) -> Feed:
    """Fetch and parse a feed.

    Raises:
        IngestError: It cannot be fetched, or it is no feed.
    """
    response = services.http.get(check_url(url), limits=limits.FEED)
    check_status(response, now=services.clock.now())
    try:
        return parse(response.body, url=response.url, content_type=response.content_type)
    except RejectedError as error:
        found = discover(response.body, url=response.url, content_type=response.content_type)
        if error.reason is not Reason.NOT_A_FEED or not found:
            raise
        named = ", ".join(feed.url for feed in found[:5])
        raise RejectedError(Reason.NOT_A_FEED, url, f"an HTML page; add a feed that it names: {named}") from error
