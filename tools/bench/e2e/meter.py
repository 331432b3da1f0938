"""What each process and Redis have used so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psutil
import redis

_SAMPLED_EVERY_S = 1.0
#: What Redis counts; a read of its sockets is a round trip of a client, or of what it sent at once.
_REDIS = {
    "commands": "total_commands_processed",
    "round trips": "total_reads_processed",
    "bytes in": "total_net_input_bytes",
    "bytes out": "total_net_output_bytes",
}


@dataclass
class Meter:
    """Reads the CPU time and the memory of the processes that have a part in the run.

    Args:
        roles: The process ids of each part, asked for anew each time: children come and go.
        client: Of the Redis server.
    """

    roles: Mapping[str, Callable[[], list[int]]]
    client: redis.Redis
    peak_mb: dict[str, float] = field(default_factory=dict)
    _sampled: float = 0.0

    def cpu(self) -> dict[str, float]:
        """Return CPU seconds by part; those of children that ended are their parent's."""
        return {role: sum(map(_cpu, pids())) for role, pids in self.roles.items()}

    def redis(self) -> dict[str, float]:
        """Return what Redis counted."""
        stats: dict[str, Any] = self.client.info("stats")
        return {name: stats[key] for name, key in _REDIS.items()}

    def sample_memory(self) -> None:
        """Keep the largest resident set of a process in each part; looks once a second."""
        if time.monotonic() - self._sampled < _SAMPLED_EVERY_S:
            return
        self._sampled = time.monotonic()
        for role, pids in self.roles.items():
            largest = max(map(_resident_mb, pids()), default=0.0)
            self.peak_mb[role] = max(self.peak_mb.get(role, 0.0), largest)


def own_mb(pids: list[int]) -> float:
    """Return the largest memory that one of these processes shares with no other (USS)."""
    return max((psutil.Process(pid).memory_full_info().uss / 1e6 for pid in pids), default=0.0)


def _cpu(pid: int) -> float:
    with suppress(psutil.NoSuchProcess):
        return sum(psutil.Process(pid).cpu_times()[:4])
    return 0.0


def _resident_mb(pid: int) -> float:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).memory_info().rss / 1e6
    return 0.0
