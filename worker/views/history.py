"""What is known of one feed or article, and how it came to that: what `onrecord why` and the web page tell."""

from __future__ import annotations

import re
from datetime import datetime

from worker.adapters.redis.journal import JournalEntry
from worker.core.outcomes import spelled
from worker.core.status import HostState
from worker.core.urls import printable_url
from worker.feeds.gaps import Gap
from worker.feeds.websub import HubSubscription
from worker.pipeline.polling import terms_of
from worker.services import Services
from worker.views.ages import ago, until

Facts = dict[str, str]
ID = re.compile("(?:[0-9a-f]{16}){1,2}")  # of a feed, of an article


def history(services: Services, feed_id: str, article_id: str) -> tuple[Facts, list[JournalEntry]] | None:
    """Return the facts about the feed of one id, else the article of the other, and the attempts that are remembered.

    None when neither is known.
    """
    facts = _feed(services, feed_id) or _article(services, article_id)
    return (facts, services.journal.of(facts["id"])) if facts else None


def _feed(services: Services, key: str) -> Facts | None:
    feed = services.feeds.get(key)
    if feed is None:
        return None
    now, row = services.clock.now(), services.registry.row(key)
    failures = f", {row.failures} times in a row" if row.failures else ""
    status, reasons = f"{row.status}{failures} {feed.detail}".strip(), feed.why or ("it was just added",)
    if row.origin == "removed":
        status, reasons = "removed", (f"nobody polls it; `onrecord feeds add {feed.url}` adds it again",)
    subscription = services.subscriptions.get(key)
    return {
        "id": key,
        "feed": feed.url + (f" (moved from {feed.moved_from})" if feed.moved_from else ""),
        "status": status,
        **({"proposal": f"{feed.proposal}; `onrecord feeds accept {feed.url}` takes it"} if feed.proposal else {}),
        **({"slowed": f"later than due: {pressure}"} if (pressure := services.streams.pressure()) else {}),
        "polled": ago(row.polled, now),
        "due": until(row.due, now),
        "why then": "; ".join(reasons),
        "interval": f"{terms_of(feed, services.settings).bounds}, as set for {'it' if row.every else 'all feeds'}",
        **({"hub": _hub(subscription, now)} if subscription else {}),
        **({"archive": _filled(feed.gap, now)} if feed.gap else {}),
        "host": _permit(feed.host, services.hosts.state(feed.host)),
    }


def _filled(gap: Gap, now: datetime) -> str:
    return (
        f"asked for what a gap may have hidden: {gap.walk.new} articles so far, {gap.left} more requests at most, "
        f"next {printable_url(gap.walk.waiting[0])}; the feed itself {until(gap.resume, now)}"
    )


def _hub(subscription: HubSubscription, now: datetime) -> str:
    state = f"asked {ago(subscription.asked, now)}, and did not verify yet"
    if subscription.is_active(now):
        demoted = ", missed entries, so the feed is polled as ever" if subscription.is_demoted else ""
        state = f"pushes, the last time {ago(subscription.pushed, now)}; ends {until(subscription.until, now)}{demoted}"
    return f"{printable_url(subscription.topic.hub)}: {subscription.problem or state}"


def _article(services: Services, key: str) -> Facts | None:
    outcome, job = services.status.outcome(key), services.status.open_job(key)
    now, again = services.clock.now(), services.snapshots.next_recheck(key)
    if job is None:
        due = {"re-check": until(again, now)} if again else {}
        return None if outcome is None else {"id": key, "outcome": spelled(outcome), **_story(services, key), **due}
    waits = f" after {job.reason.replace('_', ' ')}" if job.reason else ""
    return {
        "id": key,
        "article": job.url + (f" (redirected to {job.hop})" if job.hop else ""),
        "outcome": f"published; version {job.rechecks} is looked at again" if job.rechecks else "none yet",
        "found": f"{ago(job.found, now)} in {job.feed_id or 'a request by hand'}",
        "stage": f"{job.stage}, {job.attempts} attempts{waits}",
        "due": until(job.due, now) if job.due else "a worker has it",
        "host": _permit(job.host, services.hosts.state(job.host)),
    }


def _story(services: Services, key: str) -> Facts:
    snapshot = services.snapshots.get(key)
    if snapshot is None or not snapshot.cluster_id:
        return {}
    is_first = snapshot.cluster_id == snapshot.article_id
    return {"story": "seen here first" if is_first else f"a copy of {snapshot.cluster_id}"}


def _permit(host: str, state: HostState) -> str:
    start = "now" if not state.wait else f"in {state.wait.total_seconds():.1f} s"
    spacing = state.spacing.total_seconds()
    return f"{host}: next start {start}, {spacing:.1f} s apart, {state.busy} at work, {state.queued} waiting"
