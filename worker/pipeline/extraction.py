"""From a stored page to the events of its article: what a first look, a replay and a re-check have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Protocol

import structlog

from config import limits
from worker.adapters.observability import tracing
from worker.clean import clean
from worker.contract import Event, InvalidEventError
from worker.core.calendar_words import words_of
from worker.core.errors import Reason, RejectedError
from worker.core.jobs import Job
from worker.core.outcomes import Delays
from worker.core.records import Article, Block, FeedEntry, Moment, NotArticle, Page, Span, Statement
from worker.fetch.optout import refusal
from worker.pipeline.needs import HasClock, HasEngine, HasSettings
from worker.statements import engine_for, extract, is_read
from worker.versions.events import Room, article_events, rfc3339, stream_entry

_ROOM = Room(limits.MAX_STATEMENTS, limits.MAX_STATEMENT_BYTES, limits.MAX_STATEMENTS_BYTES)
log = structlog.get_logger("onrecord")


class ExtractionPorts(HasSettings, HasClock, HasEngine, Protocol):
    """What it takes from a page to events."""


#: A page of English enough for every model to be asked.
_URL = "https://example.org/news/bridge"
_SAMPLE = "The mayor of the town said on Monday that the bridge over the river was safe to use. " * 4


def load_models(engine: str) -> None:
    """Load all that reading an article needs, which a process that forks afterwards shares with its children.

    Raises:
        LookupError: If the engine is not part of this installation.
    """
    article = clean(Page(_URL, _URL, f"<title>Bridge</title><p>{_SAMPLE}".encode()))
    assert isinstance(article, Article)  # what is refused is not read to the end
    extract(article.text, engine=engine_for("en", engine))
    words_of("")  # CLDR's words of all languages: 0.5 s and 85 MB, which each child would take for itself


#: Dates that a page shows rather than declares; what was read there may have been another date.
_SHOWN = frozenset({"text", "title", "url", "script"})
_WILD = timedelta(days=366)
_AHEAD = timedelta(days=1)  # a zone that was not named, and a clock that is fast

#: What was older when it was found came from an archive.
_NEWS = timedelta(days=1)


def article_of(page: Page, entry: FeedEntry, ports: HasSettings) -> Article | NotArticle:
    """Clean the page of an entry; an article with an obeyed signal against reuse is none. A very long one is cut."""
    article = clean(page)
    if isinstance(article, NotArticle):
        return article
    refused = refusal(article.rights, ports.settings.obey)
    return NotArticle(Reason.OPTED_OUT, refused) if refused else dated(_cut(article), page, entry)


def dated(article: Article, page: Page, entry: FeedEntry) -> Article:
    """Return an article with the date of its feed entry where its page states none, or one that cannot be.

    A date after the day of the fetch cannot be; nor is one believed that a page only shows (in its text, title, URL or
    scripts) and that is more than a year from the entry's.
    """
    stated, announced = article.published, entry.published
    if announced is None or (stated and not _is_wild(stated, announced, page.fetched)):
        return article
    return replace(article, published=Moment(announced, rfc3339(announced), "feed"))


def _is_wild(stated: Moment, announced: datetime, fetched: datetime | None) -> bool:
    is_ahead = fetched is not None and stated.value > fetched + _AHEAD
    return is_ahead or (stated.source in _SHOWN and abs(stated.value - announced) > _WILD)


def _cut(article: Article) -> Article:
    """Return the article with no more text, and no longer fields, than is published."""
    text = article.text[: _end(article.text, limits.MAX_TEXT_CHARS)]
    if len(text) < len(article.text):
        log.warning("text cut", subject=article.url, detail=f"{len(article.text):,} characters, kept {len(text):,}")
    return replace(
        article,
        text=text,
        blocks=_blocks(article.blocks[: limits.MAX_BLOCKS], len(text)),
        headline=_short(article.headline),
        standfirst=_short(article.standfirst),
        site_name=_short(article.site_name),
        publisher=_short(article.publisher),
        section=_short(article.section),
        rights=article.rights[: limits.MAX_RIGHTS],
    )


def _short(field: str | None) -> str | None:
    return field and field[: limits.MAX_FIELD_CHARS]


def _end(text: str, most: int) -> int:
    """Return where a text of `most` characters ends: with the last paragraph that is complete, if that is near."""
    if len(text) <= most:
        return len(text)
    end = text.rfind("\n\n", 0, most)
    return end if end > most * 3 // 4 else most


def _blocks(blocks: Sequence[Block], end: int) -> tuple[Block, ...]:
    return tuple(block if block.end <= end else replace(block, end=end) for block in blocks if block.start < end)


def statements_of(article: Article, ports: HasEngine) -> list[Statement]:
    """Extract the statements of a cleaned article, from as much of its text as is read.

    There are none where no engine reads its language.
    """
    language = article.language or "en"
    if not is_read(language):
        return []
    read = _end(article.text, limits.MAX_READ_CHARS)
    blocks, engine = _blocks(article.blocks, read), ports.engine(language)
    found = extract(article.text[:read], engine=engine, blocks=blocks, language=language)
    return [_narrowed(statement) for statement in found]


def _narrowed(statement: Statement) -> Statement:
    """Return a statement whose sentence, where that has no end, is the part of it that the statement takes."""
    if statement.sentence.end - statement.sentence.start <= limits.MAX_SENTENCE_CHARS:
        return statement
    spans = [(one.start, one.end) for one in statement.segments]
    spans += [(one.start, one.end) for one in statement.cue.spans] if statement.cue else []
    start, end = min(spans)[0], max(end for _, end in spans)
    return replace(statement, sentence=Span(start, min(end, start + limits.MAX_SENTENCE_CHARS)))


def summary(article: Article, found: Sequence[Statement], events: Sequence[Event]) -> str:
    """Say how many statements of an article its events publish, and why there are none, or not more."""
    parts = [f"{len(events) - 1} statements"]
    if article.language and not is_read(article.language):
        parts.append(f"no engine reads language {article.language!r}")
    left_out = len(found) - len(events) + 1
    if left_out:
        parts.append(f"{left_out:,} more left out")
    if len(article.text) > limits.MAX_READ_CHARS:
        read = _end(article.text, limits.MAX_READ_CHARS)
        parts.append(f"read were {read:,} of {len(article.text):,} characters")
    return ": ".join(parts[:2]) + "".join(f", {part}" for part in parts[2:])


def build_events(
    article: Article, statements: list[Statement], job: Job, page: Page, key: str, ports: HasSettings
) -> list[Event]:
    """Build and verify all events of an article.

    Raises:
        RejectedError: INVALID_EVENT, when a statement would not be verbatim.
    """
    try:
        return article_events(article, statements, job, page, article_id=key, source=ports.settings.source, room=_ROOM)
    except InvalidEventError as error:
        raise RejectedError(Reason.INVALID_EVENT, job.url, str(error)) from error


def delays(article: Article, job: Job, ports: HasClock) -> Delays:
    """Return how long the events of an article took until now, when it is published."""
    now, stated = ports.clock.now(), article.published
    written = stated.value if stated and stated.tz_known else job.entry.published
    # An old article, or a day without an hour, says nothing of how quick we are.
    is_news = written and written.time() != time.min and job.found - written < _NEWS
    return Delays(now - job.found, now - written if written and is_news else None)


def entries(events: Sequence[Event], ports: HasSettings) -> list[tuple[str, dict[str, str]]]:
    """Return events as entries of their streams, with the trace that they come from."""
    trace = tracing.current()
    traced = (replace(event, traceparent=trace) for event in events) if trace else events
    return [stream_entry(event, ports.settings.key_prefix) for event in traced]
