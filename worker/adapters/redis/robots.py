"""robots.txt, or another file of that kind, by host, in Redis with a time to live. Implements `ports.RobotsCache`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from config import limits
from worker.adapters.redis.store import connect, spread, store_errors
from worker.fetch.robots import Rules
from worker.ports import RobotsCache

_TEXT, _UNAVAILABLE = "+", "-"  # the first character of what is stored

#: Whoever asks longer than this is taken for dead, and the next one asks.
_LOCK_TTL = limits.ROBOTS.total + timedelta(seconds=5)


class RedisRobotsCache(RobotsCache):
    """One string a host, and a lock while somebody asks for it; shared by all workers. `name` is the file's in keys."""

    def __init__(self, url: str, prefix: str, name: str = "robots") -> None:
        self._client = connect(url)
        self._prefix = f"{spread(prefix)}:{name}"

    def get(self, host: str) -> Rules | None:
        with store_errors(host):
            pipe = self._client.pipeline(transaction=False)
            pipe.get(self._key(host))
            pipe.pttl(self._key(host))
            stored, ttl = pipe.execute()
        if stored is None:
            return None
        return Rules(stored[1:] if stored.startswith(_TEXT) else None, timedelta(milliseconds=max(ttl, 0)))

    def put(self, host: str, rules: Rules) -> None:
        stored = _UNAVAILABLE if rules.text is None else _TEXT + rules.text
        with store_errors(host):
            self._client.set(self._key(host), stored, px=rules.ttl)

    @contextmanager
    def fetch_lock(self, host: str) -> Iterator[bool]:
        lock = f"{self._prefix}_lock:{host}"
        with store_errors(host):
            mine = bool(self._client.set(lock, "", nx=True, px=_LOCK_TTL))
        try:
            yield mine
        finally:
            if mine:
                with store_errors(host):
                    self._client.delete(lock)

    def _key(self, host: str) -> str:
        return f"{self._prefix}:{host}"
