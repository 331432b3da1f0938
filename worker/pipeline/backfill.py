"""The walk through the archive of a feed (RFC 5005): page after page into the past, within a budget.

    robots.txt | wait for the host's permit | read page | drop what is too old | admit | remember where we are

There is no special flow: what is found is admitted as if a poll had listed it, and waits for its host like the rest.
The place is remembered after each page, so that a walk that ends early goes on where it ended.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from worker.core.errors import Reason, RejectedError, TransientError
from worker.core.records import FeedEntry
from worker.core.urls import check_url, host_of
from worker.feeds.archive import Progress, is_before, older
from worker.feeds.feed import FeedDocument
from worker.feeds.parse import parse
from worker.fetch.robots import permitted_delay
from worker.pipeline.needs import HasArticles, HasRegistry
from worker.pipeline.requests import RequestPorts, ask_for_feed, learn_rules

_ROBOTS_WAIT_S = 1.0  # while another process asks for the rules of the host
_BATCH = 100  # admitted at once, so that a budget is kept to that


class BackfillPorts(RequestPorts, HasArticles, HasRegistry, Protocol):
    """What a walk through an archive needs."""


def backfill(
    url: str,
    ports: BackfillPorts,
    *,
    budget: int,
    since: datetime | None,
    on_page: Callable[[Progress], None],
    pause: Callable[[float], None] = time.sleep,
) -> Progress:
    """Admit the articles of an archive, from where the last walk ended, until `budget` new ones or its end.

    Args:
        url: A registered feed; also a sitemap or an index of sitemaps.
        ports: For the requests, their permits and the ledger.
        budget: How many new articles to admit at most.
        since: What was published before is left alone, and so are archives of nothing else.
        on_page: Called with the progress after each page.
        pause: Waits for so many seconds, for a permit.

    Raises:
        RejectedError: UNKNOWN, no such feed; or what a page was rejected for. The walk can go on later.
        TransientError: A page could not be read now.
    """
    url = check_url(url)
    key = ports.registry.key(url)
    progress = _begin(url, key, ports)
    start = ports.registry.row(key).url  # robots.txt does not bind it: a person chose it
    while progress.waiting and progress.new < budget:
        page = progress.waiting[0]
        if page == start or _is_permitted(page, ports, pause):
            feed = _read(page, ports, pause)
            entries = [entry for entry in feed.entries if not is_before(entry, since)]
            progress, is_done = _admit(entries, progress, ports, budget=budget, source=key)
            if is_done:
                progress = progress.past(page, older(feed, entries, since))
        else:
            progress = replace(progress.past(page, ()), denied=progress.denied + 1)
        ports.registry.keep_cursor(key, json.dumps({"waiting": progress.waiting, "read": progress.read}))
        on_page(progress)
    return progress


def _begin(url: str, key: str, ports: BackfillPorts) -> Progress:
    """Return where the last walk ended, or the start when it came to the end of the archive."""
    cursor = ports.registry.cursor(key)
    if cursor is None:
        raise RejectedError(Reason.UNKNOWN, url, f"no such feed; `onrecord feeds add {url}` adds it")
    known = json.loads(cursor) if cursor else {}
    if not known.get("waiting"):
        return Progress((ports.registry.row(key).url,))
    return Progress(tuple(known["waiting"]), tuple(known["read"]))


def _is_permitted(page: str, ports: BackfillPorts, pause: Callable[[float], None]) -> bool:
    """Tell whether robots.txt lets us have a page; ask for it where nobody knows it yet."""
    page = check_url(page)
    while (rules := ports.robots.get(host_of(page))) is None:
        _await_permit(page, ports, pause)
        with ports.robots.fetch_lock(host_of(page)) as mine:
            if mine:
                learn_rules(page, ports)
        if not mine:
            pause(_ROBOTS_WAIT_S)
    return permitted_delay(rules, page, ports.settings.user_agent) is not None


def _await_permit(page: str, ports: BackfillPorts, pause: Callable[[float], None]) -> None:
    while wait := ports.hosts.permit(host_of(page)):
        pause(wait.total_seconds())


def _read(page: str, ports: BackfillPorts, pause: Callable[[float], None]) -> FeedDocument:
    """Ask for a page when its host permits it, and read it."""
    _await_permit(check_url(page), ports, pause)
    while True:
        try:
            response = ask_for_feed(page, ports)
        except TransientError as error:
            if error.reason is not Reason.HOST_BUSY or error.retry_after is None:
                raise
            pause(error.retry_after.total_seconds())
        else:
            now = ports.clock.now()
            return parse(response.body, url=response.url, content_type=response.content_type, now=now)


def _admit(
    entries: Sequence[FeedEntry], progress: Progress, ports: BackfillPorts, *, budget: int, source: str
) -> tuple[Progress, bool]:
    """Admit entries batch by batch, as far as the budget goes; tell whether that was all of them."""
    at = 0
    while at < len(entries):
        if progress.new >= budget:
            return progress, False
        batch = entries[at : at + min(_BATCH, budget - progress.new)]
        admission = ports.articles.admit(batch, archive_of=source)
        new, known = progress.new + len(admission.admitted), progress.known + admission.overlap
        progress = replace(progress, new=new, known=known)
        at += len(batch)
    return progress, True
