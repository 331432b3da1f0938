"""An article as its readers have it now: the latest version, and the statements that stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from worker.contract import Event
from worker.ports import EventEntry
from worker.services import Services

#: The events of a version are published in one step; two clocks of one server may still differ by this.
_STEP_MS = 50


@dataclass(frozen=True, slots=True)
class Published:
    """What was published of an article: its latest `article.created` or `updated`, and the statements in that.

    `withdrawn` is why its publisher took it back, None while it stands.
    """

    article: Event
    statements: list[dict[str, Any]]
    withdrawn: str | None


def published(services: Services, article_id: str, near: int | None = None) -> Published | None:
    """Return an article; None when none of this id is found among the latest, or at the times that are known of it.

    Args:
        services: Whose.
        article_id: The id it was published under.
        near: When something of it was published, in ms, if the caller knows.
    """
    entries = _of_article(services, article_id, near)
    bodies = [entry.event for entry in entries if "text" in entry.event.data]
    if not bodies:
        return None
    current: dict[str, dict[str, Any]] = {}
    for entry in entries:
        current |= {data["id"]: dict(data) for data in _statements_with(services, entry, article_id)}
    listed = [current[one] for one in bodies[-1].data["statement_ids"] if one in current]
    last = entries[-1].event.data
    return Published(bodies[-1], listed, None if "text" in last else str(last.get("reason")))


def _of_article(services: Services, article_id: str, near: int | None) -> list[EventEntry]:
    """Return the events about an article itself, the oldest first."""
    version, since = services.snapshots.published_at(article_id)
    found = {}
    for at in {at for at in (near, since) if at is not None}:
        for entry in services.events.between("articles", at - _STEP_MS, at + _STEP_MS, subject=article_id):
            found[entry.id] = entry
    if not found or version != 1:
        page = services.events.page("articles", subject=article_id)
        found |= {entry.id: entry for entry in page.entries}
    return [found[key] for key in sorted(found, key=_order)]


def _statements_with(services: Services, entry: EventEntry, article_id: str) -> list[Any]:
    """Return what was said of an article's statements together with an event about it."""
    at = int(entry.id.partition("-")[0])
    events = services.events.between("statements", at, at + _STEP_MS)
    return [one.event.data for one in events if one.event.partitionkey == article_id and "segments" in one.event.data]


def _order(entry_id: str) -> tuple[int, int]:
    ms, _, number = entry_id.partition("-")
    return int(ms), int(number)
