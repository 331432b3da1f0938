"""Articles that are dead, in the ledger and on their stream. Implements `worker.ports.DeadLetters`."""

from __future__ import annotations

from collections.abc import Iterator

from config import limits
from worker.adapters.redis.ledger import Ledger
from worker.adapters.redis.store import in_ms, store_errors
from worker.core.errors import Reason
from worker.core.urls import host_of
from worker.ports import DeadLetters

_BATCH = 500


class RedisDeadLetters(DeadLetters):
    """The stream `dead`; whether a letter on it is dead still, the ledger knows."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._run = ledger.run

    def retry(self, article: str, url: str, feed_id: str) -> bool:
        length = in_ms(limits.SEEN_BUCKET)
        return bool(
            self._run(
                "retry",
                id=article,
                length=length,
                concurrency=self._ledger.pace.concurrency,
                url=url,
                host=host_of(url),
                feed=feed_id,
            )
        )

    def give_up(self, article: str) -> bool:
        return bool(self._run("give_up", id=article, length=in_ms(limits.SEEN_BUCKET), reason=Reason.GIVEN_UP))

    def all(self) -> Iterator[dict[str, str]]:
        key, latest = self._ledger.key("dead"), "+"
        while True:
            with store_errors("dead"):
                batch = self._ledger.client.xrevrange(key, latest, count=_BATCH)
            yield from (fields for _, fields in batch)
            if not batch:
                return
            latest = f"({batch[-1][0]}"
