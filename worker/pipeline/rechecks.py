"""Published articles looked at again: what their publishers edited or withdrew. Part of the pipeline.

    take | articles.fetch, only if it differs | articles.process | decide | clusters | rechecked (publish + next time)

A re-check is a job like any other, with the same permits and rules of its host, except that its end is no outcome of
the article: that was published, and stays so. What it came to is decided in `worker.versions.rechecks`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from config.limits import MISSING_CHECKS, MISSING_WAIT, RECHECK_FIRST, RECHECK_UNTIL
from worker.core.errors import IngestError, Reason
from worker.core.jobs import Job, Recheck
from worker.core.outcomes import Outcome, Step
from worker.core.records import Article, NotArticle
from worker.pipeline import claims
from worker.pipeline.clustering import with_clusters
from worker.pipeline.extraction import ExtractionPorts, article_of, build_events, entries, statements_of
from worker.pipeline.needs import HasClusters, HasPages, HasSnapshots
from worker.versions import rechecks
from worker.versions.rechecks import RecheckDecision, RecheckTerms

_TERMS = RecheckTerms(RECHECK_FIRST, RECHECK_UNTIL, MISSING_CHECKS, MISSING_WAIT)


class RecheckPorts(ExtractionPorts, HasSnapshots, HasPages, HasClusters, Protocol):
    """What a re-check needs."""


def first_wait(article: Article, job: Job, ports: RecheckPorts) -> timedelta | None:
    """Return when to look again at an article that is published now; None when it is too old, or none is looked at."""
    if not ports.settings.rechecks_an_hour:
        return None
    written = article.published.value if article.published else None
    return rechecks.first_wait(job, written, _TERMS, ports.clock.now())


def unchanged(job: Job, ports: RecheckPorts) -> Step:
    """End a re-check that found nothing new."""
    return _write(job, rechecks.unchanged(job, _TERMS, ports.clock.now()), ports)


def compare(job: Job, known: Recheck, ports: RecheckPorts) -> Step:
    """Publish what differs between the page that was fetched now and what was published."""
    return _write(job, _compared(job, known, ports), ports)


def failed(job: Job, known: Recheck, error: IngestError, ports: RecheckPorts) -> Step:
    """End a re-check that got no page."""
    now, source = ports.clock.now(), ports.settings.source
    return _write(job, rechecks.failed(job, known, error, _TERMS, now, source=source), ports)


def refused(job: Job, reason: Reason, ports: RecheckPorts, detail: str) -> Step:
    """End the re-checks of an article that may not be fetched any more."""
    return _write(job, rechecks.refused(reason, detail), ports)


def _compared(job: Job, known: Recheck, ports: RecheckPorts) -> RecheckDecision:
    page = ports.pages.get(job.page_ref)
    article = article_of(page, job.entry, ports)
    if isinstance(article, NotArticle):
        return rechecks.no_article(job, article, _TERMS, ports.clock.now())
    if not claims.is_known(article, page, known.article_id, ports):
        return rechecks.another_article(job, page.final_url, _TERMS, ports.clock.now())
    named = claims.named(article, page, known.article_id)
    today = build_events(named, statements_of(article, ports), job, page, known.article_id, ports)
    return rechecks.compared(job, known, today, _TERMS, ports.clock.now())


def _write(job: Job, decision: RecheckDecision, ports: RecheckPorts) -> Step:
    """Store everything in one step; the re-check of an older token is stale, and changes nothing."""
    events = with_clusters(decision.events, job, ports) if decision.events else []
    spare = ports.snapshots.rechecked(
        job,
        decision.outcome,
        decision.wait,
        is_missing=decision.is_missing,
        content=decision.content,
        page_ref=decision.page_ref,
        events=entries(events, ports),
    )
    if spare is None:
        return Step(Outcome.STALE, subject=job.url)
    if spare:
        ports.pages.remove([spare])
    return Step(decision.outcome, reason=decision.reason, subject=job.url, detail=decision.detail)
