"""Memory over a run: of Redis, and of the largest worker process."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

import psutil
import redis

from tools.chaos.system import System, children

_EVERY_S = 5.0


class Sample(NamedTuple):
    """Megabytes at a time, in seconds since the beginning."""

    at: float
    redis: float
    worker: float


@dataclass(slots=True)
class Memory:
    """Samples, one every few seconds."""

    samples: list[Sample] = field(default_factory=list)

    def sample(self, system: System, at: float) -> None:
        """Take a sample if one is due."""
        if self.samples and at - self.samples[-1].at < _EVERY_S:
            return
        try:
            used = int(system.client.info("memory")["used_memory"])
        except redis.RedisError:
            return
        sizes = [_resident(pid) for worker in system.workers for pid in [worker, *children(worker)]]
        self.samples.append(Sample(at, used / 2**20, max(sizes) / 2**20))

    def growth(self) -> tuple[Sample, Sample]:
        """Return the medians of the second tenth of the run and of its last."""
        tenth = max(1, len(self.samples) // 10)
        return _middle(self.samples[tenth : 2 * tenth] or self.samples), _middle(self.samples[-tenth:])


def _middle(samples: list[Sample]) -> Sample:
    return Sample(*(median(values) for values in zip(*samples, strict=True)))


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
