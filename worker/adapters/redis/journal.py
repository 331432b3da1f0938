"""The journal: what each attempt came to, for `onrecord why`. Bounded, and no truth: losing it loses nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from worker.adapters.redis.store import connect, store_errors

#: About 20 MB; at ten articles a second, the last two hours.
_LENGTH = 100_000
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One attempt at one article or feed, by its id: what was done, what it came to and why, and how long it took."""

    item: str
    time: datetime
    task: str
    outcome: str
    reason: str
    detail: str
    took: timedelta


class Journal:
    """One stream for all attempts."""

    def __init__(self, url: str, prefix: str) -> None:
        self._client = connect(url)
        self._key = f"{prefix}:journal"

    def write(self, item: str, task: str, outcome: str, reason: str, detail: str, took: timedelta) -> None:
        """Note an attempt at an article or a feed, by its id."""
        fields = {"item": item, "task": task, "outcome": outcome, "reason": reason, "detail": detail[:300]}
        with store_errors(item):
            self._client.xadd(
                self._key,
                {**fields, "ms": round(took / timedelta(milliseconds=1), 1)},
                maxlen=_LENGTH,
                approximate=True,
            )

    def of(self, item: str) -> list[JournalEntry]:
        """Return the attempts at one item that are still known, oldest first."""
        return [attempt for attempt in self.all() if attempt.item == item]

    def all(self) -> list[JournalEntry]:
        """Return all attempts that are still known, oldest first."""
        with store_errors("journal"):
            return [_attempt(key, row) for key, row in self._entries()]

    def since(self, moment: datetime, most: int) -> list[JournalEntry]:
        """Return the attempts since then, the newest first; `most` of them at most."""
        first = int(moment.timestamp() * 1000)
        with store_errors("journal"):
            rows = self._client.xrevrange(self._key, "+", first, count=most)
        return [_attempt(key, row) for key, row in rows]

    def _entries(self) -> Iterator[tuple[str, dict[str, str]]]:
        last = "-"
        while page := self._client.xrange(self._key, min=last, count=_PAGE):
            yield from page
            last = f"({page[-1][0]}"


def _attempt(key: str, row: dict[str, Any]) -> JournalEntry:
    moment = datetime.fromtimestamp(int(key.partition("-")[0]) / 1000, UTC)
    took = timedelta(milliseconds=float(row["ms"]))
    return JournalEntry(row["item"], moment, row["task"], row["outcome"], row["reason"], row["detail"], took)
