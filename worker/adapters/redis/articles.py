"""Articles on their way in the ledger: one script a transition. Implements `worker.ports.Articles`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from config import limits
from worker.adapters.observability import telemetry, tracing
from worker.adapters.redis import rows
from worker.adapters.redis.ledger import Ledger
from worker.adapters.redis.store import in_ms, store_errors
from worker.core.errors import Reason
from worker.core.jobs import Admission, HandedOut, Job, Swept
from worker.core.records import FeedEntry
from worker.core.urls import host_of
from worker.ports import Articles

_SWEEP_LIMIT = 500


class RedisArticles(Articles):
    """What is due, what a worker holds, and the one outcome that each article comes to."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._pace = ledger.pace
        self._run = ledger.run

    def take(self) -> list[HandedOut]:
        pace = self._pace
        flat = self._run(
            "take",
            cap=pace.cap,
            lease=in_ms(limits.LEASE),
            feed_lease=in_ms(limits.FEED_LEASE),
            spacing=in_ms(pace.spacing),
            concurrency=pace.concurrency,
            rechecks=pace.rechecks,
            delay=in_ms(limits.PRESSURE_DELAY),
        )
        return rows.handed_out(flat)

    def sweep(self) -> Swept:
        pace = self._pace
        back, again, spent = self._run(
            "sweep", limit=_SWEEP_LIMIT, most=pace.attempts, lease=in_ms(limits.LEASE), concurrency=pace.concurrency
        )
        return Swept(int(back), tuple(rows.handed_out(again)), tuple(rows.handed_out(spent)))

    def expire_leases(self) -> int:
        return int(self._run("expire_leases"))

    def count_failure(self) -> bool:
        return bool(self._run("count_failure", most=limits.BREAKER_FAILURES, pause=in_ms(limits.BREAKER_PAUSE)))

    def admit(self, entries: Sequence[FeedEntry], *, archive_of: str = "") -> Admission:
        admission = rows.admit(self._ledger, entries, source=archive_of, wait=timedelta(0))
        return admission or Admission((), 0)

    def admit_page(self, entry: FeedEntry, page_ref: str) -> bool:
        admission = self.admit([entry])
        return bool(admission.admitted) and bool(self._run("skip_fetch", id=admission.admitted[0], page=page_ref))

    def claim(self, item_id: str, token: int, stage: str) -> Job | None:
        row = rows.claim(self._ledger, item_id, token, stage)
        if row is None:
            return None
        job = rows.job(item_id, row)
        telemetry.claimed(article=job.id, feed=job.feed_id, url=job.url, trace=job.trace)
        return job

    def job(self, item_id: str, token: int) -> Job | None:
        with store_errors(item_id):
            row = self._ledger.client.hgetall(self._ledger.key(f"job:{item_id}"))
        return rows.job(item_id, row) if row and row["token"] == str(token) else None

    def fetched(self, job: Job, page_ref: str, validators: Mapping[str, str]) -> int | None:
        token = self._run(
            "fetched",
            id=job.id,
            token=job.token,
            page=page_ref,
            lease=in_ms(limits.LEASE),
            concurrency=self._pace.concurrency,
            etag=validators.get("etag", ""),
            modified=validators.get("modified", ""),
            trace=tracing.current(),
        )
        return None if token is None else int(token)

    def rehost(self, job: Job, url: str) -> str:
        return str(
            self._run(
                "rehost",
                id=job.id,
                token=job.token,
                url=url,
                host=host_of(url),
                most=limits.PAGE.redirects,
                concurrency=self._pace.concurrency,
            )
        )

    def put_back(self, job: Job, delay: timedelta, reason: Reason, *, counts: bool) -> str:
        return str(
            self._run(
                "put_back",
                id=job.id,
                token=job.token,
                delay=in_ms(delay),
                counts=int(counts),
                attempts=self._pace.attempts,
                max_age=in_ms(limits.MAX_AGE),
                reason=reason,
                concurrency=self._pace.concurrency,
                patience=in_ms(limits.PATIENCE),
            )
        )

    def finish(  # noqa: PLR0913 - all that an end may have
        self,
        job: Job,
        outcome: str,
        reason: Reason | None,
        *,
        canonical_id: str = "",
        content: str = "",
        recheck: timedelta | None = None,
        events: Sequence[tuple[str, Mapping[str, str]]] = (),
        unless_taken: bool = False,
    ) -> str:
        with tracing.span("publish"):
            return str(
                self._run(
                    "finish",
                    *rows.flat_events(events),
                    id=job.id,
                    token=job.token,
                    outcome=outcome,
                    reason=reason or "",
                    canonical=canonical_id or job.id,
                    length=in_ms(limits.SEEN_BUCKET),
                    concurrency=self._pace.concurrency,
                    content=content,
                    recheck=-1 if recheck is None else in_ms(recheck),
                    unless_taken=int(unless_taken),
                )
            )
