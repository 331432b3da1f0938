"""A range of a stream, each event once: what `onrecord export` writes."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from worker.adapters.redis.event_log import decoded
from worker.adapters.redis.store import store_errors
from worker.contract import Event
from worker.ports import EventEntry

_BATCH = 100  # articles have 20 kB, some a megabyte


def events_between(client: Any, key: str, first: str, last: str, only: Callable[[Event], bool]) -> Iterator[EventEntry]:
    """Yield the wanted entries from `first` to `last`, both included, in the order of the stream.

    Memory does not grow with the range: which events were met (a stream may have one twice, when two deployments
    write to it) stands in a temporary file.

    Raises:
        TransientError: STORE_UNAVAILABLE.
    """
    with closing(_Met()) as met:
        start = first
        while True:
            with store_errors("streams"):
                entries = client.xrange(key, start, last, count=_BATCH)
            for entry in (each for row in entries for each in decoded(*row)):
                if only(entry.event) and met.is_new(entry.event):
                    yield entry
            if not entries:
                return
            start = "(" + entries[-1][0]


class _Met:
    """Which events were met; SQLite keeps what exceeds its cache of 2 MB in a file that nobody else sees."""

    def __init__(self) -> None:
        self._seen = sqlite3.connect("", isolation_level=None)
        self._seen.execute("PRAGMA journal_mode=OFF")
        self._seen.execute("CREATE TABLE met (event BLOB PRIMARY KEY) WITHOUT ROWID")
        self._seen.execute("BEGIN")

    def is_new(self, event: Event) -> bool:
        """Tell whether this is the first time that an event of this source and id is met."""
        digest = hashlib.blake2b(f"{event.source}\x1f{event.id}".encode(), digest_size=16).digest()
        return self._seen.execute("INSERT OR IGNORE INTO met VALUES (?)", (digest,)).rowcount == 1

    def close(self) -> None:
        """Give its file back."""
        self._seen.close()
