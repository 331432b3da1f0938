"""What is remembered of a feed between two polls, to and from the flat strings that a store keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from worker.feeds.feed import FeedDocument
from worker.feeds.schedule import Bounds, Decision, Listing, Rate, Wishes, after_poll, first_rate


@dataclass(frozen=True, slots=True)
class Memory:
    """The schedule's side of a feed.

    `checked` is when it was last read without failure; `state` is what was last announced: "", "ok", "failing"
    or "gone". `ttl` and the hours and days to skip are the feed's own, from when it was last parsed.
    """

    rate: Rate | None = None
    checked: datetime | None = None
    failures: int = 0
    state: str = ""
    ttl: timedelta = timedelta(0)
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Memory:
        """Read what `fields` wrote; what is absent was never learnt."""
        known = json.loads(fields.get("schedule", "{}"))
        checked = known.get("checked")
        return cls(
            rate=Rate(*known["rate"]) if "rate" in known else None,
            checked=datetime.fromtimestamp(checked, UTC) if checked else None,
            failures=int(fields.get("failures", "0")),
            state=fields.get("state", ""),
            ttl=timedelta(seconds=known.get("ttl", 0)),
            skip_hours=frozenset(known.get("hours", ())),
            skip_days=frozenset(known.get("days", ())),
        )

    def fields(self) -> dict[str, str]:
        """Return what `of` reads."""
        known: dict[str, object] = {
            "ttl": self.ttl.total_seconds(),
            "hours": sorted(self.skip_hours),
            "days": sorted(self.skip_days),
        }
        if self.rate:
            known["rate"] = [round(self.rate.usual, 4), round(self.rate.recent, 4)]
        if self.checked:
            known["checked"] = self.checked.timestamp()
        return {"schedule": json.dumps(known), "failures": str(self.failures), "state": self.state}

    def after(self, feed: FeedDocument | None, new: int, now: datetime) -> Memory:
        """Return the memory after a good poll that brought `new` entries; `feed` is None when nothing had changed."""
        if self.rate is None or self.checked is None:
            published = [entry.published for entry in feed.entries if entry.published] if feed else []
            rate = first_rate(published, feed.period if feed else None, now)
        else:
            rate = self.rate.after(new, now - self.checked)
        source = self if feed is None else feed
        return Memory(rate, now, 0, "ok", source.ttl or timedelta(0), source.skip_hours, source.skip_days)

    def decide(
        self, listing: Listing | None, fresh: timedelta, bounds: Bounds, *, now: datetime, chance: float
    ) -> Decision:
        """Decide when to poll next, as `after_poll`; the HTTP answer is fresh for `fresh`."""
        wishes = Wishes(max(self.ttl, fresh), self.skip_hours, self.skip_days)
        rate = self.rate or first_rate((), None, now)
        return after_poll(rate, listing, wishes, bounds, now=now, chance=chance)
