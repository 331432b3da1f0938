"""What is counted as it happens, in one hash that all processes add to: attempts, and how long things took.

All else that metrics show is state that Redis has anyway. The fields are `attempt|<task>|<outcome>|<reason>|<bucket>`,
`found|<bucket>` and `written|<bucket>` -> number, with `ms` for a sum. A bucket is the index of its upper bound, the
last one has the rest.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

from worker.adapters.observability.metrics import ATTEMPT_BOUNDS, DELAY_BOUNDS
from worker.adapters.redis.store import connect, store_errors
from worker.core.errors import TransientError
from worker.core.outcomes import Delays

_ATTEMPT, _FOUND, _WRITTEN, _SUM = "attempt", "found", "written", "ms"
EVERY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Numbers by bucket, not cumulated, one more than there are bounds; and the sum of all values in seconds."""

    buckets: tuple[int, ...]
    sum_s: float


class Measures:
    """The hash, as what adds to it and what reads it.

    What is noted is added once a second, so that it costs an article next to nothing; a process that is killed takes
    its last second along.
    """

    def __init__(self, url: str, prefix: str) -> None:
        self._client = connect(url)
        self._key = f"{prefix}:measures"
        self._pending: Counter[str] = Counter()
        self._lock = Lock()
        self._flushed = 0.0

    def note(self, task: str, outcome: str, reason: str, took: timedelta, delays: Delays | None = None) -> None:
        """Count an attempt, and what the events of an article waited for."""
        with self._lock:
            self._add(f"{_ATTEMPT}|{task}|{outcome}|{reason}|", f"{_ATTEMPT}|{task}|", took, ATTEMPT_BOUNDS)
            if delays:
                self._add(f"{_FOUND}|", f"{_FOUND}|", delays.since_found, DELAY_BOUNDS)
            if delays and delays.since_publication is not None:
                self._add(f"{_WRITTEN}|", f"{_WRITTEN}|", delays.since_publication, DELAY_BOUNDS)

    def flush(self, *, every: timedelta = EVERY) -> None:
        """Add what was noted to the hash, if that was not done within `every`; what cannot be added now is kept."""
        now = time.monotonic()
        with self._lock:
            if not self._pending or now - self._flushed < every.total_seconds():
                return
            self._flushed, pending = now, self._pending
            self._pending = Counter()
        try:
            self._store(pending)
        except TransientError:
            with self._lock:
                self._pending.update(pending)
            raise

    def read(self) -> Readings:
        """Return all that was counted."""
        with store_errors("measures"):
            return Readings({name: int(number) for name, number in self._client.hgetall(self._key).items()})

    def _add(self, name: str, sum_name: str, span: timedelta, bounds: Sequence[float]) -> None:
        seconds = max(0.0, span.total_seconds())
        self._pending[f"{name}{bisect_left(bounds, seconds)}"] += 1
        self._pending[sum_name + _SUM] += round(seconds * 1000)

    def _store(self, pending: Mapping[str, int]) -> None:
        with store_errors("measures"):
            pipe = self._client.pipeline(transaction=False)
            for name, number in pending.items():
                pipe.hincrby(self._key, name, number)
            pipe.execute()


class Readings:
    """What the hash has."""

    def __init__(self, fields: Mapping[str, int]) -> None:
        self._fields = fields

    def attempts(self) -> dict[tuple[str, str, str], int]:
        """Return the number of attempts by (task, outcome, reason)."""
        found: dict[tuple[str, str, str], int] = {}
        for parts, number in self._of(_ATTEMPT):
            if parts[-1] != _SUM:
                task, outcome, reason, _bucket = parts
                found[task, outcome, reason] = found.get((task, outcome, reason), 0) + number
        return found

    def attempt_seconds(self) -> dict[str, Histogram]:
        """Return how long attempts took, by task."""
        tasks = {parts[0] for parts, _ in self._of(_ATTEMPT)}
        rows = {task: [(parts[-1], n) for parts, n in self._of(_ATTEMPT) if parts[0] == task] for task in sorted(tasks)}
        return {task: _histogram(row, len(ATTEMPT_BOUNDS)) for task, row in rows.items()}

    def found_to_event(self) -> Histogram:
        """Return how long articles took from their discovery."""
        return _histogram([(parts[-1], number) for parts, number in self._of(_FOUND)], len(DELAY_BOUNDS))

    def publication_to_event(self) -> Histogram:
        """Return how long articles took from their publication."""
        return _histogram([(parts[-1], number) for parts, number in self._of(_WRITTEN)], len(DELAY_BOUNDS))

    def _of(self, name: str) -> Iterator[tuple[list[str], int]]:
        for field, number in self._fields.items():
            first, *rest = field.split("|")
            if first == name:
                yield rest, number


def _histogram(rows: list[tuple[str, int]], bounds: int) -> Histogram:
    buckets, sum_ms = [0] * (bounds + 1), 0
    for name, number in rows:
        if name == _SUM:
            sum_ms += number
        else:
            buckets[int(name)] += number
    return Histogram(tuple(buckets), sum_ms / 1000)
