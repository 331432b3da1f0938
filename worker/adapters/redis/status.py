"""Questions to the ledger, which change nothing. Implements `worker.ports.Status`."""

from __future__ import annotations

from datetime import timedelta

from config import limits
from worker.adapters.redis import rows
from worker.adapters.redis.ledger import Ledger
from worker.adapters.redis.store import in_ms, store_errors
from worker.core.status import Health, OpenJob, Waiting
from worker.ports import Status


class RedisStatus(Status):
    """What commands, the web page and metrics show."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def health(self) -> Health:
        with store_errors("health"):
            now = self._ledger.now_ms()
            pipe = self._ledger.client.pipeline(transaction=False)
            pipe.get(self._ledger.key("ticked"))
            pipe.hget(self._ledger.key("breaker"), "until")
            ticked, until = pipe.execute()
        silence = timedelta(milliseconds=now - int(ticked)) if ticked else None
        return Health(silence, timedelta(milliseconds=max(0, int(until or 0) - now)))

    def waiting(self) -> Waiting:
        key = self._ledger.key
        with store_errors("waiting"):
            now = self._ledger.now_ms()
            pipe = self._ledger.client.pipeline(transaction=False)
            pipe.zcard(key("running")).zcard(key("hosts")).zcount(key("feeds:due"), "-inf", now)
            pipe.zrangebyscore(key("feeds:due"), 1, now, start=0, num=1, withscores=True)  # 0 is "at once"
            pipe.zrange(key("jobs"), 0, 0, withscores=True)
            pipe.zcard(key("kept")).get(key("kept:bytes"))
            running, hosts, due, late, oldest, kept, size = pipe.execute()
        late_ms, oldest_ms = (max(0.0, now - row[0][1]) if row else 0.0 for row in (late, oldest))
        return Waiting(
            running,
            hosts,
            due,
            timedelta(milliseconds=late_ms),
            timedelta(milliseconds=oldest_ms),
            kept,
            int(size or 0),
        )

    def counts(self) -> dict[str, int]:
        with store_errors("counts"):
            pipe = self._ledger.client.pipeline()
            pipe.hgetall(self._ledger.key("counts"))
            pipe.zcard(self._ledger.key("jobs"))
            counts, unfinished = pipe.execute()
        return {**{name: int(number) for name, number in counts.items()}, "in_flight": int(unfinished)}

    def rechecks(self) -> dict[str, int]:
        with store_errors("rechecks"):
            pipe = self._ledger.client.pipeline(transaction=False)
            pipe.hgetall(self._ledger.key("rechecked"))
            pipe.zcard(self._ledger.key("rechecks"))
            came, waiting = pipe.execute()
        return {**{name: int(number) for name, number in came.items()}, "waiting": int(waiting)}

    def outcome(self, article: str) -> str | None:
        return self._ledger.run("outcome", id=article, length=in_ms(limits.SEEN_BUCKET))  # type: ignore[no-any-return]

    def open_job(self, article: str) -> OpenJob | None:
        client, key = self._ledger.client, self._ledger.key
        with store_errors(article):
            row = client.hgetall(key(f"job:{article}"))
            due = client.zscore(key(f"queue:{row['host']}"), article) if row else None
        if not row:
            return None
        return OpenJob(
            url=row["url"],
            hop=row.get("hop", ""),
            host=row["host"],
            feed_id=row["feed"],
            stage=row["stage"],
            attempts=int(row["attempts"]),
            reason=row.get("reason", ""),
            found=rows.moment(row["found"]),
            due=None if due is None else rows.moment(due),
            rechecks=int(row["version"]) if "was" in row else 0,
        )
