"""Look again at the kept pages, without any fetch, and publish only what comes out differently.

    replay  snapshot | page | clean | extract statements | build events | changes | clusters | republish

A dropped article that is one now is published for the first time. A published one that is none now stays as it is:
only its publisher can withdraw it. Dead letters are not looked at, what killed a worker might kill this process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import structlog

from worker.contract import Event
from worker.core.errors import IngestError, Reason
from worker.core.jobs import Snapshot
from worker.core.outcomes import Outcome
from worker.core.records import NotArticle
from worker.pipeline import claims
from worker.pipeline.clustering import with_clusters
from worker.pipeline.extraction import ExtractionPorts, article_of, build_events, entries, statements_of
from worker.pipeline.needs import HasClock, HasClusters, HasPages, HasSnapshots
from worker.versions.revisions import content_of, revision

log = structlog.get_logger("onrecord")


class Found(StrEnum):
    """What a second look at an article came to."""

    SAME = "unchanged"
    UPDATED = "updated"
    RECOVERED = "published for the first time"
    NOT_ARTICLE = "no article, as before"
    NOT_ANY_MORE = "no article any more; left as it is"
    WITHDRAWN = "withdrawn by its publisher; left as it is"
    DEAD = "dead; left to its dead letter"
    DUPLICATE = "published from another URL"
    OVERTAKEN = "changed meanwhile by another replay"
    FAILED = "could not be processed; left as it is"
    GONE = "page not kept any longer"


@dataclass(frozen=True, slots=True)
class Look:
    """What came of one article, and the events that were, or would be, published."""

    found: Found
    events: tuple[Event, ...] = ()


class ReplayPorts(ExtractionPorts, HasSnapshots, HasPages, HasClusters, Protocol):
    """What a replay needs."""


def replay(key: str, ports: ReplayPorts, *, publish: bool) -> Look:
    """Look again at one snapshot; publish what changed in one step, so that an interruption leaves all or nothing."""
    snapshot = ports.snapshots.get(key)
    if snapshot is None:
        return Look(Found.GONE)
    if snapshot.outcome.startswith("dead"):
        return Look(Found.DEAD)
    if snapshot.outcome == Outcome.WITHDRAWN:
        return Look(Found.WITHDRAWN)
    try:
        return _processed(snapshot, ports, publish=publish)
    except IngestError as error:
        if error.reason is Reason.STORE_UNAVAILABLE:
            raise
        return Look(Found.GONE if error.reason is Reason.PAGE_EXPIRED else Found.FAILED)
    except Exception:  # a bug in what is tried out ends this article, not the others
        log.exception("bug", url=snapshot.job.url)
        return Look(Found.FAILED)


def _processed(snapshot: Snapshot, ports: ReplayPorts, *, publish: bool) -> Look:
    page = ports.pages.get(snapshot.job.page_ref)
    article = article_of(page, snapshot.job.entry, ports)
    if isinstance(article, NotArticle):
        return Look(Found.NOT_ANY_MORE if snapshot.version else Found.NOT_ARTICLE)
    article_id = snapshot.article_id if snapshot.version else claims.judge(article, page, ports).id
    named = claims.named(article, page, article_id)
    today = build_events(named, statements_of(article, ports), snapshot.job, page, article_id, ports)
    events, content = _since(snapshot, today, ports)
    if not events:
        return Look(Found.SAME)
    look = Look(Found.UPDATED if snapshot.version else Found.RECOVERED, tuple(events))
    if not publish:
        return look
    published = entries(with_clusters(events, snapshot.job, ports), ports)
    outcome = ports.snapshots.republish(snapshot, article_id, content, published)
    return {"STALE": Look(Found.OVERTAKEN), "DUPLICATE": Look(Found.DUPLICATE)}.get(outcome, look)


def _since(snapshot: Snapshot, today: Sequence[Event], ports: HasClock) -> tuple[Sequence[Event], str]:
    if not snapshot.version:
        return today, content_of(today)
    new = revision(snapshot.content, snapshot.version + 1, today, time=ports.clock.now())
    return new.events, new.content
