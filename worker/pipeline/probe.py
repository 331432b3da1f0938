"""Which feeds are polled: one that somebody names is looked at first; those of the configuration are as listed."""

from __future__ import annotations

from typing import Protocol

import structlog

from config import limits
from worker.core.errors import Reason, RejectedError
from worker.core.urls import check_url
from worker.feeds.discover import discover
from worker.feeds.feed import FeedDocument
from worker.feeds.parse import parse
from worker.fetch.response import check_status
from worker.pipeline.needs import HasClock, HasHttp, HasRegistry, HasSettings
from worker.ports import FeedsFileError

log = structlog.get_logger("onrecord")


class LookPorts(HasHttp, HasClock, Protocol):
    """What it takes to look at a feed."""


class ProbePorts(LookPorts, HasRegistry, Protocol):
    """What it takes to look at a feed and poll it."""


class ListPorts(HasSettings, HasRegistry, Protocol):
    """What it takes to poll the feeds of the configuration."""


def add(ports: ProbePorts, url: str, name: str = "", every: str = "") -> tuple[FeedDocument, bool]:
    """Look at a feed once, and poll it from then on; return what it has, and whether it is new here.

    Args:
        ports: Where.
        url: The feed's.
        name: What to call it; "" for its own title.
        every: How far apart to poll it, as `Bounds.of` reads it; "" as the settings say.

    Raises:
        IngestError: It cannot be fetched, or it is no feed.
        ValueError: `every` is no interval.
    """
    feed = look(ports, url)
    is_new = ports.registry.add(url, name or feed.title or "", every)
    if every:
        ports.registry.poll_now(url)  # and from then on by it
    return feed, is_new


def look(ports: LookPorts, url: str) -> FeedDocument:
    """Fetch and parse a feed; nothing is remembered.

    Raises:
        IngestError: It cannot be fetched, or it is no feed.
    """
    response = ports.http.get(check_url(url), limits=limits.FEED)
    check_status(response, now=ports.clock.now())
    now = ports.clock.now()
    try:
        return parse(response.body, url=response.url, content_type=response.content_type, now=now)
    except RejectedError as error:
        found = discover(response.body, url=response.url, content_type=response.content_type)
        if error.reason is not Reason.NOT_A_FEED or not found:
            raise
        named = ", ".join(feed.url for feed in found[:5])
        raise RejectedError(Reason.NOT_A_FEED, url, f"an HTML page; add a feed that it names: {named}") from error


def sync_feeds(ports: ListPorts) -> None:
    """Register the feeds of the configuration; a list that cannot be read is said, and stops nothing."""
    try:
        ports.registry.sync(ports.settings.feeds)
    except (FeedsFileError, RejectedError) as error:
        log.warning("feeds not read", detail=str(error))
