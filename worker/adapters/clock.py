"""The system clock. Implements `worker.ports.Clock`."""

from datetime import UTC, datetime

from worker.ports import Clock


class SystemClock(Clock):
    """The time of day of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)
