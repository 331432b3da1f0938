"""Reading the published events: from some entry on, or bounded pages from the newest back. Writes nothing.

Implements `worker.ports.EventLog`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from worker.adapters.redis.store import connect, store_errors
from worker.contract import DecodeError, Event, InvalidEventError, decode
from worker.contract.payload import check
from worker.ports import EventEntry, EventLog, EventPage

_BLOCK_MS = 1000
_BATCH = 100
#: So many entries are looked at for one page; whoever wants more asks again from where it ended.
_MOST_LOOKED_AT = 5_000


class RedisEventLog(EventLog):
    """The published events of one deployment."""

    def __init__(self, url: str, prefix: str) -> None:
        self._client = connect(url)
        self._prefix = prefix

    def page(
        self,
        stream: str,
        fits: Callable[[Event], bool] = lambda _: True,
        *,
        subject: str | None = None,
        before: str | None = None,
        limit: int = _BATCH,
    ) -> EventPage:
        found: list[EventEntry] = []
        if before and not before.strip("0-"):
            return EventPage(found, None)  # Redis has no id before 0-0, and says so with an error
        latest, looked_at = f"({before}" if before else "+", 0
        while looked_at < _MOST_LOOKED_AT:
            batch = self._back(stream, latest)
            for entry_id, fields in batch:
                latest, looked_at = f"({entry_id}", looked_at + 1
                if subject in {None, fields.get("ce-subject")}:
                    found += [entry for entry in _checked(entry_id, fields) if fits(entry.event)]
                if len(found) == limit:
                    return EventPage(found, entry_id)
            if len(batch) < _BATCH:
                return EventPage(found, None)
        return EventPage(found, latest[1:])

    def after(self, stream: str, entry_id: str, limit: int = _BATCH) -> tuple[list[EventEntry], str]:
        rows = self._forth(stream, f"({entry_id}", "+", limit)
        return [entry for row in rows for entry in _checked(*row)], rows[-1][0] if rows else entry_id

    def last_id(self, stream: str) -> str:
        with store_errors(stream):
            newest = self._client.xrevrange(self._key(stream), count=1)
        return str(newest[0][0]) if newest else "0-0"

    def between(self, stream: str, since: int, until: int, *, subject: str | None = None) -> list[EventEntry]:
        rows = self._forth(stream, str(max(since, 0)), str(until), _MOST_LOOKED_AT)
        mine = [row for row in rows if subject in {None, row[1].get("ce-subject")}]
        return [entry for row in mine for entry in _checked(*row)]

    def _back(self, stream: str, latest: str) -> list[tuple[str, dict[str, str]]]:
        with store_errors(stream):
            return self._client.xrevrange(self._key(stream), latest, count=_BATCH)  # type: ignore[no-any-return]

    def _forth(self, stream: str, first: str, last: str, limit: int) -> list[tuple[str, dict[str, str]]]:
        with store_errors(stream):
            return self._client.xrange(self._key(stream), first, last, count=limit)  # type: ignore[no-any-return]

    def _key(self, stream: str) -> str:
        return f"{self._prefix}:{stream}"


def alone(client: Any, key: str, *, follow: bool, start: str = "0") -> Iterator[EventEntry]:
    """Yield the entries after `start`; with `follow`, for ever."""
    last = start
    while True:
        entries = _entries(client.xread({key: last}, count=_BATCH, block=_BLOCK_MS if follow else None))
        if not entries and not follow:
            return
        for entry_id, fields in entries:
            last = entry_id
            yield from decoded(entry_id, fields)


def _entries(reply: Any) -> list[tuple[str, dict[str, str]]]:
    """Return the entries of the one stream that was read; RESP2 answers a list, RESP3 a mapping."""
    if not reply:
        return []
    return reply[0][1] if isinstance(reply, list) else next(iter(reply.values()))[0]  # type: ignore[no-any-return]


def decoded(entry_id: str, fields: dict[str, str]) -> Iterator[EventEntry]:
    """Yield the event of an entry, if it has one."""
    try:
        yield EventEntry(entry_id, decode(fields))
    except DecodeError:
        return


def _checked(entry_id: str, fields: dict[str, str]) -> Iterator[EventEntry]:
    """Yield the event of an entry, if it is one that this release knows and has all that belongs to it."""
    try:
        event = decode(fields)
        check(event)
        yield EventEntry(entry_id, event)
    except (DecodeError, InvalidEventError):
        return
