"""What is known of articles, hosts, feeds and consumers at one moment, as it is shown; nothing here is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class HostState:
    """How long until a host may be asked, how far apart, how many requests are under way and how many wait."""

    wait: timedelta
    spacing: timedelta
    busy: int
    queued: int


@dataclass(frozen=True, slots=True)
class OpenJob:
    """An article on its way: `due` is None while a worker has it, `reason` is why it was put back last.

    `rechecks` is the version that is looked at again; 0 when it was not published yet.
    """

    url: str
    hop: str
    host: str
    feed_id: str
    stage: str
    attempts: int
    reason: str
    found: datetime
    due: datetime | None
    rechecks: int = 0


@dataclass(frozen=True, slots=True)
class Health:
    """How long ago the last tick was (None: never), and for how long the breaker stays open (zero: it is closed)."""

    silence: timedelta | None
    pause: timedelta


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much is handed out and waits, and for how long the first of each; zero where there is none."""

    running: int
    hosts: int
    feeds_due: int
    feed_late: timedelta
    oldest: timedelta
    snapshots: int
    snapshots_bytes: int


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One feed as `onrecord feeds list` shows it; times are aware UTC, None when it never happened.

    `every` is the interval that was set for it ("10m", "5m-1h"); "" when that of the settings holds. `proposal` is
    what its site names in its place while it is lost, "" for nothing.
    """

    id: str
    url: str
    name: str
    origin: str
    every: str
    due: datetime | None
    polled: datetime | None
    status: str
    failures: int
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """How far a consumer group is.

    `lag` entries wait for it, of which `pending` were delivered and are not acknowledged; at least so many if
    `is_more`. `behind` is the time since the oldest of them was published, `idle` the time since one of its consumers
    asked for entries (None when it has no consumer), `warned` the time since it was first said that it stands still.
    """

    stream: str
    name: str
    consumers: int
    lag: int
    is_more: bool
    pending: int
    behind: timedelta
    idle: timedelta | None
    warned: timedelta | None

    @property
    def key(self) -> str:
        """Return "stream/name"."""
        return f"{self.stream}/{self.name}"
