"""When a sink is tried again: one schedule for the event that failed, another for the sink as a whole.

An event that a sink will not take must not hold up the others, and a sink that is down must not be asked for
each of them. So the event is deferred for ever longer, and the sink rests for a moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from worker.core.retry import RetryPolicy

#: 16 attempts take 9 to 18 hours; then the event is a dead letter of its sink.
ATTEMPTS = 16
_EVENT = RetryPolicy(base=timedelta(seconds=5), cap=timedelta(hours=4))
#: A sink that is back is noticed within a minute.
_SINK = RetryPolicy(base=timedelta(seconds=1), cap=timedelta(minutes=1))
#: The longest rest that a sink can ask for; the event that it refused waits for as long as was asked.
LONGEST_REST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a sink did not take an event, without secrets; what it asked for; whether it wants no more at all."""

    why: str
    retry_after: timedelta | None = None
    gone: bool = False


def next_attempt(failure: Failure, attempts: int, jitter: float) -> timedelta | None:
    """Return how long an event waits after `attempts` have failed; None when that was the last."""
    return None if attempts >= ATTEMPTS else _EVENT.delay(attempts, jitter, failure.retry_after)


def rest(failure: Failure, failures: int, jitter: float) -> timedelta:
    """Return how long nothing is sent to a sink that failed so many times in a row, whatever the event."""
    return min(_SINK.delay(failures, jitter, failure.retry_after), LONGEST_REST)
