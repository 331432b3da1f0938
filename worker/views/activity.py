"""How much was done lately, in equal spans of time, as the journal of attempts says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from worker.adapters.redis.journal import JournalEntry
from worker.core.outcomes import Outcome

BARS = 60
_STATEMENTS = re.compile(r"(\d+) statements")
_FAILED = {Outcome.RETRYING, Outcome.DEAD}


@dataclass(slots=True)
class Activity:
    """What happened in each of `BARS` spans, the oldest first; `start` is where the first one begins."""

    start: datetime
    span: timedelta
    polls: list[int] = field(default_factory=lambda: [0] * BARS)
    articles: list[int] = field(default_factory=lambda: [0] * BARS)
    statements: list[int] = field(default_factory=lambda: [0] * BARS)
    failures: list[int] = field(default_factory=lambda: [0] * BARS)


def activity(attempts: Sequence[JournalEntry], now: datetime, window: timedelta) -> Activity:
    """Sort the attempts of the last `window` into spans."""
    found = Activity(now - window, window / BARS)
    for attempt in attempts:
        place = int((attempt.time - found.start) / found.span)
        if 0 <= place < BARS:
            _count(found, attempt, place)
    return found


def _count(found: Activity, attempt: JournalEntry, place: int) -> None:
    if attempt.task == "feeds.poll":
        found.polls[place] += 1
    if attempt.outcome == Outcome.PUBLISHED:
        found.articles[place] += 1
        said = _STATEMENTS.match(attempt.detail)
        found.statements[place] += int(said[1]) if said else 0
    found.failures[place] += bool(attempt.reason) and attempt.outcome in _FAILED
