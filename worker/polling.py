"""One poll of one feed: conditional GET, parse, and the state to remember. Part of the pipeline."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from config import limits
from worker.errors import IngestError, Reason, TransientError
from worker.feeds.interval import Bounds, next_interval
from worker.feeds.parse import parse
from worker.fetch.response import check_status
from worker.outcomes import Outcome, Step
from worker.ports import Admission, FeedState
from worker.retry import NETWORK
from worker.services import Services

#: One poll in a hundred ignores the validators: some servers answer 304 for ever.
_UNCONDITIONAL = 0.01


def poll(feed: FeedState, services: Services) -> Step:
    """Fetch `feed` if it changed, admit its new entries, and set its next due time, all in one step."""
    fields = feed.fields
    response = services.http.get(
        feed.url,
        limits=limits.FEED,
        headers=_conditions(fields, services.jitter()),
        on_redirect=services.ask_permit,
    )
    changed = check_status(response, now=services.clock.now())
    digest = hashlib.sha256(response.body).hexdigest()[:32]
    if not changed or digest == fields.get("digest"):
        return _unchanged(feed, services)
    parsed = parse(response.body, url=response.url, content_type=response.content_type)
    state = {
        "digest": digest,
        "etag": response.headers.get("etag", ""),
        "modified": response.headers.get("last-modified", ""),
        "title": parsed.title or "",
    }
    admission = services.ledger.polled(feed, parsed.entries, {**state, **_health("ok")}, services.settings.poll_min)
    return _adapted(feed, admission, services)


def failed(feed_id: str, token: int, error: IngestError, services: Services) -> Step:
    """Record a poll that failed: the feed is tried again later, ever later, and never given up silently."""
    feed = services.ledger.feed(feed_id)
    if feed is None or feed.token != token:
        return Step(Outcome.STALE, subject=feed_id)
    asked = error.retry_after if isinstance(error, TransientError) else None
    if error.reason is Reason.HOST_BUSY:  # the feed is well, and is waited for
        services.ledger.polled(feed, None, {}, asked or services.settings.host_spacing)
        return Step(Outcome.RETRYING, reason=error.reason, subject=feed.url)
    failures = int(feed.fields.get("failures", "0")) + 1
    wait = max(services.settings.poll_min, NETWORK.delay(failures, services.jitter(), asked))
    state = {**_health(str(error.reason)), "failures": str(failures), "detail": error.detail[:200]}
    services.ledger.polled(feed, None, state, min(wait, max(services.settings.poll_max, asked or timedelta(0))))
    return Step(Outcome.FEED_FAILED, reason=error.reason, subject=feed.url, detail=error.detail)


def _conditions(fields: Mapping[str, str], chance: float) -> dict[str, str]:
    if chance < _UNCONDITIONAL:
        return {}
    known = {"If-None-Match": fields.get("etag"), "If-Modified-Since": fields.get("modified")}
    return {name: value for name, value in known.items() if value}


def _health(status: str) -> dict[str, str]:
    return {"status": status, "failures": "0", "detail": ""}


def _interval(fields: Mapping[str, str]) -> timedelta:
    return timedelta(seconds=float(fields.get("interval_s", "0")))


def _bounds(services: Services) -> Bounds:
    return Bounds(services.settings.poll_min, services.settings.poll_max)


def _unchanged(feed: FeedState, services: Services) -> Step:
    interval = next_interval(_interval(feed.fields), new=0, overlap=1, bounds=_bounds(services))
    state = {**_health("ok"), "interval_s": str(interval.total_seconds())}
    admission = services.ledger.polled(feed, None, state, interval)
    return Step(Outcome.NOT_MODIFIED if admission else Outcome.STALE, subject=feed.url)


def _adapted(feed: FeedState, admission: Admission | None, services: Services) -> Step:
    """Adapt the interval to what came; a crash before this leaves the last one, which does no harm."""
    if admission is None:
        return Step(Outcome.STALE, subject=feed.url)
    new = len(admission.admitted)
    interval = next_interval(_interval(feed.fields), new=new, overlap=admission.overlap, bounds=_bounds(services))
    services.ledger.set_interval(feed.id, interval)
    return Step(Outcome.POLLED, subject=feed.url, detail=f"{new} new of {new + admission.overlap}")
