"""Which feeds are polled: one that somebody names is looked at first; those of the configuration are as listed."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import urljoin

import structlog

from config import limits
from worker.core.errors import Reason, RejectedError
from worker.core.urls import check_url
from worker.feeds.discover import discover
from worker.feeds.feed import FeedDocument
from worker.feeds.parse import parse
from worker.fetch.response import Response, check_status, interstitial
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
    now = ports.clock.now()
    try:
        check_status(response, now=now)
        return parse(response.body, url=response.url, content_type=response.content_type, now=now)
    except RejectedError as error:
        raise RejectedError(error.reason, url, _hint(error, response)) from error


def _hint(error: RejectedError, response: Response) -> str:
    """Return what is wrong with what should be a feed, and what a person can do next."""
    found = discover(response.body, url=response.url, content_type=response.content_type)
    named = ", ".join(feed.url for feed in found[:5])
    wall = interstitial(response)
    if wall:
        return f"{wall}; a browser may pass it, a worker may not: ask the publisher for access, or take another feed"
    if named and error.reason is Reason.NOT_A_FEED:
        return f"an HTML page; add a feed that it names: {named}"
    home, what = urljoin(response.url, "/"), error.detail.partition(";")[0]
    if error.reason is Reason.NOT_A_FEED:
        return f"{what}; `onrecord feeds add {home}` looks at the home page, `onrecord ingest` takes one article"
    if error.reason in {Reason.NOT_FOUND, Reason.GONE}:
        return f"{what}; `onrecord feeds add {home}` lists the feeds that the home page names"
    if error.reason is Reason.HTTP_ERROR:
        return f"{error.detail}: it refuses this worker; ONRECORD_USER_AGENT can say who asks and how to reach you"
    return error.detail


def sync_feeds(ports: ListPorts) -> None:
    """Register the feeds of the configuration; a list that cannot be read is said, and stops nothing."""
    try:
        ports.registry.sync(ports.settings.feeds)
    except (FeedsFileError, RejectedError) as error:
        log.warning("feeds not read", detail=str(error))
