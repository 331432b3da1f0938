"""`onrecord ingest` and `onrecord try`: one article by hand."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from config.settings import Settings
from worker.clean import clean
from worker.clean.language import detect
from worker.cli import show
from worker.cli.read import statements_of_article
from worker.cli.source import as_text, is_url, looks_like_html, read_bytes, read_page
from worker.cli.terminal import Terminal, print_json, words
from worker.cli.texts import chosen_engine, warn_unread
from worker.contract import Event
from worker.core.errors import Reason, RejectedError
from worker.core.jobs import Job
from worker.core.records import Article, FeedEntry, NotArticle, Page
from worker.core.urls import article_id, check_url
from worker.pipeline import claims, extraction
from worker.services import Services
from worker.statements import is_read

console = Terminal()


_LOOK_EVERY_S = 0.2


def recheck(services: Services, target: str) -> None:
    """Let a published article be looked at again, as soon as its host permits.

    Raises:
        RejectedError: UNKNOWN, when none of this URL or id was published and is kept.
    """
    key = article_id(check_url(target)) if is_url(target) else target
    if not services.snapshots.recheck(key):
        raise RejectedError(
            Reason.UNKNOWN, target, "not published under this URL or id, or kept no longer; `onrecord why` knows more"
        )
    console.print("it is fetched again as soon as its host permits; `onrecord why` says what came of it")


def try_out(settings: Settings, target: str, engine: str, *, obey_robots: bool, as_json: bool) -> None:
    """Run the pipeline on one article and print its events; nothing is published, no Redis is needed."""
    settings = replace(settings, engine=engine or settings.engine)
    chosen_engine(settings.engine)
    services = Services(settings, "")
    page = read_page(services, check_url(target) if is_url(target) else target, obey_robots=obey_robots)
    article = _article(page, target)
    key = claims.identity(article, page) if is_url(target) else article_id(f"https://file.invalid/{page.url}")
    job = Job(key, 0, page.url, "", "", FeedEntry(page.url), 0, services.clock.now())
    if article.language and not is_read(article.language):
        warn_unread(article.language)
    found = extraction.statements_of(article, services)
    named = claims.named(article, page, key) if is_url(target) else article
    events = extraction.build_events(named, found, job, page, key, services)
    if as_json:
        for event in events:
            print_json(_as_json(event))
        return
    _print_events(events)


def ingest(services: Services, target: str, wait: float, *, as_json: bool) -> None:
    """Admit one article and wait for its outcome.

    Raises:
        RejectedError: It came to another outcome than published, or to none in time.
    """
    key, is_new = _admit_url(services, target) if is_url(target) else _admit_file(services, target)
    outcome = _wait(services, key, wait)
    if outcome is None or (outcome == "" and wait > 0):
        raise RejectedError(
            Reason.TIMED_OUT, target, f"queued, but no outcome in {wait:g} s: is a worker running? (make run)"
        )
    events = statements_of_article(services, key, target) if outcome == "published" else []
    if as_json:
        print_json({"id": key, "outcome": outcome or "queued", "statements": events})
    else:
        console.print(f"{'' if is_new else 'already '}{outcome or 'queued'}: {target}")
        for data in events:
            console.print(show.event_panel(data))
    if outcome not in {"", "published", "duplicate", "seen"}:
        raise SystemExit(1)


def _article(page: Page, target: str) -> Article:
    if not is_url(target) and not looks_like_html(page.body):
        return _plain_article(page, target)
    article = clean(page)
    if isinstance(article, NotArticle):
        raise RejectedError(article.reason, target, article.detail)
    return article


def _plain_article(page: Page, target: str) -> Article:
    text = as_text(page.body, target).replace("\r\n", "\n")
    headline = text.strip().split("\n", 1)[0]
    return Article(url=page.url, text=text, headline=headline, language=detect(text, ""))


def _admit_url(services: Services, url: str) -> tuple[str, bool]:
    """Admit a URL; return the article's id, and whether it was unknown."""
    admission = services.articles.admit([FeedEntry(check_url(url))])
    return article_id(url), bool(admission.admitted)


def _admit_file(services: Services, name: str) -> tuple[str, bool]:
    """Admit an HTML file, whose page is stored, so that nothing is fetched; return as `_admit_url` does."""
    body = read_bytes(name)
    if not looks_like_html(body):
        raise RejectedError(Reason.WRONG_TYPE, name, "is no HTML; `onrecord extract` reads plain text")
    url = f"https://file.invalid{Path(name).resolve().as_posix()}"
    page = Page(url, url, body, "text/html", 200, services.clock.now())
    return article_id(url), services.articles.admit_page(FeedEntry(url), services.pages.put(page))


def _wait(services: Services, key: str, seconds: float) -> str | None:
    deadline = time.monotonic() + seconds
    while (outcome := services.status.outcome(key)) == "" and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_S)
    return outcome


def _as_json(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__dataclass_fields__}


def _print_events(events: list[Event]) -> None:
    about = events[0].data
    console.print(words(about["headline"] or about["url"], "bold"))
    for event in events[1:]:
        console.print(show.event_panel(dict(event.data)))
    console.print(f"{len(events)} events, nothing published", style="dim")
