"""What the head of a feed says to those who poll it, beside what feedparser keeps of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

_HEAD_CHARS = 20_000
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_HOURS = re.compile(r"<skipHours\s{0,9}>(.{0,1000}?)</skipHours", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(r"<hour\s{0,9}>\s{0,9}([0-9]{1,2})", re.IGNORECASE)
_SKIP_DAYS = re.compile(r"<skipDays\s{0,9}>(.{0,1000}?)</skipDays", re.IGNORECASE | re.DOTALL)
_DAY = re.compile(r"<day\s{0,9}>\s{0,9}([a-z]{6,9})", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"<(?:dc:)?language\s{0,9}>\s{0,99}([a-z]{2,3}(?:[-_][a-z0-9]{1,8}){0,3})\s{0,99}<"
    r"|<(?:rss|feed|channel|rdf:RDF)\s[^<>]{0,500}?\bxml:lang\s{0,9}=\s{0,9}[\"']([a-z]{2,3}(?:[-_][a-z0-9]{1,8}){0,3})[\"']",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"<sy:updatePeriod\s{0,9}>\s{0,99}([a-z]{5,7})", re.IGNORECASE)
_FREQUENCY = re.compile(r"<sy:updateFrequency\s{0,9}>\s{0,99}([0-9]{1,4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """Hours (0 to 23, UTC) and days (0 is Monday) to stay away in, how often the feed says it changes, its language."""

    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    period: timedelta | None = None
    language: str = ""


def read_head(text: str) -> Head:
    """Read skipHours and skipDays (RSS 2.0) and the syndication module (RSS 1.0) from the start of a feed."""
    head = text[:_HEAD_CHARS]
    hours = _HOURS.search(head)
    days = _SKIP_DAYS.search(head)
    language = _LANGUAGE.search(head)
    return Head(
        skip_hours=frozenset(int(hour) % 24 for hour in _HOUR.findall(hours[1])) if hours else frozenset(),
        skip_days=frozenset(_DAYS.index(day) for day in map(str.lower, _DAY.findall(days[1])) if day in _DAYS)
        if days
        else frozenset(),
        period=_period(head),
        language=(language[1] or language[2]) if language else "",
    )


def _period(head: str) -> timedelta | None:
    unit = _PERIOD.search(head)
    times = _FREQUENCY.search(head)
    period = _PERIODS.get(unit[1].lower()) if unit else None
    return period / max(1, int(times[1]) if times else 1) if period else None
