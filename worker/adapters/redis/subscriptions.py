"""WebSub subscriptions in Redis, one a feed; polls ask for them, the callback of the web application keeps them.

Implements `worker.ports.Subscriptions`.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from worker.adapters.redis.store import connect, store_errors
from worker.feeds.websub import HubSubscription, Topic, rest_after_push
from worker.ports import Subscriptions

_TTL = timedelta(days=90)  # of a feed that was removed; any other renews it


class RedisSubscriptions(Subscriptions):
    """One string a feed. Two who change one at once may lose a count, never the secret or the token."""

    def __init__(self, url: str, prefix: str) -> None:
        self._client = connect(url)
        self._prefix = prefix

    def get(self, feed_id: str) -> HubSubscription | None:
        with store_errors(feed_id):
            stored = self._client.get(self._key(feed_id))
        return _read(json.loads(stored)) if stored else None

    def put(self, feed_id: str, subscription: HubSubscription) -> None:
        with store_errors(feed_id):
            self._client.set(self._key(feed_id), json.dumps(asdict(subscription), default=_seconds), ex=_TTL)

    def asked(self, feed_id: str, topic: Topic, now: datetime) -> HubSubscription:
        known = self.get(feed_id)
        if known is None or known.topic != topic:
            known = HubSubscription(topic, secrets.token_urlsafe(32), secrets.token_urlsafe(16), now)
        subscription = replace(known, asked=now, problem="")
        self.put(feed_id, subscription)
        return subscription

    def pushed(self, feed_id: str, now: datetime) -> None:
        subscription = self.get(feed_id)
        if subscription:
            self.put(feed_id, replace(subscription, pushed=now))
            rest = rest_after_push(subscription, now)
            due = int((now + rest).timestamp() * 1000) if rest else 0
            with store_errors(feed_id):
                self._client.zadd(f"{self._prefix}:feeds:due", {feed_id: due}, xx=True, lt=True)

    def _key(self, feed_id: str) -> str:
        return f"{self._prefix}:websub:{feed_id}"


def _seconds(moment: datetime) -> float:
    return moment.timestamp()


def _read(row: dict[str, Any]) -> HubSubscription:
    times = {
        name: datetime.fromtimestamp(row[name], UTC)
        for name in ("asked", "verified", "until", "pushed")
        if row[name] is not None
    }
    return HubSubscription(**{**row, **times, "topic": Topic(**row["topic"])})
