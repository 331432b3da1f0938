"""What the events about feeds carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class FeedStatusData:
    """A feed that changed its state. `state` is a slug: "ok", "failing" or "gone".

    `failures` is how many polls in a row failed. `next_due` is RFC 3339 in UTC; null: never again. `proposal` is the
    URL of another feed that its site names in place of one that is lost; it is not followed until a person accepts it.
    """

    id: str
    url: str
    state: str
    reason: Optional[str] = None
    failures: int = 0
    next_due: Optional[str] = None
    proposal: Optional[str] = None


@dataclass(frozen=True)
class FeedGapData:
    """A poll that met none of the entries of the last one: entries in between may have been missed.

    `entries` is the length of the listing; the gap lies between the two times (RFC 3339, UTC).
    """

    id: str
    url: str
    entries: int
    last_polled: str
    polled: str
