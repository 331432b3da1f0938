"""Made-up publishers: feeds with a rate, a day and a night, bursts, a length, wishes, and troubles."""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp, log

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
DAY_S = 86_400.0

#: How lively each hour of the day is (UTC); the mean is 1.
HOURS = [
    0.3,
    0.2,
    0.2,
    0.2,
    0.3,
    0.6,
    1.0,
    1.4,
    1.6,
    1.6,
    1.5,
    1.5,
    1.4,
    1.5,
    1.5,
    1.5,
    1.4,
    1.3,
    1.2,
    1.1,
    1.0,
    0.8,
    0.5,
    0.4,
]


@dataclass(frozen=True, slots=True)
class Publisher:
    """One feed for the whole run; times are seconds since START.

    `published` is when each entry came out, `length` how many of the newest the feed lists. From `down[0]` to
    `down[1]` it answers 503, from `busy[0]` to `busy[1]` 429 with Retry-After; from `gone` on 410.
    """

    host: int
    published: tuple[float, ...]
    length: int
    ttl: timedelta
    skip_hours: frozenset[int]
    down: tuple[float, float]
    busy: tuple[float, float]
    gone: float

    def listed(self, at: float) -> tuple[int, int]:
        """Return the half-open range of the entries that the feed lists at a time."""
        end = bisect_right(self.published, at)
        return max(0, end - self.length), end


def publishers(count: int, days: int, seed: int) -> list[Publisher]:
    """Return feeds of all kinds on a third as many hosts, the first of which has a tenth of them."""
    rng = random.Random(seed)
    hosts = max(2, count // 3)
    return [_publisher(rng, 0 if n % 10 == 0 else 1 + n % (hosts - 1), days) for n in range(count)]


def _publisher(rng: random.Random, host: int, days: int) -> Publisher:
    a_day = exp(rng.uniform(log(0.05), log(40)))
    end = days * DAY_S
    down, busy = (rng.uniform(0, 2 * end) for _ in range(2))
    return Publisher(
        host=host,
        published=tuple(sorted([*_ordinary(rng, a_day, end), *_bursts(rng, a_day, end)])),
        length=rng.choice([10, 20, 25, 30, 50, 100]),
        ttl=timedelta(minutes=rng.choice([0, 0, 0, 5, 15, 60])),
        skip_hours=frozenset(range(1, 5)) if rng.random() < 0.05 else frozenset(),
        down=(down, down + rng.expovariate(1 / 7200)),
        busy=(busy, busy + rng.expovariate(1 / 1800)),
        gone=rng.uniform(0, end) if rng.random() < 0.02 else 2 * end,
    )


def _ordinary(rng: random.Random, a_day: float, end: float) -> list[float]:
    """Draw a Poisson process by thinning, livelier by day; three days' worth came out before the start."""
    peak, at, drawn = max(HOURS) * a_day / DAY_S, -3 * DAY_S, []
    while (at := at + rng.expovariate(peak)) < end:
        if rng.random() < HOURS[int(at % DAY_S // 3600)] / max(HOURS):
            drawn.append(at)
    return drawn


def _bursts(rng: random.Random, a_day: float, end: float) -> list[float]:
    """Draw an event every ten days, on which as much is written in an hour as else in half a day."""
    drawn, at = [], 0.0
    while (at := at + rng.expovariate(1 / (10 * DAY_S))) < end:
        drawn += [at + rng.uniform(0, 3600) for _ in range(int(a_day / 2))]
    return [moment for moment in drawn if moment < end]
