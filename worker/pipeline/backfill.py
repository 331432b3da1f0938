"""The walk through the archive of a feed (RFC 5005): page after page into the past, within a budget.

    robots.txt | wait for the host's permit | read page | drop what is too old | admit | remember where we are

There is no special flow: what is found is admitted as if a poll had listed it, and waits for its host like the rest.
The place is remembered after each page, so that a walk that ends early goes on where it ended.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from worker.core.errors import Reason, RejectedError, TransientError
from worker.core.records import FeedEntry
from worker.core.urls import canonical_url, check_url, host_of
from worker.feeds.feed import Feed
from worker.feeds.parse import parse
from worker.fetch.robots import permitted_delay
from worker.pipeline.requests import ask_for_feed, learn_rules
from worker.services import Services

_MAX_PAGES = 5_000  # of one archive: a page a day for thirteen years
_ROBOTS_WAIT_S = 1.0  # while another process asks for the rules of the host
_BATCH = 100  # admitted at once, so that a budget is kept to that


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a walk stands: the pages to read, marks of those that were read, and what this walk brought.

    `denied` is how many pages robots.txt kept it from.
    """

    waiting: tuple[str, ...]
    read: tuple[str, ...] = ()
    new: int = 0
    known: int = 0
    denied: int = 0

    def past(self, page: str, found: Sequence[str]) -> Progress:
        """Step over a page that was read, to those that wait and those that it leads to, each once."""
        read = (*self.read, _mark(page))
        marks = {_mark(url): url for url in (*self.waiting, *found)}
        unread = [url for mark, url in marks.items() if mark and mark not in read]
        return replace(self, read=read, waiting=tuple(unread if len(read) < _MAX_PAGES else ()))


def backfill(
    url: str,
    services: Services,
    *,
    budget: int,
    since: datetime | None,
    on_page: Callable[[Progress], None],
    pause: Callable[[float], None] = time.sleep,
) -> Progress:
    """Admit the articles of an archive, from where the last walk ended, until `budget` new ones or its end.

    Args:
        url: A registered feed; also a sitemap or an index of sitemaps.
        services: For the requests, their permits and the ledger.
        budget: How many new articles to admit at most.
        since: What was published before is left alone, and so are archives of nothing else.
        on_page: Called with the progress after each page.
        pause: Waits for so many seconds, for a permit.

    Raises:
        RejectedError: UNKNOWN, no such feed; or what a page was rejected for. The walk can go on later.
        TransientError: A page could not be read now.
    """
    url = check_url(url)
    key = services.registry.key(url)
    progress = _begin(url, key, services)
    start = services.registry.row(key).url  # robots.txt does not bind it: a person chose it
    while progress.waiting and progress.new < budget:
        page = progress.waiting[0]
        if page == start or _is_permitted(page, services, pause):
            feed = _read(page, services, pause)
            entries = [entry for entry in feed.entries if not is_before(entry, since)]
            progress, is_done = _admit(entries, progress, services, budget=budget, source=key)
            if is_done:
                progress = progress.past(page, older(feed, entries, since))
        else:
            progress = replace(progress.past(page, ()), denied=progress.denied + 1)
        services.registry.keep_cursor(key, json.dumps({"waiting": progress.waiting, "read": progress.read}))
        on_page(progress)
    return progress


def _begin(url: str, key: str, services: Services) -> Progress:
    """Return where the last walk ended, or the start when it came to the end of the archive."""
    cursor = services.registry.cursor(key)
    if cursor is None:
        raise RejectedError(Reason.UNKNOWN, url, f"no such feed; `onrecord feeds add {url}` adds it")
    known = json.loads(cursor) if cursor else {}
    if not known.get("waiting"):
        return Progress((services.registry.row(key).url,))
    return Progress(tuple(known["waiting"]), tuple(known["read"]))


def _is_permitted(page: str, services: Services, pause: Callable[[float], None]) -> bool:
    """Tell whether robots.txt lets us have a page; ask for it where nobody knows it yet."""
    page = check_url(page)
    while (rules := services.robots.get(host_of(page))) is None:
        _await_permit(page, services, pause)
        with services.robots.asking(host_of(page)) as mine:
            if mine:
                learn_rules(page, services)
        if not mine:
            pause(_ROBOTS_WAIT_S)
    return permitted_delay(rules, page, services.settings.user_agent) is not None


def _await_permit(page: str, services: Services, pause: Callable[[float], None]) -> None:
    while wait := services.hosts.permit(host_of(page)):
        pause(wait.total_seconds())


def _read(page: str, services: Services, pause: Callable[[float], None]) -> Feed:
    """Ask for a page when its host permits it, and read it."""
    _await_permit(check_url(page), services, pause)
    while True:
        try:
            response = ask_for_feed(page, services)
        except TransientError as error:
            if error.reason is not Reason.HOST_BUSY or error.retry_after is None:
                raise
            pause(error.retry_after.total_seconds())
        else:
            return parse(response.body, url=response.url, content_type=response.content_type)


def _admit(
    entries: Sequence[FeedEntry], progress: Progress, services: Services, *, budget: int, source: str
) -> tuple[Progress, bool]:
    """Admit entries batch by batch, as far as the budget goes; tell whether that was all of them."""
    at = 0
    while at < len(entries):
        if progress.new >= budget:
            return progress, False
        batch = entries[at : at + min(_BATCH, budget - progress.new)]
        admission = services.articles.admit(batch, archive_of=source)
        new, known = progress.new + len(admission.admitted), progress.known + admission.overlap
        progress = replace(progress, new=new, known=known)
        at += len(batch)
    return progress, True


def older(feed: Feed, entries: Sequence[FeedEntry], since: datetime | None) -> list[str]:
    """Return the pages that a page leads to; none when `entries`, those that are young enough, are none of its own."""
    if feed.kind == "sitemap_index":
        dated = sorted(feed.sitemaps, key=lambda sitemap: str(sitemap.published or ""), reverse=True)
        return [sitemap.url for sitemap in dated if not is_before(sitemap, since)]
    page = feed.prev_archive or feed.next_page
    ended = feed.is_complete or (feed.entries and not entries)
    return [page] if page and not ended else []


def _mark(page: str) -> str:
    """Return a short name for a page; nothing for what is no URL."""
    try:
        return hashlib.sha256(canonical_url(page).encode()).hexdigest()[:16]
    except ValueError:
        return ""


def is_before(entry: FeedEntry, since: datetime | None) -> bool:
    """Tell whether an entry says that it was published before `since`."""
    return bool(since and entry.published and entry.published < since)
