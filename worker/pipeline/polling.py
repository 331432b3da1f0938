"""One poll of one feed: load what is known, ask, decide (`worker.feeds.poll`), write once. Part of the pipeline."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from urllib.parse import urljoin

from config.settings import Settings
from worker.contract import Event
from worker.core.errors import IngestError, Reason, RejectedError
from worker.core.outcomes import Outcome, Step
from worker.core.urls import host_of
from worker.feeds import poll as polls
from worker.feeds.discover import discover
from worker.feeds.feed import FeedDocument
from worker.feeds.parse import parse
from worker.feeds.poll import GapNews, PollAnswer, PollDecision, StatusNews, Target, Terms
from worker.feeds.schedule import Bounds
from worker.feeds.state import FeedState
from worker.feeds.websub import HubSubscription
from worker.fetch.response import Response, fresh_for, interstitial
from worker.pipeline import extraction, gaps
from worker.pipeline.needs import HasJitter, HasRegistry
from worker.pipeline.requests import ask_for_feed, ask_permit
from worker.pipeline.subscriptions import SubscriptionPorts, subscribe
from worker.versions.events import feed_gap_event, feed_status_event


class PollPorts(gaps.GapPorts, SubscriptionPorts, HasRegistry, HasJitter, Protocol):
    """What a poll needs."""


def poll(feed: FeedState, ports: PollPorts) -> Step:
    """Ask for what `feed` needs now, admit its new entries, and set its next due time, all in one step.

    Raises:
        IngestError: It could not be read; `failed` says what becomes of it.
    """
    now, terms = ports.clock.now(), terms_of(feed, ports.settings)
    target = polls.target(feed, _subscription(feed, ports), terms, now)
    if target is Target.ARCHIVE and feed.gap:
        decision = gaps.fill(feed, feed.gap, ports)
    elif target is Target.HUB and feed.topic:
        subscribe(feed.id, feed.topic, ports)
        decision = polls.hub_first(feed)
    elif target is Target.HOME_PAGE:
        decision = _find_candidate(feed, ports)
    elif target is Target.CANDIDATE:
        decision = _compare(feed, terms, now, ports)
    else:
        conditions = polls.conditions(feed, ports.jitter())
        response = _ask_at(feed.address, feed, ports, conditions)
        answer = _answer(feed, response, now, ports)
        decision = polls.decide(feed, answer, terms, now=now, chance=ports.jitter())
    return _write(feed, decision, now, ports)


def failed(feed_id: str, token: int, error: IngestError, ports: PollPorts) -> Step:
    """Record a poll that failed."""
    feed = ports.feeds.get(feed_id)
    if feed is None or feed.token != token:
        return Step(Outcome.STALE, subject=feed_id)
    now, terms = ports.clock.now(), terms_of(feed, ports.settings)
    return _write(feed, polls.failed(feed, error, terms, now=now, chance=ports.jitter()), now, ports)


def terms_of(feed: FeedState, settings: Settings) -> Terms:
    """Return what the settings say of a feed."""
    bounds = feed.bounds(Bounds(settings.poll_min, settings.poll_max))
    return Terms(bounds, settings.host_spacing, has_callback=bool(settings.public_url))


def _subscription(feed: FeedState, ports: PollPorts) -> HubSubscription | None:
    return ports.subscriptions.get(feed.id) if ports.settings.public_url else None


def _answer(feed: FeedState, response: Response, now: datetime, ports: PollPorts) -> PollAnswer:
    """Return what came back, parsed if it differs from the last body, with what the store knows of it."""
    digest = hashlib.sha256(response.body).hexdigest()[:32]
    is_same = response.status == 304 or digest == feed.digest
    parsed = None if is_same else _parsed(response, now)
    moved_to = response.moved_to or feed.address
    moved_to = moved_to if moved_to != feed.url else ""
    return PollAnswer(
        response.url,
        response.headers,
        digest,
        **response.validators,
        fresh=fresh_for(response.headers, now=now),
        parsed=parsed,
        listing=ports.feeds.listing(feed.id, parsed.entries) if parsed else None,
        moved_to=moved_to,
        is_taken=bool(moved_to) and ports.registry.polls(moved_to, but=feed.id),
        subscription=_subscription(feed, ports),
    )


def _ask_at(url: str, feed: FeedState, ports: PollPorts, conditions: Mapping[str, str] | None = None) -> Response:
    """Ask for a feed, with the permit of the poll in hand or, on another host, one more."""
    if host_of(url) != feed.host:
        ask_permit(url, ports)
    return ask_for_feed(url, ports, conditions)


def _parsed(response: Response, now: datetime) -> FeedDocument:
    """Read a feed, and say of what is none whether it is a challenge or another page.

    Raises:
        RejectedError: As `parse`, and INTERSTITIAL.
    """
    try:
        return parse(response.body, url=response.url, content_type=response.content_type, now=now)
    except RejectedError:
        wall = interstitial(response)
        if wall:
            raise RejectedError(Reason.INTERSTITIAL, response.url, f"no feed, but {wall}") from None
        raise


def _find_candidate(feed: FeedState, ports: PollPorts) -> PollDecision:
    """Look on the home page of its site for where a feed went that is a page or 404 now."""
    home = ask_for_feed(urljoin(feed.url, "/"), ports)
    found = polls.successors(feed, discover(home.body, url=home.url, content_type=home.content_type))
    free = (one for one in found if not ports.registry.polls(one.url, but=feed.id))
    return polls.candidate_found(feed, next(free, None))


def _compare(feed: FeedState, terms: Terms, now: datetime, ports: PollPorts) -> PollDecision:
    """Look at the feed that the site of a lost one names, whether it is the same."""
    try:
        other = _parsed(_ask_at(feed.candidate, feed, ports), now)
    except RejectedError as error:
        detail = f"its site names {feed.candidate}, which is no feed that can be read: {error.detail}"
        raise RejectedError(Reason(feed.status), feed.url, detail) from error
    listing = ports.feeds.listing(feed.id, other.entries)
    return polls.compared(feed, other, listing, terms, now=now, chance=ports.jitter())


def _write(feed: FeedState, decision: PollDecision, now: datetime, ports: PollPorts) -> Step:
    """Store everything in one step; the poll of an older token is stale, and changes nothing."""
    if decision.moved_to:
        ports.registry.moved(feed.id, decision.moved_to)
    if decision.subscription:
        ports.subscriptions.put(feed.id, decision.subscription)
    events = extraction.entries([_event(one, feed, now, ports) for one in decision.news], ports)
    if ports.feeds.polled(decision.state, decision.entries, decision.wait, events) is None:
        return Step(Outcome.STALE, subject=feed.url)
    topic = decision.subscribe
    if topic and not ports.hosts.permit(host_of(topic.hub)):
        subscribe(feed.id, topic, ports)
    return Step(decision.outcome, reason=decision.reason, subject=feed.url, detail=decision.detail)


def _event(news: StatusNews | GapNews, feed: FeedState, now: datetime, ports: PollPorts) -> Event:
    source = ports.settings.source
    if isinstance(news, GapNews):
        return feed_gap_event(feed.id, feed.url, news.entries, news.since, time=now, source=source)
    return feed_status_event(
        feed.id,
        feed.token,
        news.url,
        news.state,
        reason=news.reason,
        failures=news.failures,
        due=news.due,
        proposal=news.proposal,
        time=now,
        source=source,
    )
