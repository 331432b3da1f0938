"""Feeds between their polls, in the ledger. Implements `worker.ports.Feeds`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from worker.adapters.observability import telemetry
from worker.adapters.redis import rows
from worker.adapters.redis.ledger import Ledger
from worker.adapters.redis.store import store_errors
from worker.core.identity import candidates
from worker.core.jobs import Admission
from worker.core.records import FeedEntry
from worker.feeds.schedule import Listing
from worker.feeds.state import FeedState
from worker.ports import Feeds


class RedisFeeds(Feeds):
    """One hash a feed, and the set of what it listed last."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def claim(self, feed_id: str, token: int) -> FeedState | None:
        row = rows.claim(self._ledger, f"feed:{feed_id}", token, "")
        if row is None:
            return None
        feed = FeedState.of(feed_id, row)
        telemetry.claimed(feed=feed.id, url=feed.url)
        return feed

    def get(self, feed_id: str) -> FeedState | None:
        with store_errors(feed_id):
            row = self._ledger.client.hgetall(self._ledger.key(f"feed:{feed_id}"))
        return FeedState.of(feed_id, row) if row else None

    def polled(
        self,
        state: FeedState,
        entries: Sequence[FeedEntry] | None,
        wait: timedelta | None,
        events: Sequence[tuple[str, Mapping[str, str]]] = (),
    ) -> Admission | None:
        return rows.admit(
            self._ledger,
            entries or (),
            source=state.id,
            feed_id=state.id,
            token=state.token,
            fields=state.fields,
            wait=wait,
            events=events,
            is_complete=entries is not None,
        )

    def listing(self, feed_id: str, entries: Sequence[FeedEntry]) -> Listing:
        ids = [candidate.id for candidate in candidates(entries, feed_id=feed_id)]
        key = self._ledger.key(f"listing:{feed_id}")
        with store_errors(feed_id):
            pipe = self._ledger.client.pipeline(transaction=False)
            pipe.exists(key)
            pipe.smismember(key, ids or [""])
            known, listed = pipe.execute()
        return Listing(len(ids), sum(listed) if known else None)
