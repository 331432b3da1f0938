"""Subscriptions at the hubs of feeds (WebSub): asked for and renewed with the polls of the feed. Part of the pipeline.

    poll | the feed names a hub | ask it | it verifies (worker/web.py) | it pushes: the feed is due at once

What is pushed is not read: it says that there is something to poll, so every entry comes the same way.
"""

from __future__ import annotations

from dataclasses import replace

from config.limits import HUB
from worker.core.errors import IngestError, Reason, RejectedError
from worker.feeds.websub import Topic, request_form
from worker.services import Services


def subscribe(feed_id: str, topic: Topic, services: Services) -> None:
    """Ask the hub of a feed, whose host has given a permit; a hub that fails is no failure of the feed."""
    subscription = services.subscriptions.asked(feed_id, topic, services.clock.now())
    callback = f"{services.settings.public_url}/websub/{feed_id}/{subscription.token}"
    try:
        answer = services.http.post(topic.hub, request_form(subscription, callback), limits=HUB)
        if not 200 <= answer.status < 300:
            raise RejectedError(Reason.HTTP_ERROR, topic.hub, f"the hub answered {answer.status}")
    except IngestError as error:
        known = services.subscriptions.get(feed_id) or subscription  # it may have verified meanwhile
        services.subscriptions.put(feed_id, replace(known, problem=error.detail[:200]))
