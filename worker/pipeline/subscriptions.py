"""Subscriptions at the hubs of feeds (WebSub): asked for and renewed with the polls of the feed. Part of the pipeline.

    poll | the feed names a hub | ask it | it verifies (worker/web.py) | it pushes: the feed is due at once

What is pushed is not read: it says that there is something to poll, so every entry comes the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from config.limits import HUB
from worker.core.errors import IngestError, Reason, RejectedError
from worker.core.jobs import FeedState
from worker.core.outcomes import Outcome, Step
from worker.core.urls import host_of
from worker.feeds.schedule import Decision, Listing
from worker.feeds.websub import Topic, request_form
from worker.services import Services


def subscribe_instead(feed: FeedState, services: Services) -> Step | None:
    """Ask a hub on the feed's own host with the permit of a poll, if it is time for that; the poll is due again."""
    topic = _topic(feed.fields)
    if topic is None or host_of(topic.hub) != feed.host or not _is_wanted(feed.id, topic, services):
        return None
    _ask(feed.id, topic, services)
    recorded = services.feeds.polled(feed, None, {}, timedelta(0))
    return Step(Outcome.POLLED if recorded else Outcome.STALE, subject=feed.url, detail="its hub first")


def keep_subscribed(feed: FeedState, fields: Mapping[str, str], services: Services) -> None:
    """Ask a hub on another host that the feed names in `fields`, if it is time for that and its host permits it now."""
    topic = _topic(fields)
    if topic is None or host_of(topic.hub) == feed.host or not _is_wanted(feed.id, topic, services):
        return
    if not services.hosts.permit(host_of(topic.hub)):
        _ask(feed.id, topic, services)


def _topic(fields: Mapping[str, str]) -> Topic | None:
    return Topic(fields["topic"], fields["hub"]) if fields.get("hub") else None


def _is_wanted(feed_id: str, topic: Topic, services: Services) -> bool:
    if not services.settings.public_url:
        return False
    known = services.subscriptions.get(feed_id)
    return known is None or known.topic != topic or known.is_to_be_asked_for(services.clock.now())


def _ask(feed_id: str, topic: Topic, services: Services) -> None:
    subscription = services.subscriptions.asked(feed_id, topic, services.clock.now())
    callback = f"{services.settings.public_url}/websub/{feed_id}/{subscription.token}"
    try:
        answer = services.http.post(topic.hub, request_form(subscription, callback), limits=HUB)
        if not 200 <= answer.status < 300:
            raise RejectedError(Reason.HTTP_ERROR, topic.hub, f"the hub answered {answer.status}")
    except IngestError as error:  # no failure of the feed
        known = services.subscriptions.get(feed_id) or subscription  # it may have verified meanwhile
        services.subscriptions.put(feed_id, replace(known, problem=error.detail[:200]))


def relied_on(
    feed_id: str, listing: Listing | None, last_poll: datetime | None, decision: Decision, services: Services
) -> Decision:
    """Return the decision for a feed that may have a hub at work; count what the hub missed since the last poll."""
    subscription = services.subscriptions.get(feed_id) if services.settings.public_url else None
    if subscription is None:
        return decision
    if listing and last_poll and subscription.has_missed(listing, last_poll):
        subscription = replace(subscription, missed=subscription.missed + 1)
        services.subscriptions.put(feed_id, subscription)
    return subscription.seldom(decision, services.clock.now())
