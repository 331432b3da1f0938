"""The closed set of results of one attempt, and the Step that carries one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from worker.core.errors import Reason
from worker.core.messages import Message


class Outcome(StrEnum):
    """How one attempt at one message ended. Exactly one is counted per attempt."""

    # feeds
    TICKED = "ticked"
    SWEPT = "swept"
    POLLED = "polled"
    NOT_MODIFIED = "not_modified"
    FEED_FAILED = "feed_failed"
    # articles
    ADMITTED = "admitted"
    ALREADY_SEEN = "already_seen"
    FETCHED = "fetched"
    PUBLISHED = "published"
    DUPLICATE = "duplicate"
    DROPPED = "dropped"
    RETRYING = "retrying"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    WITHDRAWN = "withdrawn"
    RECHECK_FAILED = "recheck_failed"
    DEAD = "dead"
    # both
    STALE = "stale"
    BAD_MESSAGE = "bad_message"


@dataclass(frozen=True, slots=True)
class Delays:
    """How long the events of an article took: from its discovery, and from its publication if that was a moment ago."""

    since_found: timedelta
    since_publication: timedelta | None


@dataclass(frozen=True, slots=True)
class Step:
    """What an attempt came to, why, and which messages follow from it."""

    outcome: Outcome
    then: tuple[Message, ...] = ()
    reason: Reason | None = None
    subject: str = ""
    detail: str = ""
    delays: Delays | None = None


def spelled(outcome: str) -> str:
    """Return an outcome or reason, or both joined by ":", for people."""
    return outcome.replace(":", ": ").replace("_", " ")
