"""Snapshots of articles that came to their outcome, in the ledger. Implements `worker.ports.Snapshots`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from config import limits
from worker.adapters.observability import tracing
from worker.adapters.redis import rows
from worker.adapters.redis.ledger import Ledger
from worker.adapters.redis.store import in_ms, store_errors
from worker.core.jobs import Job, Snapshot
from worker.ports import Snapshots

_EVICT_LIMIT = 500


class RedisSnapshots(Snapshots):
    """One hash a snapshot (`edition:<id>`), by age in `kept`, and by when it is looked at again in `rechecks`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._run = ledger.run

    def kept(self, since: datetime) -> list[str]:
        with store_errors("kept"):
            return list(self._ledger.client.zrangebyscore(self._ledger.key("kept"), since.timestamp() * 1000, "+inf"))

    def get(self, key: str) -> Snapshot | None:
        with store_errors(key):
            row = self._ledger.client.hgetall(self._ledger.key(f"edition:{key}"))
        if not row:
            return None
        job = rows.job(key, {**row, "token": "0", "attempts": "0"})
        version, cluster = int(row["version"]), row.get("cluster", "")
        return Snapshot(job, row["outcome"], row["article"], version, row["content"], cluster)

    def republish(
        self, snapshot: Snapshot, article_id: str, content: str, events: Sequence[tuple[str, Mapping[str, str]]]
    ) -> str:
        return str(
            self._run(
                "republish",
                *rows.flat_events(events),
                id=snapshot.job.id,
                version=snapshot.version,
                length=in_ms(limits.SEEN_BUCKET),
                canonical=article_id,
                content=content,
            )
        )

    def evict(self, budget_bytes: int) -> list[str]:
        share = int(budget_bytes * limits.FEED_SHARE)
        longest = in_ms(limits.PAGE_TTL)
        return list(self._run("evict", budget=budget_bytes, share=share, longest=longest, limit=_EVICT_LIMIT))

    def recheck(self, article: str) -> bool:
        return bool(self._run("recheck", id=article))

    def rechecked(
        self,
        job: Job,
        came: str,
        wait: timedelta | None,
        *,
        is_missing: bool = False,
        content: str = "",
        page_ref: str = "",
        events: Sequence[tuple[str, Mapping[str, str]]] = (),
    ) -> str | None:
        with tracing.span("publish"):
            spare = self._run(
                "rechecked",
                *rows.flat_events(events),
                id=job.id,
                token=job.token,
                came=came,
                wait=-1 if wait is None else in_ms(wait),
                missing=int(is_missing),
                concurrency=self._ledger.pace.concurrency,
                content=content,
                page=page_ref,
            )
        return None if spare == "STALE" else str(spare)

    def next_recheck(self, article: str) -> datetime | None:
        with store_errors(article):
            due = self._ledger.client.zscore(self._ledger.key("rechecks"), article)
        return None if due is None else rows.moment(due)

    def published_at(self, article: str) -> tuple[int, int | None]:
        with store_errors(article):
            pipe = self._ledger.client.pipeline(transaction=False)
            pipe.hget(self._ledger.key(f"edition:{article}"), "version")
            pipe.zscore(self._ledger.key("kept"), article)
            version, kept = pipe.execute()
        return int(version or 0), None if kept is None else int(kept)
