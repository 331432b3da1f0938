"""What a further look at a published article came to, when to look next, and what is told of it. Pure.

    unchanged, no_article, another_article, compared, failed, refused -> RecheckDecision

What cannot be read today changes nothing, since a wrong retraction is worse than a late one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.contract import Event
from worker.core.errors import IngestError, Reason
from worker.core.jobs import Job, Recheck
from worker.core.outcomes import Outcome
from worker.core.records import NotArticle
from worker.versions.revisions import Revision, revision, verbs, withdrawal

_NOWHERE = ".invalid"  # RFC 2606; an article that was read from a file has such a host
_MISSING = frozenset({Reason.NOT_FOUND, Reason.GONE})
#: Some sites change these with every request; alone they are no new version.
_INCIDENTAL = frozenset({"fetched_url", "image", "modified"})


@dataclass(frozen=True, slots=True)
class RecheckTerms:
    """When to look: `first` is the shortest wait, `until` the age after which nobody looks.

    A page is believed to be missing after `missing_checks` looks in a row, `missing_wait` apart.
    """

    first: timedelta
    until: timedelta
    missing_checks: int
    missing_wait: timedelta


@dataclass(frozen=True, slots=True)
class RecheckDecision:
    """What to write after a re-check, in one step.

    `wait` is the time to the next look, None for never again. `is_missing` counts one more look in a row that found no
    page. `events` and `content` are those of the new version, if there is one, and `page_ref` the page that it was read
    from; it is "" when the article was withdrawn.
    """

    outcome: Outcome
    wait: timedelta | None
    reason: Reason | None = None
    detail: str = ""
    is_missing: bool = False
    events: tuple[Event, ...] = ()
    content: str = ""
    page_ref: str = ""


def next_wait(age: timedelta, terms: RecheckTerms, *, changed: bool = False) -> timedelta | None:
    """Return when to look again at an article of this age, None for never: when its age has doubled.

    Most edits come early, and who edits once edits again: what changed is looked at sooner.
    """
    wait = max(terms.first, age / 2 if changed else age)
    return wait if age + wait <= terms.until else None


def first_wait(job: Job, written: datetime | None, terms: RecheckTerms, now: datetime) -> timedelta | None:
    """Return when to look again at an article that is published now; None when it is too old, or was read from a file.

    `written` is when the page says that it was published.
    """
    return None if job.host.endswith(_NOWHERE) else next_wait(_age(job, now, written or now), terms)


def unchanged(job: Job, terms: RecheckTerms, now: datetime, detail: str = "") -> RecheckDecision:
    """Decide after a look that found nothing new."""
    return RecheckDecision(Outcome.UNCHANGED, _later(job, terms, now), detail=detail)


def no_article(job: Job, found: NotArticle, terms: RecheckTerms, now: datetime) -> RecheckDecision:
    """Decide after a look that found a page, but no article in it."""
    return unchanged(job, terms, now, f"no article now ({found.reason}), left as it is")


def another_article(job: Job, url: str, terms: RecheckTerms, now: datetime) -> RecheckDecision:
    """Decide after a look that led to another article, at `url`."""
    return unchanged(job, terms, now, f"another article now ({url}), left as it is")


def compared(job: Job, known: Recheck, today: Sequence[Event], terms: RecheckTerms, now: datetime) -> RecheckDecision:
    """Decide after a look that found the article; `today` are the events that would create it now, its own first.

    Raises:
        RejectedError: UNKNOWN, when another release wrote what is known of it.
    """
    new = revision(known.content, known.version + 1, today, time=now)
    if len(new.events) <= 1 and set(new.changed) <= _INCIDENTAL:
        return unchanged(job, terms, now)
    return _changed(job, Outcome.UPDATED, new, terms, now, page_ref=job.page_ref)


def failed(
    job: Job, known: Recheck, error: IngestError, terms: RecheckTerms, now: datetime, *, source: str
) -> RecheckDecision:
    """Decide after a look that got no page: the article is withdrawn if there is none any more, else left as it is.

    Raises:
        RejectedError: As `compared`.
    """
    if error.reason not in _MISSING or known.is_withdrawn:
        return _failed(_later(job, terms, now), error.reason, error.detail)
    if error.reason is Reason.NOT_FOUND and known.missing + 1 < terms.missing_checks:
        return _failed(terms.missing_wait, error.reason, error.detail)
    new = withdrawal(known.content, known.version + 1, error.reason, time=now, source=source)
    return _changed(job, Outcome.WITHDRAWN, new, terms, now, reason=error.reason)


def refused(reason: Reason, detail: str) -> RecheckDecision:
    """Decide about an article that may not be fetched any more: there is no further look."""
    return _failed(None, reason, detail)


def _failed(wait: timedelta | None, reason: Reason, detail: str) -> RecheckDecision:
    is_missing = reason is Reason.NOT_FOUND
    return RecheckDecision(Outcome.RECHECK_FAILED, wait, reason, detail, is_missing=is_missing)


def _changed(
    job: Job,
    outcome: Outcome,
    new: Revision,
    terms: RecheckTerms,
    now: datetime,
    *,
    page_ref: str = "",
    reason: Reason | None = None,
) -> RecheckDecision:
    return RecheckDecision(
        outcome,
        _later(job, terms, now, changed=True),
        reason,
        _told(new.events),
        events=new.events,
        content=new.content,
        page_ref=page_ref,
    )


def _told(events: Sequence[Event]) -> str:
    first, *rest = verbs(events)
    counted = [f"{rest.count(verb)} {verb.replace('.', ' ')}" for verb in sorted(set(rest))]
    changed = ", ".join(events[0].data.get("changed", ()))
    return "; ".join([f"{first} {changed}".strip(), *counted])


def _later(job: Job, terms: RecheckTerms, now: datetime, *, changed: bool = False) -> timedelta | None:
    return next_wait(_age(job, now, job.found), terms, changed=changed)


def _age(job: Job, now: datetime, written: datetime) -> timedelta:
    return now - min(written, job.found, job.entry.published or job.found)
