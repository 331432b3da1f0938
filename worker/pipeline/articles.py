"""The flow: one function per message, (message, ports) -> Step.

    feeds.tick        take | feeds.poll ..., articles.fetch ...
    feeds.poll        claim | GET if changed | parse | admit (with validators and next due time)
    articles.fetch    claim | robots | GET | store page | -> articles.process
    articles.process  claim | clean | extract statements | build events | clusters | finish (publish + done)
                      a re-check of what was published: ... | build events | what changed | clusters | rechecked
    upkeep.sweep      put back what dead workers held | bury what has no attempts left

Every step may run twice: the ledger's token lets one of them count. A failure is raised as an
`IngestError`, and `conclude` says what becomes of its subject.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

import structlog

from config import limits
from worker.contract import Event
from worker.core.errors import IngestError, Reason, RejectedError, TransientError
from worker.core.jobs import HandedOut, Job
from worker.core.messages import FetchArticle, Message, PollFeed, ProcessArticle, Sweep, Tick
from worker.core.outcomes import Outcome, Step
from worker.core.records import Article, FeedEntry, NotArticle, Page, Statement
from worker.core.retry import NETWORK, STORE
from worker.core.urls import check_url, host_of
from worker.fetch.optout import file_signals, signals
from worker.fetch.response import Response, check_page, check_status
from worker.fetch.robots import ABSENT, UNAVAILABLE, Rules, permitted_delay, read_rules, robots_url
from worker.pipeline import claims, polling, rechecks
from worker.pipeline.claims import Claim
from worker.pipeline.clustering import with_clusters
from worker.pipeline.extraction import article_of, build_events, delays, entries, statements_of, summary
from worker.pipeline.polling import PollPorts
from worker.pipeline.probe import sync_feeds
from worker.pipeline.rechecks import RecheckPorts
from worker.pipeline.requests import (
    MovedAwayError,
    ReservationPorts,
    ask,
    follow_refreshes,
    learn_reservations,
    learn_rules,
    leave,
)
from worker.pipeline.retention import RetentionPorts, retain
from worker.versions.events import dead_event
from worker.versions.revisions import content_of

_NOT_MODIFIED = 304
log = structlog.get_logger("onrecord")

#: What an article waits for is no attempt at it.
_NOT_ITS_FAULT = frozenset({Reason.HOST_BUSY, Reason.ROBOTS_UNAVAILABLE, Reason.STORE_UNAVAILABLE})

#: How long an article waits while another one asks for the rules of its host.
_ROBOTS_WAIT = timedelta(seconds=1)
#: No page can be guilty of these: a release, an installation or a machine is.
_OUR_FAULT = frozenset({Reason.INVALID_EVENT, Reason.BUG, Reason.BAD_ENGINE, Reason.TOO_MANY_ATTEMPTS})


class ArticlePorts(PollPorts, ReservationPorts, RecheckPorts, RetentionPorts, Protocol):
    """What the flow needs, which is what all of its steps need."""


def tick(_message: Tick, ports: ArticlePorts) -> Step:
    """Hand out everything that may start now."""
    return Step(Outcome.TICKED, _due(ports))


def _due(ports: ArticlePorts) -> tuple[Message, ...]:
    return tuple(_start(item) for item in ports.articles.take())


def _then_due(step: Step, ports: ArticlePorts) -> Step:
    """Hand out more after a request: its host is free again, and need not wait for the next tick."""
    return replace(step, then=(*step.then, *_due(ports)))


def _start(item: HandedOut) -> Message:
    if item.is_feed:
        return PollFeed(feed_id=item.id, token=item.token)
    return FetchArticle(article_id=item.id, token=item.token)


def poll_feed(message: PollFeed, ports: ArticlePorts) -> Step:
    """Poll a feed that was handed out; or, called from outside with a URL, register it and make it due."""
    if message.url:
        ports.registry.add(check_url(message.url))
        ports.registry.poll_now(message.url)
        return Step(Outcome.ADMITTED, (Tick(),), subject=message.url)
    feed = ports.feeds.claim(message.feed_id, message.token)
    if feed is None:
        return Step(Outcome.STALE, subject=message.feed_id)
    return _then_due(polling.poll(feed, ports), ports)


def fetch_article(message: FetchArticle, ports: ArticlePorts) -> Step:
    """Fetch an article that was handed out; or, called from outside with a URL, admit it."""
    if message.url:
        return admit_url(message.url, ports)
    job = ports.articles.claim(message.article_id, message.token, "fetch")
    if job is None:
        return Step(Outcome.STALE, subject=message.article_id)
    return _then_due(_fetch(job, ports), ports)


def _fetch(job: Job, ports: ArticlePorts) -> Step:
    rules = ports.robots.get(job.host)
    if rules is None:
        return _learn_robots(job, ports)
    delay = permitted_delay(rules, job.target, ports.settings.user_agent)
    if delay is None:
        return _drop(job, Reason.ROBOTS_DENIED, ports)
    reserved = None
    if "tdm" in ports.settings.obey:
        reserved = ports.reservations.get(job.host)
        if reserved is None:
            return _learn_reservations(job, ports)
    try:
        response = _get(job, delay, ports)
    except MovedAwayError as moved:
        return _rehost(job, moved, ports)
    return _fetched(job, response, reserved, ports)


def _fetched(job: Job, response: Response, reserved: Rules | None, ports: ArticlePorts) -> Step:
    if job.recheck and response.status == _NOT_MODIFIED:
        return rechecks.unchanged(job, ports)
    check_page(response)
    page = _page(job.url, response, ports)
    if reserved and reserved.text:
        page = replace(page, signals=(*page.signals, *file_signals(reserved.text, response.url)))
    page_ref = ports.pages.put(page)
    if job.recheck and page_ref == job.recheck.page_ref:
        return rechecks.unchanged(job, ports)
    token = ports.articles.fetched(job, page_ref, response.validators)
    if token is None:
        return Step(Outcome.STALE, subject=job.url)
    answered = f"{job.host} answered in {response.elapsed.total_seconds():.2f} s"
    return Step(Outcome.FETCHED, (ProcessArticle(article_id=job.id, token=token),), subject=job.url, detail=answered)


def _get(job: Job, delay: timedelta, ports: ArticlePorts) -> Response:
    conditions = job.recheck.conditions if job.recheck else None
    away = leave(job.target)
    response = ask(job.target, ports, limits.PAGE, headers=conditions, delay=delay, on_redirect=away)

    def go_on(target: str) -> Response:
        if host_of(target) != host_of(response.url):
            away(target)
        return ask(target, ports, limits.PAGE, delay=delay, on_redirect=away)

    return follow_refreshes(response, go_on)


def admit_url(url: str, ports: ArticlePorts) -> Step:
    """Admit one URL by hand."""
    admission = ports.articles.admit([FeedEntry(check_url(url))])
    if admission.admitted:
        return Step(Outcome.ADMITTED, (Tick(),), subject=url)
    return Step(Outcome.ALREADY_SEEN, subject=url)


def fetch_page(url: str, ports: ArticlePorts, *, obey_robots: bool = False) -> Page:
    """Fetch one page for a person who waits for it: once, without the permit of its host.

    Raises:
        IngestError: As `HttpClient.get`, `check_status` and `check_page` do, and, if robots.txt is obeyed,
            ROBOTS_DENIED or ROBOTS_UNAVAILABLE.
    """
    check = partial(_check_robots, ports=ports) if obey_robots else None

    def get(target: str) -> Response:
        if check:
            check(target)
        response = ports.http.get(target, limits=limits.PAGE, on_redirect=check)
        check_status(response, now=ports.clock.now())
        return response

    response = follow_refreshes(get(url), get)
    check_page(response)
    return _page(url, response, ports)


def _check_robots(url: str, ports: ArticlePorts) -> None:
    """Ask the host of `url` for its robots.txt, and raise if that denies the page."""
    try:
        response = ports.http.get(robots_url(url), limits=limits.ROBOTS)
        check_status(response, now=ports.clock.now())
        rules = read_rules(response)
    except TransientError:
        rules = UNAVAILABLE
    except RejectedError:
        rules = ABSENT
    if permitted_delay(rules, url, ports.settings.user_agent) is None:
        detail = f"{robots_url(url)} denies it; with --ignore-robots, it is fetched all the same"
        raise RejectedError(Reason.ROBOTS_DENIED, url, detail)


def process_article(message: ProcessArticle, ports: ArticlePorts) -> Step:
    """Clean a fetched page, extract its statements, and publish both in one step."""
    job = ports.articles.claim(message.article_id, message.token, "process")
    if job is None:
        return Step(Outcome.STALE, subject=message.article_id)
    if job.recheck:
        return rechecks.compare(job, job.recheck, ports)
    page = ports.pages.get(job.page_ref)
    article = article_of(page, job.entry, ports)
    if isinstance(article, NotArticle):
        return _drop(job, article.reason, ports, article.detail)
    statements, taken = statements_of(article, ports), set[str]()
    claim = claims.judge(article, page, ports)
    published, events = _publish(article, statements, job, page, claim, ports)
    while published == "TAKEN":
        taken.add(claim.id)
        claim = claims.judge(article, page, ports, taken)
        published, events = _publish(article, statements, job, page, claim, ports)
    outcome = Outcome(published.lower())
    if outcome is Outcome.DUPLICATE:
        ports.pages.remove([job.page_ref])
    told = claim.detail if outcome is Outcome.DUPLICATE else summary(article, statements, events)
    detail = "; ".join(filter(None, dict.fromkeys((told, claim.detail))))
    took = delays(article, job, ports) if outcome is Outcome.PUBLISHED else None
    return Step(outcome, subject=job.url, detail=detail, delays=took)


def _publish(
    article: Article, statements: list[Statement], job: Job, page: Page, claim: Claim, ports: ArticlePorts
) -> tuple[str, Sequence[Event]]:
    """Finish an article under the id of its claim; return what `Articles.finish` says, and its events."""
    events = build_events(claims.named(article, page, claim.id), statements, job, page, claim.id, ports)
    # What is published under the job's own id, if that was taken, has a cluster of its own.
    subject = replace(job, id=claim.id) if claim.id == claims.second_id(page) else job
    outcome = ports.articles.finish(
        job,
        Outcome.PUBLISHED,
        None,
        canonical_id=claim.id,
        content=content_of(events),
        recheck=rechecks.first_wait(article, job, ports),
        events=entries(events if claim.is_copy else with_clusters(events, subject, ports), ports),
        unless_taken=not claim.is_copy,
    )
    return outcome, events


def sweep(_message: Sweep, ports: ArticlePorts) -> Step:
    """Bring back what dead workers held; bury what has no attempts left; learn of new feeds; forget what is old."""
    # First: these free memory, without which a full Redis refuses the rest.
    ports.pages.remove(ports.snapshots.evict(ports.settings.pages_mb * 1_000_000))
    retain(ports)
    swept = ports.articles.sweep()
    for item in swept.spent:
        _bury_spent(item, ports)
    again = tuple(ProcessArticle(article_id=item.id, token=item.token) for item in swept.again)
    sync_feeds(ports)
    found = swept.put_back + len(again) + len(swept.spent)
    return Step(Outcome.SWEPT, again, detail=f"{found} stuck" if found else "")


def conclude(message: Message, error: IngestError, ports: ArticlePorts) -> Step:
    """Say what becomes of the subject of a failed attempt: later, or dead with its reason."""
    if isinstance(message, PollFeed) and message.feed_id:
        return _then_due(polling.failed(message.feed_id, message.token, error, ports), ports)
    if isinstance(message, FetchArticle) and message.article_id:
        return _then_due(_conclude_article(message.article_id, message.token, "fetch", error, ports), ports)
    if isinstance(message, ProcessArticle):
        return _conclude_article(message.article_id, message.token, "process", error, ports)
    return Step(Outcome.DEAD, reason=error.reason, subject=error.subject, detail=error.detail)


def _conclude_article(key: str, token: int, stage: str, error: IngestError, ports: ArticlePorts) -> Step:
    job = ports.articles.job(key, token)
    if job is None:
        return Step(Outcome.STALE, subject=key)
    if isinstance(error, TransientError) and _put_back(job, error, ports):
        return Step(Outcome.RETRYING, reason=error.reason, subject=job.url, detail=error.detail)
    return _bury(job, stage, error, ports)


def _put_back(job: Job, error: TransientError, ports: ArticlePorts) -> bool:
    """Put a job back for later; tell whether it may be tried again at all."""
    policy = STORE if error.reason in {Reason.STORE_UNAVAILABLE, Reason.PAGE_EXPIRED} else NETWORK
    delay = policy.delay(job.attempts, ports.jitter(), error.retry_after)
    counts = error.reason not in _NOT_ITS_FAULT
    wait = delay if counts else (error.retry_after or delay)
    return ports.articles.put_back(job, wait, error.reason, counts=counts) != "EXHAUSTED"


def _bury_spent(item: HandedOut, ports: ArticlePorts) -> None:
    job = ports.articles.job(item.id, item.token)
    if job is not None:
        error = RejectedError(Reason.TOO_MANY_ATTEMPTS, job.url, "its workers died or never reported")
        _bury(job, "sweep", error, ports)


def _bury(job: Job, stage: str, error: IngestError, ports: ArticlePorts) -> Step:
    if error.reason in _OUR_FAULT and ports.articles.count_failure():
        _log_paused(error)
    if job.recheck:
        return rechecks.failed(job, job.recheck, error, ports)
    event = dead_event(job, stage, error, time=ports.clock.now(), source=ports.settings.source)
    ports.articles.finish(job, Outcome.DEAD, error.reason, events=entries([event], ports))
    return Step(Outcome.DEAD, reason=error.reason, subject=job.url, detail=error.detail)


def _log_paused(error: IngestError) -> None:
    """Say that the breaker opened; the last of the failures stands for all of them."""
    log.error(
        "paused",
        reason=str(error.reason),
        detail=f"{limits.BREAKER_FAILURES} articles in a row failed by our own fault, the last: {error}; "
        f"nothing is handed out for {limits.BREAKER_PAUSE.total_seconds():g} s",
    )


def _drop(job: Job, reason: Reason, ports: ArticlePorts, detail: str = "") -> Step:
    if job.recheck:
        return rechecks.refused(job, reason, ports, detail)
    ports.articles.finish(job, Outcome.DROPPED, reason)
    return Step(Outcome.DROPPED, reason=reason, subject=job.url, detail=detail)


def _learn_robots(job: Job, ports: ArticlePorts) -> Step:
    """Ask the host for its robots.txt with the permit in hand, and put the article back behind it."""
    wait = _ROBOTS_WAIT
    with ports.robots.fetch_lock(job.host) as mine:
        if mine:
            rules = learn_rules(job.target, ports)
            permitted_delay(rules, job.target, ports.settings.user_agent)  # raises while they are unavailable
            wait = timedelta(0)
    ports.articles.put_back(job, wait, Reason.HOST_BUSY, counts=False)
    return Step(Outcome.RETRYING, subject=job.url, detail="robots.txt first")


def _learn_reservations(job: Job, ports: ArticlePorts) -> Step:
    """Ask the host for its tdmrep.json as for its robots.txt."""
    wait = _ROBOTS_WAIT
    with ports.reservations.fetch_lock(job.host) as mine:
        if mine:
            learn_reservations(job.target, ports)
            wait = timedelta(0)
    ports.articles.put_back(job, wait, Reason.HOST_BUSY, counts=False)
    return Step(Outcome.RETRYING, subject=job.url, detail="tdmrep.json first")


def _rehost(job: Job, moved: MovedAwayError, ports: ArticlePorts) -> Step:
    """Let an article that was redirected to another host wait in that host's queue."""
    if ports.articles.rehost(job, moved.target) == "EXHAUSTED":
        raise RejectedError(Reason.TOO_MANY_REDIRECTS, job.url, f"from host to host, last to {moved.target}")
    return Step(Outcome.RETRYING, reason=moved.reason, subject=job.url, detail=moved.detail)


def _page(url: str, response: Response, ports: ArticlePorts) -> Page:
    return Page(
        url,
        response.url,
        response.body,
        response.content_type,
        response.status,
        ports.clock.now(),
        signals(response.headers),
    )


#: What handles each message.
USE_CASES: dict[type[Message], Callable[[Any, ArticlePorts], Step]] = {
    Tick: tick,
    PollFeed: poll_feed,
    FetchArticle: fetch_article,
    ProcessArticle: process_article,
    Sweep: sweep,
}
