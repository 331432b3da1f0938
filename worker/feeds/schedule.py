"""When to poll a feed again: a decision, and the reasons for it, from what its polls brought.

A feed is polled twice for each entry that it is expected to bring, so that the median entry waits a quarter of the
time between two of them; within the bounds of the settings, the wishes of the publisher, and chance, which
keeps feeds from bunching.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import exp

_DAY_S = 86_400.0
_HOUR_S = 3_600.0
_ENTRIES_A_POLL = 0.5
_USUAL_MEMORY_S = 2 * _DAY_S  # long enough to remember the day during the night
_RECENT_MEMORY_S = 2 * _HOUR_S  # short enough to follow a morning, or an event
_UNKNOWN = 24.0  # entries a day, of a feed that says nothing about itself
_SLOWEST = 1 / 90  # an entry a season: what is slower is polled at the longest interval anyway
_JITTER = 0.1
_LONGEST_BACKOFF_S = _DAY_S  # a surprising number of feeds come back
_EVERY = re.compile(r"([0-9]{1,6})([smhd])(?:-([0-9]{1,6})([smhd]))?")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest interval between two polls."""

    low: timedelta
    high: timedelta

    @classmethod
    def of(cls, every: str) -> Bounds:
        """Read "10m", or "5m-1h" for a range; units are s, m, h and d.

        Raises:
            ValueError: It is neither, or polls would be less than a second or more than 30 days apart.
        """
        named = _EVERY.fullmatch(every)
        if named:
            low = int(named[1]) * _UNITS[named[2]]
            high = int(named[3]) * _UNITS[named[4]] if named[3] else low
            if 1 <= low <= high <= 30 * _DAY_S:
                return cls(timedelta(seconds=low), timedelta(seconds=high))
        raise ValueError(f"{every!r} is no interval such as 10m, or 5m-1h from shortest to longest (1s to 30d)")

    def __str__(self) -> str:
        """Return the bounds in words."""
        low, high = _shown(self.low.total_seconds()), _shown(self.high.total_seconds())
        return low if low == high else f"{low} to {high}"


@dataclass(frozen=True, slots=True)
class Rate:
    """Entries a day as observed: over days, and over hours. The higher one counts."""

    usual: float
    recent: float

    def after(self, new: int, elapsed: timedelta) -> Rate:
        """Return the rate after a poll that brought `new` entries, `elapsed` after the one before."""
        seconds = max(elapsed.total_seconds(), 1.0)
        observed = new * _DAY_S / seconds
        return Rate(
            _averaged(self.usual, observed, seconds / _USUAL_MEMORY_S),
            _averaged(self.recent, observed, seconds / _RECENT_MEMORY_S),
        )

    @property
    def expected(self) -> float:
        """Entries a day to be ready for."""
        return max(self.usual, self.recent, _SLOWEST)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a changed feed lists: how many entries, how many of them it listed before (None: this is the first time)."""

    entries: int
    overlap: int | None

    @property
    def new(self) -> int:
        """Return how many entries were not in the listing before."""
        return self.entries - (self.overlap or 0)

    @property
    def is_gap(self) -> bool:
        """Tell whether entries may have come and gone unseen: nothing of the listing before is left."""
        return self.overlap == 0 and self.entries > 0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the publisher asks for: how long an answer stays fresh, and when (UTC; 0 is Monday) to stay away."""

    fresh: timedelta = timedelta(0)
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Decision:
    """How long to wait until the next poll (None: for ever), and why: one clause for each thing that had a say."""

    wait: timedelta | None
    why: tuple[str, ...] = field(default=())


def first_rate(published: Sequence[datetime], period: timedelta | None, now: datetime) -> Rate:
    """Return the rate to expect of a feed that was never polled: as its entries are dated, or as it says itself."""
    ages = [age for age in ((now - moment).total_seconds() for moment in published) if age >= 0]
    if len(ages) > 1:
        usual = len(ages) * _DAY_S / max(*ages, _HOUR_S)
        return Rate(usual, sum(age < _RECENT_MEMORY_S for age in ages) * _DAY_S / _RECENT_MEMORY_S)
    usual = _DAY_S / period.total_seconds() if period else _UNKNOWN
    return Rate(usual, usual)


def after_poll(
    rate: Rate, listing: Listing | None, wishes: Wishes, bounds: Bounds, *, now: datetime, chance: float
) -> Decision:
    """Decide after a poll that went well.

    Args:
        rate: With this poll counted.
        listing: What it brought; None when nothing had changed.
        wishes: Of the publisher, as last heard.
        bounds: Of the interval; the publisher's may be longer by themselves only up to the longest.
        now: When it was.
        chance: Uniform in [0, 1).
    """
    low, high, fresh = bounds.low.total_seconds(), bounds.high.total_seconds(), wishes.fresh.total_seconds()
    wait = _DAY_S * _ENTRIES_A_POLL / rate.expected
    why = [f"{rate.usual:.1f} entries a day, {rate.recent:.1f} of late: {_shown(wait)} for half of one"]
    if listing and listing.is_gap:
        wait = low
        why.append(f"none of its {listing.entries} entries was there before: as soon as may be")
    if not low <= wait <= high:
        wait = min(max(wait, low), high)
        why.append(f"polls are {bounds} apart")
    if fresh > wait:
        wait = min(fresh, high)
        why.append(f"it asks for {_shown(fresh)} (ttl or max-age)")
    if listing and listing.overlap is None:
        wait = low + (wait - low) * chance
        why.append(f"after the first poll at a random moment of that: {_shown(wait)}")
    wait *= 1 + _JITTER * chance
    if wishes.skip_hours or wishes.skip_days:
        wait = _outside_skipped(wait, wishes, now)
        why.append(f"outside its skipHours and skipDays: {_shown(wait)}")
    return Decision(timedelta(seconds=wait), tuple(why))


def after_failure(failures: int, asked: timedelta | None, bounds: Bounds, *, chance: float) -> Decision:
    """Decide after `failures` (>= 1) polls in a row that failed; `asked` is what the server said with Retry-After."""
    longest = max(bounds.high.total_seconds(), _LONGEST_BACKOFF_S)
    low = bounds.low.total_seconds()
    wait = min(low * 2 ** min(failures - 1, 32), longest) * (1 + _JITTER * chance)
    why = [f"failed {failures} times in a row: {_shown(wait)}"]
    if asked and asked.total_seconds() > wait:
        wait = asked.total_seconds() + low * _JITTER * chance
        why.append(f"the server asks for {_shown(asked.total_seconds())} (Retry-After)")
    return Decision(timedelta(seconds=wait), tuple(why))


def is_to_be_found_again(failures: int) -> bool:
    """Tell whether the next poll of a feed that answers 404 or a page should look for where it went instead."""
    return failures > 0 and failures % 3 == 0


def _averaged(before: float, observed: float, elapsed: float) -> float:
    kept = exp(-elapsed)
    return before * kept + observed * (1 - kept)


def _outside_skipped(wait: float, wishes: Wishes, now: datetime) -> float:
    for hours in range(8 * 24):
        due = now.astimezone(UTC) + timedelta(seconds=wait, hours=hours)
        if due.hour not in wishes.skip_hours and due.weekday() not in wishes.skip_days:
            return wait + hours * _HOUR_S
    return wait  # it asks to be left alone for ever: a mistake


def _shown(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
