"""Subscriptions at the hubs of feeds (WebSub): asked for and renewed with the polls of the feed. Part of the pipeline.

    poll | the feed names a hub | ask it | it verifies (worker/web.py) | it pushes: the feed is due at once

What is pushed is not read: it says that there is something to poll, so every entry comes the same way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from config.limits import HUB
from worker.core.errors import IngestError, Reason, RejectedError
from worker.feeds.websub import Topic, request_form
from worker.pipeline.needs import HasClock, HasHttp, HasSettings, HasSubscriptions


class SubscriptionPorts(HasSettings, HasClock, HasHttp, HasSubscriptions, Protocol):
    """What it takes to ask a hub."""


def subscribe(feed_id: str, topic: Topic, ports: SubscriptionPorts) -> None:
    """Ask the hub of a feed, whose host has given a permit; a hub that fails is no failure of the feed."""
    subscription = ports.subscriptions.asked(feed_id, topic, ports.clock.now())
    callback = f"{ports.settings.public_url}/websub/{feed_id}/{subscription.token}"
    try:
        answer = ports.http.post(topic.hub, request_form(subscription, callback), limits=HUB)
        if not 200 <= answer.status < 300:
            raise RejectedError(Reason.HTTP_ERROR, topic.hub, f"the hub answered {answer.status}")
    except IngestError as error:
        known = ports.subscriptions.get(feed_id) or subscription  # it may have verified meanwhile
        ports.subscriptions.put(feed_id, replace(known, problem=error.detail[:200]))
