"""Who is quoted, among the newest statements."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from worker.ports import EventEntry
from worker.services import Services
from worker.web.render import moment
from worker.web.statement import outlet

#: So many of the newest statements are counted, anew after so many seconds.
SAMPLE = 2_000
_FRESH_S = 10.0


@dataclass(slots=True)
class QuotedSpeaker:
    """One who is quoted: how often, in which roles and outlets, and when last."""

    name: str
    number: int = 0
    roles: Counter[str] = field(default_factory=Counter)
    outlets: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    last: datetime | None = None


class Speakers:
    """The speakers of the newest statements, the most quoted first."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._read, self._known = 0.0, list[QuotedSpeaker]()

    def most_quoted(self) -> list[QuotedSpeaker]:
        """Return them; counted at most every ten seconds, however many ask."""
        with self._lock:
            if not self._read or time.monotonic() - self._read > _FRESH_S:
                page = self._services.events.page("statements", limit=SAMPLE)
                self._known, self._read = counted(page.entries), time.monotonic()
            return self._known


def counted(entries: list[EventEntry]) -> list[QuotedSpeaker]:
    """Return the named speakers of statements, the most quoted first; `entries` have the newest first."""
    found: dict[str, QuotedSpeaker] = {}
    for entry in entries:
        data = entry.event.data
        name = isinstance(data["speaker"], dict) and data["speaker"].get("name")
        if not name or not entry.event.type.endswith(".created.v1"):
            continue
        speaker = found.setdefault(name, QuotedSpeaker(name, last=moment(entry.event.time)))
        speaker.number += 1
        speaker.kinds[data["kind"]] += 1
        speaker.outlets[outlet(data["article"])] += 1
        speaker.roles.update([data["speaker"]["role"]] if data["speaker"].get("role") else [])
    return sorted(found.values(), key=lambda one: -one.number)
