"""How often a host is asked: the time between two request starts follows what the host can bear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

#: However slow a host is, it is asked once a minute: to learn that it recovered.
CEILING = timedelta(seconds=60)

_FIRST_STEP = timedelta(milliseconds=250)  # a host without any spacing is slowed to twice this
_FALL = 0.25  # of the way down to the target, with each good answer
_THROTTLED_HOLD = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class HostPace:
    """The time between two request starts on a host, and whether it answered 2xx within the last week."""

    spacing: timedelta
    had_success: bool


def adapted(pace: HostPace, latency: timedelta, *, floor: timedelta, concurrency: int) -> HostPace:
    """Return the pace after a good answer: towards `concurrency` requests under way at any time.

    Up at once, down by a quarter of the way, so that one quick answer does not undo a throttling. Where no spacing is
    set (a floor of zero: one's own servers), latency does not matter.

    Source: Scrapy's AutoThrottle, whose average this weighs differently.
    """
    target = latency / concurrency if floor else floor
    spacing = max(target, pace.spacing + (target - pace.spacing) * _FALL)
    return HostPace(max(floor, min(spacing, CEILING)), had_success=True)


def slowed(pace: HostPace, *, floor: timedelta) -> HostPace:
    """Return the pace after the host throttled, timed out or could not be reached: half as often."""
    doubled = 2 * max(pace.spacing, _FIRST_STEP)
    return HostPace(max(floor, min(doubled, CEILING)), had_success=False)


def hold(asked: timedelta | None) -> timedelta:
    """Return how long a host that throttles is left alone: as long as it asked for, or half a minute."""
    return _THROTTLED_HOLD if asked is None else asked
