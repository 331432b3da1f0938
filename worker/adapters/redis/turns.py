"""What is to be done now and then, once for all processes together."""

from __future__ import annotations

import time
from datetime import timedelta

from worker.adapters.redis.store import connect, in_ms, store_errors


class Turns:
    """Gives the turn to one process at a time; one that was refused does not ask again for as long."""

    def __init__(self, url: str, prefix: str) -> None:
        self._client = connect(url)
        self._prefix = prefix
        self._asked: dict[str, float] = {}

    def take(self, name: str, every: timedelta) -> bool:
        """Return whether it is this process's turn to do `name`, which is done once in `every`."""
        now = time.monotonic()
        if now - self._asked.get(name, -every.total_seconds()) < every.total_seconds():
            return False
        self._asked[name] = now
        with store_errors(name):
            taken = self._client.set(f"{self._prefix}:turn:{name}", 1, nx=True, px=in_ms(every))
        return taken is not None
