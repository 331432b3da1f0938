"""Subscriptions at the hubs of feeds (WebSub): asked for and renewed with the polls of the feed. Part of the pipeline.

    poll | the feed names a hub | ask it | it verifies (worker/web.py) | it pushes: the feed is due at once

What is pushed is not read: it says that there is something to poll, so every entry comes the same way.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from config.limits import HUB
from worker.errors import IngestError, Reason, RejectedError
from worker.feeds.schedule import Decision, Listing
from worker.feeds.websub import Topic, request_form
from worker.fetch.url import host_of
from worker.services import Services


def keep_subscribed(feed_id: str, topic: Topic, services: Services) -> None:
    """Ask the hub for a subscription, if there is none or it ends soon, and the hub's host permits it now."""
    now, public_url = services.clock.now(), services.settings.public_url
    known = services.subscriptions.get(feed_id)
    is_current = known is not None and known.topic == topic and not known.is_to_be_asked_for(now)
    if not public_url or is_current or services.ledger.permit(host_of(topic.hub)):
        return
    subscription = services.subscriptions.asked(feed_id, topic, now)
    callback = f"{public_url}/websub/{feed_id}/{subscription.token}"
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
