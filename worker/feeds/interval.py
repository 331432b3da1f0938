"""When to poll a feed again: an adaptive interval, from what the last poll brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest interval between two polls."""

    low: timedelta
    high: timedelta

    def clamp(self, interval: timedelta) -> timedelta:
        """Return `interval`, or the bound it is outside of."""
        return min(max(interval, self.low), self.high)


def next_interval(last: timedelta, *, new: int, overlap: int, bounds: Bounds) -> timedelta:
    """Return the interval after a poll that brought `new` unknown entries beside `overlap` known ones.

    Nothing new: half as long again. Mostly new, or no overlap at all: half. Else: as before.
    """
    if new == 0:
        return bounds.clamp(last * 1.5)
    if overlap == 0 or new > overlap:
        return bounds.clamp(last / 2)
    return bounds.clamp(last)
