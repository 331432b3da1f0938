"""Published articles looked at again: what their publishers edited or withdrew. Part of the pipeline.

    take | articles.fetch, only if it differs | articles.process | revision | clusters | rechecked (publish + next time)

A re-check is a job like any other, with the same permits and rules of its host, except that its end is no outcome of
the article: that was published, and stays so. What cannot be read today changes nothing, since a wrong
retraction is worse than a late one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from config.limits import MISSING_CHECKS, MISSING_WAIT, RECHECK_FIRST, RECHECK_UNTIL
from worker.contract import Event
from worker.core.errors import IngestError, Reason
from worker.core.jobs import Job, Recheck
from worker.core.outcomes import Outcome, Step
from worker.core.records import Article, NotArticle
from worker.pipeline.clustering import with_clusters
from worker.pipeline.extraction import ExtractionPorts, article_of, build_events, entries, identity, statements_of
from worker.pipeline.needs import HasClusters, HasPages, HasSnapshots
from worker.versions.revisions import Revision, revision, verbs, withdrawal

_NOWHERE = ".invalid"  # RFC 2606; an article that was read from a file has such a host
_MISSING = frozenset({Reason.NOT_FOUND, Reason.GONE})
#: Some sites change these with every request; alone they are no new version.
_INCIDENTAL = frozenset({"fetched_url", "image", "modified"})


class RecheckPorts(ExtractionPorts, HasSnapshots, HasPages, HasClusters, Protocol):
    """What a re-check needs."""


def next_wait(age: timedelta, *, changed: bool = False) -> timedelta | None:
    """Return when to look again at an article of this age, None for never: when its age has doubled.

    Most edits come early, and who edits once edits again: what changed is looked at sooner.
    """
    wait = max(RECHECK_FIRST, age / 2 if changed else age)
    return wait if age + wait <= RECHECK_UNTIL else None


def first_wait(article: Article, job: Job, services: RecheckPorts) -> timedelta | None:
    """Return when to look again at an article that is published now; None when it is too old, or none is looked at."""
    if not services.settings.rechecks_an_hour or job.host.endswith(_NOWHERE):
        return None
    written = article.published.value if article.published else services.clock.now()
    return next_wait(_age(job, services.clock.now(), written))


def unchanged(job: Job, services: RecheckPorts, detail: str = "") -> Step:
    """End a re-check that found nothing new."""
    return _end(job, Outcome.UNCHANGED, _later(job, services), services, detail)


def compare(job: Job, known: Recheck, services: RecheckPorts) -> Step:
    """Publish what differs between the page that was fetched now and what was published."""
    page = services.pages.get(job.page_ref)
    article = article_of(page, services)
    if isinstance(article, NotArticle):
        return unchanged(job, services, f"no article now ({article.reason}), left as it is")
    if identity(article, page) != known.article_id:
        return unchanged(job, services, f"another article now ({page.final_url}), left as it is")
    found = statements_of(article, services)
    today = build_events(article, found, job, page, known.article_id, services)
    new = revision(known.content, known.version + 1, today, time=services.clock.now())
    if len(new.events) <= 1 and set(new.changed) <= _INCIDENTAL:
        return unchanged(job, services)
    return _publish(job, Outcome.UPDATED, new, services, page_ref=job.page_ref)


def failed(job: Job, known: Recheck, error: IngestError, services: RecheckPorts) -> Step:
    """End a re-check that got no page: the article is withdrawn if there is none any more, else left as it is."""
    if error.reason not in _MISSING or known.is_withdrawn:
        return _end(job, Outcome.RECHECK_FAILED, _later(job, services), services, error.detail, error.reason)
    if error.reason is Reason.NOT_FOUND and known.missing + 1 < MISSING_CHECKS:
        return _end(job, Outcome.RECHECK_FAILED, MISSING_WAIT, services, error.detail, error.reason)
    time, source = services.clock.now(), services.settings.source
    new = withdrawal(known.content, known.version + 1, error.reason, time=time, source=source)
    return _publish(job, Outcome.WITHDRAWN, new, services, reason=error.reason)


def refused(job: Job, reason: Reason, services: RecheckPorts, detail: str) -> Step:
    """End the re-checks of an article that may not be fetched any more."""
    return _end(job, Outcome.RECHECK_FAILED, None, services, detail, reason)


def _publish(
    job: Job,
    outcome: Outcome,
    new: Revision,
    services: RecheckPorts,
    *,
    page_ref: str = "",
    reason: Reason | None = None,
) -> Step:
    rows = entries(with_clusters(new.events, job, services), services)
    wait = _later(job, services, changed=True)
    spare = services.snapshots.rechecked(job, outcome, wait, content=new.content, page_ref=page_ref, events=rows)
    return _step(job, outcome, spare, services, _told(new.events), reason)


def _end(
    job: Job,
    outcome: Outcome,
    wait: timedelta | None,
    services: RecheckPorts,
    detail: str = "",
    reason: Reason | None = None,
) -> Step:
    spare = services.snapshots.rechecked(job, outcome, wait, is_missing=reason is Reason.NOT_FOUND)
    return _step(job, outcome, spare, services, detail, reason)


def _step(
    job: Job, outcome: Outcome, spare: str | None, services: RecheckPorts, detail: str, reason: Reason | None
) -> Step:
    if spare is None:
        return Step(Outcome.STALE, subject=job.url)
    if spare:
        services.pages.remove([spare])
    return Step(outcome, reason=reason, subject=job.url, detail=detail)


def _told(events: tuple[Event, ...]) -> str:
    first, *rest = verbs(events)
    counted = [f"{rest.count(verb)} {verb.replace('.', ' ')}" for verb in sorted(set(rest))]
    changed = ", ".join(events[0].data.get("changed", ()))
    return "; ".join([f"{first} {changed}".strip(), *counted])


def _later(job: Job, services: RecheckPorts, *, changed: bool = False) -> timedelta | None:
    return next_wait(_age(job, services.clock.now(), job.found), changed=changed)


def _age(job: Job, now: datetime, written: datetime) -> timedelta:
    return max(timedelta(0), now - min(written, job.found, job.entry.published or job.found))
