import json
from datetime import UTC, datetime

import pytest

from worker.contract import DecodeError, InvalidEventError, decode, encode, verify
from worker.core.jobs import Job
from worker.core.records import Article, ContentSegment, FeedEntry, Page, Span, Speaker, Statement
from worker.versions.events import article_events

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TEXT = "“We mend the roof,” said Ida Lund. She left."


def events_of(text: str, *statements: Statement):
    page = Page("https://paper.example/a", "https://paper.example/a", b"", None, 200, NOW)
    job = Job("a1", 1, page.url, "paper.example", "", FeedEntry(page.url), 1, NOW)
    return article_events(Article(page.url, text), statements, job, page, article_id="a1", source="urn:test")


def statement(start: int, end: int) -> Statement:
    return Statement("direct", (ContentSegment(start, end, quoted=True),), Span(0, 34), 0, speaker=Speaker("Ida Lund"))


def test_the_same_article_gives_the_same_events():
    assert events_of(TEXT, statement(0, 19)) == events_of(TEXT, statement(0, 19))


def test_every_event_has_an_id_of_its_own():
    ids = [event.id for event in events_of(TEXT, statement(0, 19), statement(1, 17))]

    assert len(set(ids)) == 3


def test_a_statement_names_the_event_that_led_to_it():
    article, said = events_of(TEXT, statement(0, 19))

    assert said.causationid == article.id
    assert said.data["segments"][0]["exact"] == "“We mend the roof,”"


def test_what_is_encoded_can_be_decoded():
    event = events_of(TEXT, statement(0, 19))[1]

    assert decode(encode(event)) == event


@pytest.mark.parametrize(
    "fields",
    [{}, {"event": "no json"}, {"event": "[]"}, {"event": json.dumps({"specversion": "1.0", "id": "x"})}],
)
def test_what_is_no_event_is_refused(fields):
    with pytest.raises(DecodeError):
        decode(fields)


def test_an_event_that_is_not_verbatim_is_refused():
    data = {"cue": {"selectors": [{"exact": "SAID", "start": 20, "end": 24}]}}

    with pytest.raises(InvalidEventError, match="SAID"):
        verify(data, TEXT)
