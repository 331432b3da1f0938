"""From records to events: pure, and deterministic, so that every attempt builds the same ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import orjson

from worker.contract.article import ArticleData, BlockData, DeadData, MomentData
from worker.contract.event import PREFIX, STREAMS, Event, encode, event_id
from worker.contract.feed import FeedGapData, FeedStatusData
from worker.contract.payload import check, dataschema, to_data, verify
from worker.contract.statement import ArticleRef, StatementData
from worker.core.errors import IngestError, Reason
from worker.core.jobs import Job
from worker.core.records import Article, Moment, Page, Statement
from worker.versions.fields import FIELDS, Reading

_ALL = 2**62  # of anything


@dataclass(frozen=True, slots=True)
class Room:
    """How many statements of an article are published at most, of how many bytes of JSON each and together."""

    number: int = _ALL
    each: int = _ALL
    together: int = _ALL


def article_events(
    article: Article,
    statements: Sequence[Statement],
    job: Job,
    page: Page,
    *,
    article_id: str,
    source: str,
    room: Room = Room(),
) -> list[Event]:
    """Return the events of a published article: the article's, then one per statement, as many as there is room for.

    Raises:
        worker.contract.InvalidEventError: If a statement is not verbatim or data does not fit
            its type; then none may be sent.
    """
    time = rfc3339(page.fetched or job.found)
    url = article.canonical_url or article.url
    ref = ArticleRef(
        article_id,
        url,
        article.headline,
        article.site_name,
        rfc3339(article.published.value) if article.published else None,
        article.language,
        feed_id=job.feed_id or None,
    )
    ids = [_statement_id(article_id, article.text, statement) for statement in statements]
    readings = (Reading(key, ref, article.text, one, ids) for key, one in zip(ids, statements, strict=True))
    told = list(_published(readings, room))
    published = [key for key, _ in told]
    about = _article(article, ref, published, job, page)
    first = _event("article.created", article_id, about.text_sha256, to_data(about), time, source, article_id)
    rest = []
    for key, data in told:
        if data["nested_in"] not in published:
            data["nested_in"] = None  # the one that it stands in was left out
        verify(data, article.text)
        rest.append(_event("statement.created", key, key, data, time, source, article_id, cause=first.id))
    return [first, *rest]


def _published(readings: Iterable[Reading], room: Room) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the ids and the data of the statements that there is room for."""
    left = room.together
    for reading in islice(readings, room.number):
        data = to_data(_statement(reading))
        size = len(orjson.dumps(data))
        if size > room.each:
            continue
        left -= size
        if left < 0:
            return
        yield reading.id, data


def dead_event(job: Job, stage: str, error: IngestError, *, time: datetime, source: str) -> Event:
    """Return the event that buries an article, with all that is needed to understand and retry it."""
    data = DeadData(job.id, job.url, stage, str(error.reason), error.detail[:500], job.attempts, job.feed_id or None)
    return _event("dead.article", job.id, f"{stage}{error.reason}", to_data(data), rfc3339(time), source, job.id)


def feed_status_event(  # noqa: PLR0913 - as many as the event has
    feed_id: str,
    token: int,
    url: str,
    state: str,
    *,
    reason: Reason | None,
    failures: int,
    due: datetime | None,
    proposal: str = "",
    time: datetime,
    source: str,
) -> Event:
    """Return the event that says that a feed is well again, fails, moved, or is gone; `token` is that of the poll."""
    next_due = rfc3339(due) if due else None
    data = FeedStatusData(feed_id, url, state, reason and str(reason), failures, next_due, proposal or None)
    return _event("feed.status", feed_id, f"{state}{reason}{token}", to_data(data), rfc3339(time), source, feed_id)


def feed_gap_event(feed_id: str, url: str, entries: int, since: datetime, *, time: datetime, source: str) -> Event:
    """Return the event that says that entries of a feed may have been missed since `since`."""
    data = FeedGapData(feed_id, url, entries, rfc3339(since), rfc3339(time))
    return _event("feed.gap", feed_id, data.last_polled, to_data(data), data.polled, source, feed_id)


def stream_entry(event: Event, prefix: str) -> tuple[str, dict[str, str]]:
    """Return the stream that carries `event`, and the fields of its entry."""
    return f"{prefix}:{STREAMS[event.noun]}", encode(event)


def _event(  # noqa: PLR0913 - an envelope has many parts
    verb: str,
    subject: str,
    content: str,
    data: dict[str, object],
    time: str,
    source: str,
    key: str,
    cause: str | None = None,
) -> Event:
    kind = f"{PREFIX}{verb}.v1"
    event = Event(
        id=event_id(kind, subject, content),
        source=source,
        type=kind,
        subject=subject,
        time=time,
        data=data,
        dataschema=dataschema(kind),
        partitionkey=key,
        causationid=cause,
    )
    check(event)
    return event


def _article(article: Article, ref: ArticleRef, ids: list[str], job: Job, page: Page) -> ArticleData:
    return ArticleData(
        id=ref.id,
        url=ref.url,
        fetched_url=page.final_url,
        text=article.text,
        text_sha256=hashlib.sha256(article.text.encode()).hexdigest(),
        blocks=[BlockData(block.kind, block.start, block.end) for block in article.blocks],
        statement_ids=ids,
        feed_id=job.feed_id or None,
        guid=job.entry.guid,
        headline=article.headline,
        standfirst=article.standfirst,
        authors=list(article.authors),
        published=_moment(article.published),
        modified=_moment(article.modified),
        fetched=rfc3339(page.fetched) if page.fetched else None,
        language=article.language,
        site=article.site_name,
        publisher=article.publisher,
        section=article.section,
        keywords=list(article.keywords),
        image=article.image,
        is_free=article.is_free,
        rights=list(article.rights),
    )


def _statement_id(article_id: str, text: str, statement: Statement) -> str:
    """Return an id over the article, the words and where they start, and the cue (words may be attributed twice)."""
    parts = [[segment.start, text[segment.start : segment.end]] for segment in statement.segments]
    parts += [[span.start, span.of(text)] for span in statement.cue.spans] if statement.cue else []
    return hashlib.sha256(json.dumps([article_id, parts]).encode()).hexdigest()[:32]


def _statement(reading: Reading) -> StatementData:
    return StatementData(**{field.name: field.wire(reading) for field in FIELDS if field.wire})


def _moment(moment: Moment | None) -> MomentData | None:
    if moment is None:
        return None
    return MomentData(rfc3339(moment.value), moment.raw, moment.source, moment.tz_known)


def rfc3339(time: datetime) -> str:
    """Return an aware UTC time as events have it: to the second, with Z."""
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")
