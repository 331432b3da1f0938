"""robots.txt by host, in Redis with a time to live. Implements `worker.ports.RobotsCache`."""

from __future__ import annotations

from datetime import timedelta

from worker.adapters.store import connect, spread, store_errors
from worker.ports import RobotsCache


class RedisRobotsCache(RobotsCache):
    """One string a host; shared by all workers."""

    def __init__(self, url: str, prefix: str) -> None:
        self._client = connect(url)
        self._prefix = spread(prefix)

    def get(self, host: str) -> str | None:
        with store_errors(host):
            return self._client.get(f"{self._prefix}:robots:{host}")  # type: ignore[no-any-return]

    def put(self, host: str, text: str, ttl: timedelta) -> None:
        with store_errors(host):
            self._client.set(f"{self._prefix}:robots:{host}", text, ex=ttl)
