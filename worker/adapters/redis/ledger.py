"""The ledger in Redis: atomic scripts (`lua/`), one method each. Implements `worker.ports.Ledger`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from config import limits
from worker.adapters.observability import telemetry, tracing
from worker.adapters.redis.store import Scripts, connect, in_ms, store_errors
from worker.core.errors import Reason
from worker.core.identity import Candidate, candidates
from worker.core.jobs import Admission, Edition, FeedState, HandedOut, Job, Recheck, Swept
from worker.core.records import FeedEntry
from worker.core.urls import host_of
from worker.feeds.schedule import Listing
from worker.fetch.pace import HostPace
from worker.ports import Ledger

_SWEEP_LIMIT = 500


def _pairs(flat: Sequence[Any]) -> dict[str, str]:
    return dict(zip(flat[::2], flat[1::2], strict=True))


@dataclass(frozen=True, slots=True)
class Pace:
    """How much may run at the same time, and how often an article is tried."""

    cap: int
    spacing: timedelta
    concurrency: int
    attempts: int
    rechecks: int = 0


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
    editions: int
    editions_bytes: int


class RedisLedger(Ledger):
    """`worker.ports.Ledger` on one Redis (or one slot of a cluster: its prefix then has a hash tag)."""

    def __init__(self, url: str, prefix: str, pace: Pace) -> None:
        self._client = connect(url)
        self._prefix = prefix
        self._pace = pace
        self._run = Scripts(self._client, prefix)

    # --- what is due

    def take(self) -> list[HandedOut]:
        pace = self._pace
        flat = self._run(
            "take",
            pace.cap,
            in_ms(limits.LEASE),
            in_ms(limits.FEED_LEASE),
            in_ms(pace.spacing),
            pace.concurrency,
            pace.rechecks,
            in_ms(limits.PRESSURE_DELAY),
        )
        return _handed_out(flat)

    def sweep(self) -> Swept:
        pace = self._pace
        back, again, spent = self._run("sweep", _SWEEP_LIMIT, pace.attempts, in_ms(limits.LEASE), pace.concurrency)
        return Swept(int(back), tuple(_handed_out(again)), tuple(_handed_out(spent)))

    def expire_leases(self) -> int:
        """Let the next sweep bring back all that is held; return how many were."""
        return int(self._run("expire_leases"))

    def permit(self, host: str) -> timedelta:
        pace = self._pace
        return timedelta(milliseconds=int(self._run("permit", host, in_ms(pace.spacing), pace.concurrency)))

    def pace(self, host: str) -> HostPace:
        with store_errors(host):
            spacing, answered = self._client.hmget(f"{self._prefix}:host:{host}", ["spacing", "ok"])
        learnt = timedelta(milliseconds=float(spacing or 0))
        return HostPace(max(learnt, self._pace.spacing), had_success=answered is not None)

    def heard(self, host: str, pace: HostPace, *, age: timedelta, hold: timedelta) -> None:
        self._run(
            "heard", host, in_ms(pace.spacing), in_ms(age), in_ms(hold), int(pace.had_success), self._pace.concurrency
        )

    # --- feeds

    def claim_feed(self, feed_id: str, token: int) -> FeedState | None:
        flat = self._claim(f"feed:{feed_id}", token, "")
        if not flat:
            return None
        feed = _feed_state(feed_id, _pairs(flat))
        telemetry.claimed(feed=feed.id, url=feed.url)
        return feed

    def polled(
        self,
        feed: FeedState,
        entries: Sequence[FeedEntry] | None,
        fields: Mapping[str, str],
        wait: timedelta | None,
        events: Sequence[tuple[str, Mapping[str, str]]] = (),
    ) -> Admission | None:
        complete = entries is not None
        return self._admit(feed.id, feed.token, entries or (), fields, wait, events, complete=complete)

    def listing(self, feed_id: str, entries: Sequence[FeedEntry]) -> Listing:
        ids = [candidate.id for candidate in candidates(entries, feed_id=feed_id)]
        with store_errors(feed_id):
            pipe = self._client.pipeline(transaction=False)
            pipe.exists(f"{self._prefix}:listing:{feed_id}")
            pipe.smismember(f"{self._prefix}:listing:{feed_id}", ids or [""])
            known, listed = pipe.execute()
        return Listing(len(ids), sum(listed) if known else None)

    def feed(self, feed_id: str) -> FeedState | None:
        with store_errors(feed_id):
            row = self._client.hgetall(f"{self._prefix}:feed:{feed_id}")
        return _feed_state(feed_id, row) if row else None

    # --- articles

    def admit(self, entries: Sequence[FeedEntry], *, archive_of: str = "") -> Admission:
        admission = self._admit("", 0, entries, {}, timedelta(0), complete=False, archive_of=archive_of)
        return admission or Admission((), 0)

    def admit_page(self, entry: FeedEntry, page_ref: str) -> bool:
        """Admit an article whose page is stored already; the sweep hands it out. Return whether it is new."""
        admission = self.admit([entry])
        return bool(admission.admitted) and bool(self._run("skip_fetch", admission.admitted[0], page_ref))

    def claim(self, item_id: str, token: int, stage: str) -> Job | None:
        flat = self._claim(item_id, token, stage)
        if not flat:
            return None
        job = _job(item_id, _pairs(flat))
        telemetry.claimed(article=job.id, feed=job.feed_id, url=job.url, trace=job.trace)
        return job

    def job(self, item_id: str, token: int) -> Job | None:
        with store_errors(item_id):
            row = self._client.hgetall(f"{self._prefix}:job:{item_id}")
        return _job(item_id, row) if row and row["token"] == str(token) else None

    def fetched(self, job: Job, page_ref: str, validators: Mapping[str, str]) -> int | None:
        about = (job.id, job.token, page_ref, in_ms(limits.LEASE), self._pace.concurrency)
        kept = (validators.get("etag", ""), validators.get("modified", ""))
        token = self._run("fetched", *about, *kept, tracing.current())
        return None if token is None else int(token)

    def rehost(self, job: Job, url: str) -> str:
        return str(
            self._run("rehost", job.id, job.token, url, host_of(url), limits.PAGE.redirects, self._pace.concurrency)
        )

    def put_back(self, job: Job, delay: timedelta, reason: Reason, *, counts: bool) -> str:
        return str(
            self._run(
                "put_back",
                job.id,
                job.token,
                in_ms(delay),
                int(counts),
                self._pace.attempts,
                in_ms(limits.MAX_AGE),
                reason,
                self._pace.concurrency,
                in_ms(limits.PATIENCE),
            )
        )

    def finish(
        self,
        job: Job,
        outcome: str,
        reason: Reason | None,
        *,
        canonical_id: str = "",
        content: str = "",
        recheck: timedelta | None = None,
        events: Sequence[tuple[str, Mapping[str, str]]] = (),
    ) -> str:
        with tracing.span("publish"):
            return str(
                self._run(
                    "finish",
                    job.id,
                    job.token,
                    outcome,
                    reason or "",
                    canonical_id or job.id,
                    in_ms(limits.SEEN_BUCKET),
                    self._pace.concurrency,
                    content,
                    -1 if recheck is None else in_ms(recheck),
                    *_flat_events(events),
                )
            )

    # --- re-checks

    def recheck(self, article: str) -> bool:
        return bool(self._run("recheck", article))

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
        due = -1 if wait is None else in_ms(wait)
        about = (job.id, job.token, came, due, int(is_missing), self._pace.concurrency, content, page_ref)
        with tracing.span("publish"):
            spare = str(self._run("rechecked", *about, *_flat_events(events)))
        return None if spare == "STALE" else spare

    # --- dead letters

    def retry(self, article: str, url: str, feed_id: str) -> bool:
        length = in_ms(limits.SEEN_BUCKET)
        return bool(self._run("retry", article, length, self._pace.concurrency, url, host_of(url), feed_id))

    def give_up(self, article: str) -> bool:
        return bool(self._run("give_up", article, in_ms(limits.SEEN_BUCKET), Reason.GIVEN_UP))

    def burials(self) -> Iterator[dict[str, str]]:
        """Yield what is on the stream of dead letters, the newest first."""
        key, latest = f"{self._prefix}:dead", "+"
        while True:
            with store_errors("dead"):
                batch = self._client.xrevrange(key, latest, count=_SWEEP_LIMIT)
            yield from (fields for _, fields in batch)
            if not batch:
                return
            latest = f"({batch[-1][0]}"

    # --- editions

    def kept(self, since: datetime) -> list[str]:
        with store_errors("kept"):
            return list(self._client.zrangebyscore(f"{self._prefix}:kept", since.timestamp() * 1000, "+inf"))

    def edition(self, key: str) -> Edition | None:
        with store_errors(key):
            row = self._client.hgetall(f"{self._prefix}:edition:{key}")
        if not row:
            return None
        job = _job(key, {**row, "token": "0", "attempts": "0"})
        version, cluster = int(row["version"]), row.get("cluster", "")
        return Edition(job, row["outcome"], row["article"], version, row["content"], cluster)

    def republish(
        self, edition: Edition, article_id: str, content: str, events: Sequence[tuple[str, Mapping[str, str]]]
    ) -> str:
        length = in_ms(limits.SEEN_BUCKET)
        flat = _flat_events(events)
        return str(self._run("republish", edition.job.id, edition.version, length, article_id, content, *flat))

    def evict(self, budget_bytes: int) -> list[str]:
        return list(self._run("evict", budget_bytes, in_ms(limits.PAGE_TTL), _SWEEP_LIMIT))

    def count_failure(self) -> bool:
        return bool(self._run("count_failure", limits.BREAKER_FAILURES, in_ms(limits.BREAKER_PAUSE)))

    # --- questions

    def health(self) -> Health:
        """Return whether anybody ticks, and whether the breaker is open."""
        with store_errors("health"):
            now = self._now_ms()
            pipe = self._client.pipeline(transaction=False)
            pipe.get(f"{self._prefix}:ticked")
            pipe.hget(f"{self._prefix}:breaker", "until")
            ticked, until = pipe.execute()
        silence = timedelta(milliseconds=now - int(ticked)) if ticked else None
        return Health(silence, timedelta(milliseconds=max(0, int(until or 0) - now)))

    def waiting(self) -> Waiting:
        """Return how much is handed out and waits."""
        prefix = self._prefix
        with store_errors("waiting"):
            now = self._now_ms()
            pipe = self._client.pipeline(transaction=False)
            pipe.zcard(f"{prefix}:running").zcard(f"{prefix}:hosts").zcount(f"{prefix}:feeds:due", "-inf", now)
            pipe.zrangebyscore(f"{prefix}:feeds:due", 1, now, start=0, num=1, withscores=True)  # 0 is "at once"
            pipe.zrange(f"{prefix}:jobs", 0, 0, withscores=True)
            pipe.zcard(f"{prefix}:kept").get(f"{prefix}:kept:bytes")
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
        """Return how many articles were discovered, and how many came to each outcome, and are open."""
        with store_errors("counts"):
            pipe = self._client.pipeline()
            pipe.hgetall(f"{self._prefix}:counts")
            pipe.zcard(f"{self._prefix}:jobs")
            counts, unfinished = pipe.execute()
        return {**{name: int(number) for name, number in counts.items()}, "in_flight": int(unfinished)}

    def outcome(self, article: str) -> str | None:
        """Return what became of an article: its outcome, "" while it is open, None when it is unknown."""
        return self._run("outcome", article, in_ms(limits.SEEN_BUCKET))  # type: ignore[no-any-return]

    def next_recheck(self, article: str) -> datetime | None:
        """Return when a published article is due to be looked at again; None for never."""
        with store_errors(article):
            due = self._client.zscore(f"{self._prefix}:rechecks", article)
        return None if due is None else _moment(due)

    def published_at(self, article: str) -> tuple[int, int | None]:
        """Return the version of an article that is kept, and the ms of its first; (0, None) when none is."""
        with store_errors(article):
            pipe = self._client.pipeline(transaction=False)
            pipe.hget(f"{self._prefix}:edition:{article}", "version")
            pipe.zscore(f"{self._prefix}:kept", article)
            version, kept = pipe.execute()
        return int(version or 0), None if kept is None else int(kept)

    def waiting_hosts(self, most: int) -> list[str]:
        """Return hosts for which something waits, those that may be asked soonest first."""
        with store_errors("hosts"):
            return list(self._client.zrange(f"{self._prefix}:hosts", 0, most - 1))

    def rechecks(self) -> dict[str, int]:
        """Return how many re-checks came to what, and how many are `waiting` for their time."""
        with store_errors("rechecks"):
            pipe = self._client.pipeline(transaction=False)
            pipe.hgetall(f"{self._prefix}:rechecked")
            pipe.zcard(f"{self._prefix}:rechecks")
            came, waiting = pipe.execute()
        return {**{name: int(number) for name, number in came.items()}, "waiting": int(waiting)}

    def host(self, host: str) -> HostState:
        """Return what keeps a host from being asked now, and what waits for it."""
        with store_errors(host):
            now = self._now_ms()
            pipe = self._client.pipeline(transaction=False)
            pipe.hmget(f"{self._prefix}:host:{host}", ["slot", "starting", "spacing", "busy"])
            pipe.zcard(f"{self._prefix}:queue:{host}")
            state, queued = pipe.execute()
        slot, starting, spacing, busy = (float(value or 0) for value in state)
        wait = max(slot, starting, 0) - now
        return HostState(
            timedelta(milliseconds=max(wait, 0)),
            max(timedelta(milliseconds=spacing), self._pace.spacing),
            int(busy),
            int(queued),
        )

    def open_job(self, article: str) -> OpenJob | None:
        """Return where an article without an outcome is; None when it has one, or is unknown."""
        with store_errors(article):
            row = self._client.hgetall(f"{self._prefix}:job:{article}")
            due = self._client.zscore(f"{self._prefix}:queue:{row['host']}", article) if row else None
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
            found=_moment(row["found"]),
            due=None if due is None else _moment(due),
            rechecks=int(row["version"]) if "was" in row else 0,
        )

    # --- inside

    def _now_ms(self) -> int:
        """Return the server's time; on a cluster that cannot be asked in a pipeline."""
        seconds, micros = self._client.time()
        return int(seconds) * 1000 + int(micros) // 1000

    def _claim(self, item: str, token: int, stage: str) -> list[str]:
        pace = self._pace
        reply = self._run("claim", item, token, stage, in_ms(limits.LEASE), in_ms(pace.spacing), pace.concurrency)
        return list(reply)

    def _admit(  # noqa: PLR0913 - all that one poll brought
        self,
        feed_id: str,
        token: int,
        entries: Sequence[FeedEntry],
        fields: Mapping[str, str],
        wait: timedelta | None,
        events: Sequence[tuple[str, Mapping[str, str]]] = (),
        *,
        complete: bool,
        archive_of: str = "",
    ) -> Admission | None:
        source, trace = feed_id or archive_of, tracing.current()
        reply = self._run(
            "admit",
            feed_id,
            token,
            in_ms(limits.SEEN_BUCKET),
            self._pace.concurrency,
            json.dumps(fields),
            -1 if wait is None else in_ms(wait),
            int(complete),
            json.dumps([[stream, [part for pair in row.items() for part in pair]] for stream, row in events]),
            *(_admission(candidate, source, trace) for candidate in candidates(entries, feed_id=source)),
        )
        if reply == "STALE":
            return None
        admitted, overlap = reply
        return Admission(tuple(admitted), int(overlap))


def _handed_out(flat: Sequence[Any]) -> list[HandedOut]:
    return [
        HandedOut(item.removeprefix("feed:"), int(token), is_feed=item.startswith("feed:"))
        for item, token in _pairs(flat).items()
    ]


def _feed_state(feed_id: str, row: dict[str, str]) -> FeedState:
    return FeedState(feed_id, int(row["token"]), row["url"], row["host"], row)


def _job(item_id: str, row: dict[str, str]) -> Job:
    """Return a job; one that has the page it `was` is a re-check of the edition that it was copied from."""
    return Job(
        id=item_id,
        token=int(row["token"]),
        url=row["url"],
        host=row["host"],
        feed_id=row["feed"],
        entry=_entry(row["url"], json.loads(row["entry"])),
        attempts=int(row["attempts"]),
        found=_moment(row["found"]),
        page_ref=row.get("page", ""),
        hop=row.get("hop", ""),
        recheck=_recheck(row) if "was" in row else None,
        trace=row.get("trace", ""),
    )


def _recheck(row: dict[str, str]) -> Recheck:
    is_withdrawn = row["outcome"] == "withdrawn"
    known = {"If-None-Match": row.get("etag"), "If-Modified-Since": row.get("modified")}
    return Recheck(
        int(row["version"]),
        row["article"],
        row["content"],
        "" if is_withdrawn else row["was"],
        {} if is_withdrawn else {name: value for name, value in known.items() if value},
        int(row.get("missing", 0)),
        is_withdrawn,
    )


def _moment(ms: str | float) -> datetime:
    return datetime.fromtimestamp(float(ms) / 1000, UTC)


def _entry(url: str, row: dict[str, str]) -> FeedEntry:
    published = row.get("published")
    return FeedEntry(
        url=url,
        guid=row.get("guid"),
        title=row.get("title"),
        published=datetime.fromisoformat(published) if published else None,
    )


def _admission(candidate: Candidate, feed_id: str, trace: str) -> str:
    entry = candidate.entry
    known = {"guid": entry.guid, "title": entry.title}
    if entry.published:
        known["published"] = entry.published.isoformat()
    kept = {name: value for name, value in known.items() if value}
    return json.dumps(
        {
            "id": candidate.id,
            "aliases": candidate.aliases,
            "feed": feed_id,
            "url": entry.url,
            "host": host_of(entry.url),
            "entry": json.dumps(kept),
            **({"trace": trace} if trace else {}),
        }
    )


def _flat_events(events: Iterable[tuple[str, Mapping[str, str]]]) -> list[str]:
    flat: list[str] = []
    for stream, fields in events:
        flat += [stream, str(2 * len(fields)), *(part for pair in fields.items() for part in pair)]
    return flat
