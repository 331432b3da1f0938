"""What the API takes and gives beside events, as types: their JSON Schemas and checks are made from these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from worker.core.status import FeedRow

# Optional[...] and not a union with |: worker.contract.shape reads types that Python 3.9 has.


@dataclass(frozen=True)
class IngestRequest:
    """An article to be ingested now, whatever the schedule says."""

    url: str


@dataclass(frozen=True)
class FeedRequest:
    """A feed to be polled; `every` is how far apart, "10m" or "5m-1h", empty: as the settings say."""

    url: str
    name: str = ""
    every: str = ""


@dataclass(frozen=True)
class Ingested:
    """An article that was asked for: its id, what became of it so far ("" while it is open), whether it was unknown."""

    id: str
    url: str
    outcome: str
    is_new: bool


@dataclass(frozen=True)
class Feed:
    """A feed that is polled. `due` and `polled` are RFC 3339 in UTC, null for never; `failures` is in a row."""

    id: str
    url: str
    name: str
    status: str
    failures: int
    every: str
    polled: Optional[str]  # noqa: UP045
    due: Optional[str]  # noqa: UP045

    @classmethod
    def of(cls, row: FeedRow) -> Feed:
        """Return what the registry says."""
        polled, due = (moment.isoformat() if moment else None for moment in (row.polled, row.due))
        return cls(row.id, row.url, row.name, row.status, row.failures, row.every, polled, due)


@dataclass(frozen=True)
class FeedList:
    """All feeds that are polled, by URL."""

    feeds: list[Feed]


@dataclass(frozen=True)
class Attempt:
    """One attempt at an article or a feed: when (RFC 3339), what, what it came to and why, how many seconds it took."""

    time: str
    task: str
    outcome: str
    reason: str
    detail: str
    seconds: float


@dataclass(frozen=True)
class Fact:
    """One thing that is known, by its name and in words."""

    name: str
    value: str


@dataclass(frozen=True)
class History:
    """What is known of a feed or an article, and the attempts that are remembered, the oldest first."""

    id: str
    facts: list[Fact]
    attempts: list[Attempt]


@dataclass(frozen=True)
class Problem:
    """What went wrong (RFC 9457); `reason` is one of the slugs that the log has, where there is one."""

    type: str
    title: str
    status: int
    detail: str
    reason: str = ""


def status_schema() -> Mapping[str, Any]:
    """Return the JSON Schema of what `onrecord status --json` says, apart from what its parts say."""
    numbers = {"type": "object", "additionalProperties": {"type": ["number", "null"]}}
    parts = dict.fromkeys(("articles", "queues", "streams", "memory", "rechecks"), numbers)
    return {
        "type": "object",
        "description": "Articles by outcome and whether they add up, lengths of queues and streams, memory, warnings.",
        "properties": {
            **parts,
            "identity_holds": {"type": "boolean"},
            "feeds": {"type": "integer"},
            "warnings": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["articles", "identity_holds", "queues", "streams", "feeds", "warnings"],
    }
