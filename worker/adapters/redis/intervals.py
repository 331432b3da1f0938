"""Work that is done once an interval by all processes together, whichever of them comes first."""

from __future__ import annotations

import time
from datetime import timedelta

from worker.adapters.redis.store import connect, in_ms, store_errors


class Intervals:
    """Gives each interval to one process; a process that asked does not ask again for as long."""

    def __init__(self, url: str, prefix: str) -> None:
        self._client = connect(url)
        self._prefix = prefix
        self._asked: dict[str, float] = {}

    def take(self, name: str, every: timedelta) -> bool:
        """Tell whether this process is to do `name` in the interval that begins now and lasts `every`."""
        now = time.monotonic()
        if now - self._asked.get(name, -every.total_seconds()) < every.total_seconds():
            return False
        self._asked[name] = now
        with store_errors(name):
            taken = self._client.set(f"{self._prefix}:turn:{name}", 1, nx=True, px=in_ms(every))
        return taken is not None
