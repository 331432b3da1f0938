"""What the ports of the ledger share: one connection, one key prefix, its scripts (`lua/`), and its limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from worker.adapters.redis.store import Scripts, connect


@dataclass(frozen=True, slots=True)
class Pace:
    """How much may run at the same time, and how often an article is tried."""

    cap: int
    spacing: timedelta
    concurrency: int
    attempts: int
    rechecks: int = 0


@dataclass(frozen=True)
class Ledger:
    """The ledger on one Redis (or one slot of a cluster: its prefix then has a hash tag)."""

    url: str
    prefix: str
    pace: Pace

    @cached_property
    def client(self) -> Any:
        """The connections, made when they are first needed."""
        return connect(self.url)

    @cached_property
    def run(self) -> Scripts:
        """The scripts; each is one transition, done as a whole or not at all."""
        return Scripts(self.client, self.prefix)

    def key(self, name: str) -> str:
        """Return the Redis key of what is called `name` in `lua/shared.lua`."""
        return f"{self.prefix}:{name}"

    def now_ms(self) -> int:
        """Return the server's time; on a cluster that cannot be asked in a pipeline."""
        seconds, micros = self.client.time()
        return int(seconds) * 1000 + int(micros) // 1000
