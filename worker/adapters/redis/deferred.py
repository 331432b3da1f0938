"""What a sink did not take yet, and what it never will: deferred in Redis, so that the next events go on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from worker.adapters.redis.store import connect, store_errors
from worker.contract import DecodeError, Event, decode, encode
from worker.contract.delivery import DEAD_LETTERS

#: An event that somebody took to try it again is due once more after this, should they have died.
HELD = timedelta(minutes=10)
_BATCH = 100


@dataclass(frozen=True, slots=True)
class SinkDelivery:
    """An event of a stream, and how many attempts to deliver it have failed."""

    stream: str
    event: Event
    attempts: int = 0


class DeferredDeliveries:
    """The events that one sink owes another attempt, by due time, and its dead letters, a stream for each stream."""

    def __init__(self, url: str, prefix: str, sink: str) -> None:
        self._client = connect(url)
        self._prefix, self._sink = prefix, sink
        self._due, self._deliveries = f"{prefix}:sink:{sink}:due", f"{prefix}:sink:{sink}:aside"
        self._gone = f"{prefix}:sinks:gone"

    def keep(self, delivery: SinkDelivery, due: datetime) -> None:
        """Defer an event until `due`; once more is the same."""
        row = {"stream": delivery.stream, "attempts": delivery.attempts, "event": encode(delivery.event)["event"]}
        pipe = self._client.pipeline()
        pipe.hset(self._deliveries, delivery.event.id, json.dumps(row))
        pipe.zadd(self._due, {delivery.event.id: due.timestamp()})
        _execute(pipe)

    def take(self, now: datetime) -> SinkDelivery | None:
        """Return an event that is due at `now`, if there is one; nobody else gets it for a while."""
        with store_errors("sinks"):
            found = self._client.zrange(self._due, "-inf", now.timestamp(), byscore=True, offset=0, num=1)
            if not found:
                return None
            self._client.zadd(self._due, {found[0]: (now + HELD).timestamp()}, xx=True)
            kept = self._client.hget(self._deliveries, found[0])
        if kept is None:  # another process has just delivered it
            return None
        row = json.loads(kept)
        return SinkDelivery(row["stream"], decode(row), row["attempts"])

    def forget(self, event_id: str) -> None:
        """Remove an event that was delivered."""
        _execute(self._without(event_id, self._client.pipeline()))

    def bury(self, delivery: SinkDelivery, reason: str) -> None:
        """Make an event a dead letter, as the consumer does with what it cannot handle."""
        letter = {**encode(delivery.event), "dead-reason": reason, "dead-consumer": self._sink}
        pipe = self._client.pipeline()
        pipe.xadd(self.dead_letters(delivery.stream), letter, maxlen=DEAD_LETTERS, approximate=True)
        _execute(self._without(delivery.event.id, pipe))

    def revive(self, streams: Iterable[str], now: datetime) -> int:
        """Make the dead letters of these streams due at once, and the sink no longer gone; return how many.

        What is no event stays dead.
        """
        count = 0
        for stream in streams:
            for entry_id, event in self._letters(stream):
                self.keep(SinkDelivery(stream, event), now)
                with store_errors("sinks"):
                    count += self._client.xdel(self.dead_letters(stream), entry_id)
        with store_errors("sinks"):
            self._client.hdel(self._gone, self._sink)
        return count

    def drop(self, streams: Iterable[str]) -> None:
        """Forget the sink: its groups, so that nothing is kept for it, what is deferred and what is dead."""
        with store_errors("sinks"):
            for stream in streams:
                if self._client.exists(f"{self._prefix}:{stream}"):
                    self._client.xgroup_destroy(f"{self._prefix}:{stream}", f"sink:{self._sink}")
                self._client.delete(self.dead_letters(stream))
            self._client.delete(self._due, self._deliveries)
            self._client.hdel(self._gone, self._sink)

    def _letters(self, stream: str) -> Iterator[tuple[str, Event]]:
        """Yield the dead letters of a stream that are events."""
        start, key = "-", self.dead_letters(stream)
        while True:
            with store_errors("sinks"):
                letters = self._client.xrange(key, start, count=_BATCH)
            for entry_id, fields in letters:
                with suppress(DecodeError):
                    yield entry_id, decode(fields)
            if not letters:
                return
            start = "(" + letters[-1][0]

    def end(self, url: str) -> None:
        """Remember that the receiver at `url` wants no more."""
        with store_errors("sinks"):
            self._client.hset(self._gone, self._sink, _digest(url))

    def has_ended(self, url: str) -> bool:
        """Tell whether the receiver at `url` wants no more; a sink that has another URL by now begins anew."""
        with store_errors("sinks"):
            return bool(self._client.hget(self._gone, self._sink) == _digest(url))

    def counts(self, streams: Iterable[str]) -> dict[str, int]:
        """Return how many events are deferred, and how many are dead."""
        with store_errors("sinks"):
            dead = sum(self._client.xlen(self.dead_letters(stream)) for stream in streams)
            return {"aside": self._client.zcard(self._due), "dead": dead}

    def dead_letters(self, stream: str) -> str:
        """Return the key of the dead letters from a stream."""
        return f"{self._prefix}:{stream}:dead:sink:{self._sink}"

    def _without(self, event_id: str, pipe: Any) -> Any:
        pipe.zrem(self._due, event_id)
        pipe.hdel(self._deliveries, event_id)
        return pipe


def _digest(url: str) -> str:
    """Return what stands for a URL, which may be a secret."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def _execute(pipe: Any) -> None:
    with store_errors("sinks"):
        pipe.execute()
