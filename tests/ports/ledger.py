"""The ledger in memory: six ports on one state, for unit tests of use cases. `test_*` here hold it to the real one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from config import limits
from config.settings import Settings
from worker.core.errors import Reason
from worker.core.identity import candidates
from worker.core.jobs import Admission, HandedOut, Job, Recheck, Snapshot, Swept
from worker.core.records import FeedEntry
from worker.core.status import Health, HostState, OpenJob, Waiting
from worker.core.urls import host_of
from worker.feeds.schedule import Listing
from worker.feeds.state import FeedState
from worker.fetch.pace import HostPace
from worker.ports import Articles, Clock, DeadLetters, Feeds, Hosts, Snapshots, Status

ZERO = timedelta(0)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Record:
    """An article on its way, or what is kept of one; of a re-check, `kept` is the snapshot it is copied from."""

    job: Job
    stage: str = "fetch"
    claimed: bool = False
    crashes: int = 0
    hops: int = 0
    origin: str = ""
    reason: str = ""
    tried: datetime | None = None
    validators: dict[str, str] = field(default_factory=dict)


@dataclass
class Kept:
    """What is kept of an article that came to its outcome."""

    record: Record
    outcome: str
    article: str
    version: int
    content: str
    at: datetime
    looked: datetime
    missing: int = 0
    cluster: str = ""

    @property
    def size(self) -> int:
        return len(self.content) + _bytes(self.record.job.page_ref)


@dataclass
class Host:
    """What is known of a host."""

    busy: int = 0
    slot: datetime = NEVER
    starting: datetime = NEVER
    spacing: timedelta = ZERO
    ok: bool = False


@dataclass
class Polled:
    """A feed: the fields that a poll writes, and what the ledger adds."""

    fields: dict[str, str]
    token: int = 0
    claimed: bool = False
    listed: set[str] | None = None
    due: datetime | None = NEVER
    polled: datetime | None = None
    origin: str = "user"
    name: str = ""
    every: str = ""
    archive: str = ""

    @property
    def host(self) -> str:
        return self.fields["host"]


@dataclass
class Ledger:
    """The state that the six ports share, and what several of them do to it."""

    settings: Settings
    clock: Clock
    jobs: dict[str, Record] = field(default_factory=dict)
    running: dict[str, datetime] = field(default_factory=dict)
    queues: defaultdict[str, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    hosts: defaultdict[str, Host] = field(default_factory=lambda: defaultdict(Host))
    seen: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    spare: set[str] = field(default_factory=set)
    feeds: dict[str, Polled] = field(default_factory=dict)
    rechecks: dict[str, datetime] = field(default_factory=dict)
    rechecked: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    failures: int = 0
    until: datetime = NEVER
    ticked: datetime | None = None
    pressure: str = ""
    events: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    times: list[int] = field(default_factory=list)  # of events, in ms

    def now(self) -> datetime:
        return self.clock.now()

    def holder(self, job: Job) -> Record | None:
        record = self.jobs.get(job.id)
        return record if record and record.job.token == job.token else None

    def advance(self, record: Record, **changes: Any) -> int:
        """Give the next token to an article; nobody has claimed it yet."""
        record.claimed = False
        record.job = replace(record.job, token=record.job.token + 1, **changes)
        return record.job.token

    def release(self, host: str) -> None:
        self.hosts[host].busy = max(0, self.hosts[host].busy - 1)

    def not_before(self, host: str, start: datetime) -> None:
        self.hosts[host].slot = max(self.hosts[host].slot, start)

    def spacing(self, host: str) -> timedelta:
        return max(self.settings.host_spacing, self.hosts[host].spacing)

    def start(self, host: str) -> datetime | None:
        """Return when a host may start the next thing; None when nothing waits or enough is under way."""
        queue, state = self.queues[host], self.hosts[host]
        if not queue or state.busy >= self.settings.host_concurrency:
            return None
        return max(min(queue.values()), state.slot, state.starting)

    def publish(self, events: Sequence[tuple[str, Mapping[str, str]]]) -> None:
        self.events += [(stream, dict(fields)) for stream, fields in events]
        self.times += [int(self.now().timestamp() * 1000)] * len(events)

    def forget(self, key: str) -> None:
        kept = self.kept.pop(key, None)
        self.rechecks.pop(key, None)
        if kept and kept.record.job.page_ref:
            self.spare.add(kept.record.job.page_ref)

    def see(self, key: str, outcome: str) -> None:
        self.seen[key] = outcome

    def admit(self, entries: Sequence[FeedEntry], source: str, feed: Polled | None = None) -> Admission:
        admitted, overlap = [], 0
        listed = (feed.listed if feed else None) or set()
        for one in candidates(entries, feed_id=source):
            names = (one.id, *one.aliases)
            known = [name in self.seen or name in listed for name in names]
            for name in names:
                self.seen.setdefault(name, "seen")
            if any(known):
                overlap += 1
                self._look_if_retitled(one.id, one.entry, source)
                continue
            job = Job(one.id, 0, one.entry.url, host_of(one.entry.url), source, one.entry, 0, self.now())
            self.jobs[one.id] = Record(job)
            self.see(one.id, "")
            self.queues[job.host][one.id] = self.now()
            admitted.append(one.id)
        if admitted:
            self.counts["discovered"] += len(admitted)
        return Admission(tuple(admitted), overlap)

    def _look_if_retitled(self, key: str, entry: FeedEntry, source: str) -> None:
        kept = self.kept.get(key)
        if kept is None or kept.outcome != "published" or kept.record.job.feed_id != source:
            return
        before = kept.record.job.entry
        kept.record.job = replace(kept.record.job, entry=entry)
        if before.title != entry.title:
            due = max(self.now(), kept.looked + (kept.looked - kept.record.job.found) / 4)
            self.rechecks[key] = min(due, self.rechecks.get(key, due))


class MemoryArticles(Articles):
    """Articles on their way."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def take(self):
        ledger = self._ledger
        now = ledger.ticked = ledger.now()
        if ledger.until > now:
            return []
        self._queue_feeds(now)
        if ledger.settings.rechecks_an_hour and not ledger.pressure:
            self._queue_rechecks(now)
        out = []
        while len(ledger.running) < ledger.settings.max_in_flight:
            starts = {host: ledger.start(host) for host in list(ledger.queues)}
            ready = sorted((at, host) for host, at in starts.items() if at is not None and at <= now)
            if not ready:
                break
            out += self._hand_out(ready[0][1], now)
        return out

    def _queue_feeds(self, now):
        late = limits.PRESSURE_DELAY if self._ledger.pressure else ZERO
        for key, feed in self._ledger.feeds.items():
            if feed.due is not None and feed.due <= now - late:
                feed.due = now + limits.FEED_LEASE
                if f"feed:{key}" not in self._ledger.running:
                    self._ledger.queues[feed.host][f"feed:{key}"] = NEVER

    def _queue_rechecks(self, now):
        ledger = self._ledger
        for key in [key for key, due in ledger.rechecks.items() if due <= now]:
            kept = ledger.kept[key]
            host = kept.record.job.host
            if ledger.queues[host] or key in ledger.jobs:
                ledger.rechecks[key] = now + timedelta(minutes=1)
                continue
            del ledger.rechecks[key]
            token = int(now.timestamp() * 1000)
            job = replace(kept.record.job, token=token, attempts=0, recheck=_recheck(kept))
            ledger.jobs[key] = Record(job, validators=kept.record.validators)
            ledger.queues[host][key] = now

    def _hand_out(self, host, now):
        ledger = self._ledger
        queue, state = ledger.queues[host], ledger.hosts[host]
        item = min(queue, key=lambda one: queue[one])
        del queue[item]
        feed = ledger.feeds.get(item.removeprefix("feed:")) if item.startswith("feed:") else None
        record = ledger.jobs.get(item)
        if feed is None and record is None:
            return []
        state.busy += 1
        if ledger.spacing(host):
            state.starting = now + limits.LEASE
        ledger.running[item] = now + limits.LEASE
        if feed:
            feed.token, feed.claimed = feed.token + 1, False
            return [HandedOut(item.removeprefix("feed:"), feed.token, is_feed=True)]
        return [HandedOut(item, ledger.advance(record), is_feed=False)]

    def sweep(self):
        ledger, now, back, again, spent = self._ledger, self._ledger.now(), 0, [], []
        for item in [item for item, end in ledger.running.items() if end <= now]:
            feed, record = ledger.feeds.get(item.removeprefix("feed:")), ledger.jobs.get(item)
            if item.startswith("feed:") and feed:
                del ledger.running[item]
                feed.token += 1
                feed.due = feed.due and now
                self._end_start(feed.host, feed.claimed)
                back += 1
            elif record is None:
                del ledger.running[item]
            else:
                record.crashes += record.claimed
                was_claimed, token = record.claimed, ledger.advance(record)
                if record.crashes >= ledger.settings.max_attempts:
                    ledger.running[item] = now + limits.LEASE
                    spent.append(HandedOut(item, token, is_feed=False))
                elif record.stage == "fetch":
                    del ledger.running[item]
                    ledger.queues[record.job.host][item] = now
                    self._end_start(record.job.host, was_claimed)
                    back += 1
                else:
                    ledger.running[item] = now + limits.LEASE
                    again.append(HandedOut(item, token, is_feed=False))
        return Swept(back, tuple(again), tuple(spent))

    def _end_start(self, host, was_claimed):
        if not was_claimed:
            self._ledger.hosts[host].starting = NEVER
        self._ledger.release(host)

    def expire_leases(self):
        self._ledger.running = dict.fromkeys(self._ledger.running, NEVER)
        return len(self._ledger.running)

    def count_failure(self):
        ledger, now = self._ledger, self._ledger.now()
        ledger.failures += 1
        if ledger.failures < limits.BREAKER_FAILURES:
            return False
        was_open = ledger.until > now
        ledger.until = now + limits.BREAKER_PAUSE
        return not was_open

    def admit(self, entries, *, archive_of=""):
        return self._ledger.admit(entries, archive_of)

    def admit_page(self, entry, page_ref):
        admission = self.admit([entry])
        if not admission.admitted:
            return False
        key = admission.admitted[0]
        record = self._ledger.jobs[key]
        del self._ledger.queues[record.job.host][key]
        record.stage, record.job = "process", replace(record.job, page_ref=page_ref)
        self._ledger.running[key] = self._ledger.now()
        return True

    def claim(self, item_id, token, stage):
        ledger, record, now = self._ledger, self._ledger.jobs.get(item_id), self._ledger.now()
        if record is None or record.job.token != token or record.claimed or record.stage != stage:
            return None
        if ledger.until > now:
            return None
        record.claimed, record.tried = True, record.tried or now
        record.job = replace(record.job, attempts=record.job.attempts + 1)
        ledger.running[item_id] = now + limits.LEASE
        if stage == "fetch":
            ledger.hosts[record.job.host].starting = NEVER
            ledger.not_before(record.job.host, now + ledger.spacing(record.job.host))
        return record.job

    def job(self, item_id, token):
        record = self._ledger.jobs.get(item_id)
        return record.job if record and record.job.token == token else None

    def fetched(self, job, page_ref, validators):
        record = self._ledger.holder(job)
        if record is None:
            return None
        record.stage, record.crashes, record.validators = "process", 0, dict(validators)
        self._ledger.running[job.id] = self._ledger.now() + limits.LEASE
        self._ledger.release(job.host)
        return self._ledger.advance(record, page_ref=page_ref, attempts=0)

    def rehost(self, job, url):
        ledger, record = self._ledger, self._ledger.holder(job)
        if record is None:
            return "STALE"
        record.hops += 1
        if record.hops > limits.PAGE.redirects:
            return "EXHAUSTED"
        before, host = record.job.host, host_of(url)
        record.origin = record.origin or before
        ledger.advance(record, attempts=record.job.attempts - 1, hop=url, host=host)
        del ledger.running[job.id]
        ledger.release(before)
        ledger.queues[host][job.id] = ledger.now()
        return "BACK"

    def put_back(self, job, delay, reason, *, counts):
        ledger, record, now = self._ledger, self._ledger.holder(job), self._ledger.now()
        if record is None:
            return "STALE"
        age = now - (record.tried or now)
        patience = limits.PATIENCE if record.stage == "fetch" else ZERO
        is_spent = counts and record.job.attempts >= ledger.settings.max_attempts and age >= patience
        if age > limits.MAX_AGE or is_spent:
            return "EXHAUSTED"
        ledger.advance(record, attempts=record.job.attempts - (record.claimed and not counts))
        record.reason, host = str(reason), record.job.host
        if reason == Reason.PAGE_EXPIRED or record.stage == "fetch":
            ledger.running.pop(job.id, None)
            ledger.queues[host][job.id] = now + delay
            if reason == Reason.PAGE_EXPIRED:
                record.stage, record.validators = "fetch", {}
            else:
                ledger.release(host)
        else:
            ledger.running[job.id] = now + delay
        return "BACK"

    def finish(  # noqa: PLR0913 - as the port
        self, job, outcome, reason, *, canonical_id="", content="", recheck=None, events=(), unless_taken=False
    ):
        ledger, record, canonical = self._ledger, self._ledger.holder(job), canonical_id or job.id
        if record is None:
            return "STALE"
        outcome = str(outcome)
        if outcome == "published" and ledger.seen.get(canonical) == "published":
            if unless_taken:
                return "TAKEN"
            outcome = "duplicate"
        if outcome != "duplicate":
            ledger.publish(events)
        label = f"{outcome}:{reason}" if reason else outcome
        if ledger.seen.get(job.id) != "published":
            ledger.see(job.id, label)
        if outcome == "published":
            ledger.see(canonical, "published")
        ledger.counts[label] += 1
        ledger.running.pop(job.id, None)
        del ledger.jobs[job.id]
        if record.stage == "fetch":
            ledger.release(record.job.host)
        if outcome in {"published", "duplicate"}:
            ledger.failures, ledger.until = 0, NEVER
        self._keep(record, outcome, label, canonical, content, recheck)
        return outcome

    def _keep(self, record, outcome, label, canonical, content, recheck):
        ledger, now, page = self._ledger, self._ledger.now(), record.job.page_ref
        key = canonical if outcome == "published" else record.job.id
        stands = outcome != "published" and key in ledger.kept and ledger.kept[key].version > 0
        if not page or outcome == "duplicate" or stands:
            if stands and page:
                ledger.spare.add(page)
            return
        ledger.forget(key)
        ledger.spare.discard(page)
        record.job = replace(record.job, id=key, host=record.origin or record.job.host, token=0, attempts=0, hop="")
        version = int(outcome == "published")
        ledger.kept[key] = Kept(record, label, canonical, version, content, now, record.job.found)
        if version and recheck is not None:
            ledger.rechecks[key] = now + recheck


class MemoryFeeds(Feeds):
    """Feeds between their polls."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def claim(self, feed_id, token):
        ledger, feed, now = self._ledger, self._ledger.feeds.get(feed_id), self._ledger.now()
        if feed is None or feed.token != token or feed.claimed:
            return None
        feed.claimed = True
        ledger.running[f"feed:{feed_id}"] = now + limits.LEASE
        ledger.hosts[feed.host].starting = NEVER
        ledger.not_before(feed.host, now + ledger.spacing(feed.host))
        return self.get(feed_id)

    def get(self, feed_id):
        feed = self._ledger.feeds.get(feed_id)
        if feed is None:
            return None
        return FeedState.of(feed_id, {**feed.fields, "token": str(feed.token), "every": feed.every})

    def polled(self, state, entries, wait, events=()):
        ledger, feed = self._ledger, self._ledger.feeds.get(state.id)
        if feed is None or feed.token != state.token:
            return None
        ledger.publish(events)
        admission = ledger.admit(entries or (), state.id, feed)
        if entries is not None:
            feed.listed = {one.id for one in candidates(entries, feed_id=state.id)}
        host = feed.host
        feed.fields, feed.token, feed.polled = {**feed.fields, **state.fields}, feed.token + 1, ledger.now()
        feed.due = None if wait is None or feed.due is None else ledger.now() + wait
        if ledger.running.pop(f"feed:{state.id}", None):
            ledger.release(host)
        return admission

    def listing(self, feed_id, entries):
        ids = [one.id for one in candidates(entries, feed_id=feed_id)]
        feed = self._ledger.feeds.get(feed_id)
        if feed is None or not feed.listed:
            return Listing(len(ids), None)
        return Listing(len(ids), sum(one in feed.listed for one in ids))


class MemoryHosts(Hosts):
    """When each host may be asked."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def permit(self, host):
        ledger, state, now = self._ledger, self._ledger.hosts[host], self._ledger.now()
        if state.slot > now:
            return state.slot - now
        if state.starting > now or state.busy >= ledger.settings.host_concurrency:
            return max(ledger.spacing(host), timedelta(seconds=1))
        ledger.not_before(host, now + ledger.spacing(host))
        return ZERO

    def pace(self, host):
        return HostPace(self._ledger.spacing(host), had_success=self._ledger.hosts[host].ok)

    def heard(self, host, pace, *, age, hold):
        state, now = self._ledger.hosts[host], self._ledger.now()
        state.spacing, state.ok = pace.spacing, state.ok or pace.had_success
        self._ledger.not_before(host, max(now - age + pace.spacing, now + hold))

    def state(self, host):
        state, now = self._ledger.hosts[host], self._ledger.now()
        wait = max(max(state.slot, state.starting) - now, ZERO)
        return HostState(wait, self._ledger.spacing(host), state.busy, len(self._ledger.queues[host]))

    def waiting(self, most):
        starts = {host: self._ledger.start(host) for host in list(self._ledger.queues)}
        return sorted((host for host, at in starts.items() if at), key=lambda host: starts[host])[:most]


class MemorySnapshots(Snapshots):
    """What is kept of articles that came to their outcome."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def kept(self, since):
        found = ((kept.at, key) for key, kept in self._ledger.kept.items() if kept.at >= since)
        return [key for _, key in sorted(found, key=lambda one: one[0])]

    def get(self, key):
        kept = self._ledger.kept.get(key)
        if kept is None:
            return None
        return Snapshot(kept.record.job, kept.outcome, kept.article, kept.version, kept.content, kept.cluster)

    def republish(self, snapshot, article_id, content, events):
        ledger, kept = self._ledger, self._ledger.kept.get(snapshot.job.id)
        if kept is None or kept.version != snapshot.version:
            return "STALE"
        if not kept.version and ledger.seen.get(article_id) == "published":
            return "DUPLICATE"
        ledger.publish(events)
        if not kept.version:
            ledger.counts[kept.outcome] -= 1
            ledger.counts["published"] += 1
            ledger.see(snapshot.job.id, "published")
            ledger.see(article_id, "published")
        kept.outcome, kept.article, kept.content, kept.version = "published", article_id, content, kept.version + 1
        return "PUBLISHED"

    def evict(self, budget_bytes):
        ledger = self._ledger
        while order := self.kept(NEVER):
            sizes: Counter[str] = Counter()
            for kept in ledger.kept.values():
                sizes[kept.record.job.feed_id] += kept.size
            ((feed, most),) = sizes.most_common(1)
            if ledger.kept[order[0]].at <= ledger.now() - limits.PAGE_TTL:
                ledger.forget(order[0])
            elif sizes.total() <= budget_bytes:
                break
            else:
                own = [key for key in order if ledger.kept[key].record.job.feed_id == feed]
                ledger.forget(own[0] if most > budget_bytes * limits.FEED_SHARE else order[0])
        spare, ledger.spare = list(ledger.spare), set()
        return spare

    def recheck(self, article):
        kept = self._ledger.kept.get(article)
        if kept is None or not kept.version:
            return False
        self._ledger.rechecks[article] = self._ledger.now()
        return True

    def rechecked(self, job, came, wait, *, is_missing=False, content="", page_ref="", events=()):
        ledger, record, kept = self._ledger, self._ledger.holder(job), self._ledger.kept.get(job.id)
        if record is None:
            return None
        spare, came = record.job.page_ref, str(came)
        if kept and job.recheck and kept.version == job.recheck.version:
            ledger.publish(events)
            before = kept.record.job.page_ref
            if content:
                kept.content, kept.version = content, kept.version + 1
                kept.outcome = "withdrawn" if came == "withdrawn" else "published"
                kept.record.job = replace(kept.record.job, page_ref=page_ref or before)
                spare = before if page_ref and page_ref != before else spare
            if came != "recheck_failed":
                kept.record.validators = record.validators
            kept.looked, kept.missing = ledger.now(), kept.missing + 1 if is_missing else 0
        else:
            came = "overtaken"
        if kept and wait is not None:
            due = ledger.now() + wait
            ledger.rechecks[job.id] = min(due, ledger.rechecks.get(job.id, due))
        ledger.rechecked[came] += 1
        ledger.running.pop(job.id, None)
        del ledger.jobs[job.id]
        if record.stage == "fetch":
            ledger.release(record.job.host)
        elif came != "recheck_failed":
            ledger.failures, ledger.until = 0, NEVER
        return "" if kept and spare == kept.record.job.page_ref else spare

    def next_recheck(self, article):
        return self._ledger.rechecks.get(article)

    def published_at(self, article):
        kept = self._ledger.kept.get(article)
        return (kept.version, int(kept.at.timestamp() * 1000)) if kept else (0, None)


class MemoryDeadLetters(DeadLetters):
    """Articles that are dead."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def retry(self, article, url, feed_id):
        ledger, label = self._ledger, self._ledger.seen.get(article, "")
        if not label.startswith("dead:"):
            return False
        now, kept = ledger.now(), ledger.kept.pop(article, None)
        token = int(now.timestamp() * 1000)
        if kept:
            job = replace(kept.record.job, token=token, attempts=0)
            ledger.jobs[article] = Record(job, stage="process", validators=kept.record.validators)
            ledger.running[article] = now
        else:
            host = host_of(url)
            ledger.jobs[article] = Record(Job(article, token, url, host, feed_id, FeedEntry(url), 0, now))
            ledger.queues[host][article] = now
        ledger.see(article, "")
        ledger.counts[label] -= 1
        return True

    def give_up(self, article):
        label = self._ledger.seen.get(article, "")
        if not label.startswith("dead:"):
            return False
        after = f"dropped:{Reason.GIVEN_UP}"
        self._ledger.see(article, after)
        self._ledger.counts[label] -= 1
        self._ledger.counts[after] += 1
        self._ledger.forget(article)
        return True

    def all(self):
        yield from (fields for stream, fields in reversed(self._ledger.events) if stream.endswith(":dead"))


class MemoryStatus(Status):
    """Questions to the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def health(self):
        now, ticked = self._ledger.now(), self._ledger.ticked
        return Health(now - ticked if ticked else None, max(ZERO, self._ledger.until - now))

    def waiting(self):
        ledger, now = self._ledger, self._ledger.now()
        due = [feed.due for feed in ledger.feeds.values() if feed.due is not None and feed.due <= now]
        late = max((now - at for at in due if at > NEVER), default=ZERO)
        oldest = max((now - record.job.found for record in ledger.jobs.values()), default=ZERO)
        hosts = sum(ledger.start(host) is not None for host in list(ledger.queues))
        size = sum(kept.size for kept in ledger.kept.values())
        return Waiting(len(ledger.running), hosts, len(due), late, oldest, len(ledger.kept), size)

    def counts(self):
        return {
            **self._ledger.counts,
            "in_flight": sum(record.job.recheck is None for record in self._ledger.jobs.values()),
        }

    def rechecks(self):
        return {**self._ledger.rechecked, "waiting": len(self._ledger.rechecks)}

    def outcome(self, article):
        return self._ledger.seen.get(article)

    def open_job(self, article):
        record = self._ledger.jobs.get(article)
        if record is None:
            return None
        job = record.job
        return OpenJob(
            job.url,
            job.hop,
            job.host,
            job.feed_id,
            record.stage,
            job.attempts,
            record.reason,
            job.found,
            self._ledger.queues[job.host].get(article),
            job.recheck.version if job.recheck else 0,
        )


def _recheck(kept: Kept) -> Recheck:
    is_withdrawn = kept.outcome == "withdrawn"
    sent = {
        "If-None-Match": kept.record.validators.get("etag"),
        "If-Modified-Since": kept.record.validators.get("modified"),
    }
    conditions = {} if is_withdrawn else {name: value for name, value in sent.items() if value}
    page = "" if is_withdrawn else kept.record.job.page_ref
    return Recheck(kept.version, kept.article, kept.content, page, conditions, kept.missing, is_withdrawn)


def _bytes(page_ref: str) -> int:
    size = page_ref.rpartition("-")[2]
    return int(size) if size.isdigit() else 0
