"""From one version of an article to the next, as events that a consumer can apply."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.contract import verify
from worker.editions import changes, content_of, verbs
from worker.events import article_events
from worker.ports import Job
from worker.records import Article, FeedEntry, Page, Segment, Span, Speaker, Statement

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
TEXT = "“We mend the roof,” said Ida Lund. “It leaks,” she said. She left for the harbour."


def version(*statements, text=TEXT, headline="A roof is mended"):
    page = Page("https://paper.example/a", "https://paper.example/a", b"", None, 200, NOW)
    job = Job("a1", 1, page.url, "paper.example", "", FeedEntry(page.url), 1, NOW)
    article = Article(page.url, text, headline=headline)
    return article_events(article, statements, job, page, article_id="a1", source="urn:test")


def said(start, end, speaker="Ida Lund"):
    return Statement("direct", (Segment(start, end, quoted=True),), Span(0, len(TEXT)), 0, speaker=Speaker(speaker))


def update(before, after, number=2):
    return changes(content_of(before), number, after, time=LATER)


ROOF, LEAKS = said(0, 19), said(35, 46)
spans = st.tuples(st.integers(0, 80), st.integers(1, 80)).filter(lambda span: span[0] < span[1])
statements = st.builds(lambda span, name: said(*span, name), spans, st.sampled_from(["Ida Lund", "Ola", None]))
versions = st.builds(
    lambda found, headline: version(*found, headline=headline),
    st.lists(statements, max_size=5, unique_by=lambda one: (one.segments[0].start, one.segments[0].end)),
    st.sampled_from(["A roof", "The roof", None]),
)


@settings(max_examples=25)
@given(versions)
def test_what_is_the_same_needs_no_event(events):
    assert update(events, events) == []


@settings(max_examples=25)
@given(versions, versions)
def test_a_consumer_that_applies_the_events_has_the_new_version(before, after):
    state = {event.subject: said_of(event) for event in before}
    for event in update(before, after):
        if event.type.endswith("retracted.v1"):
            del state[event.subject]
        else:
            state[event.subject] = said_of(event)

    assert state == {event.subject: said_of(event) for event in after}


def said_of(event):
    return {name: value for name, value in event.data.items() if name not in {"version", "changed", "previous_sha256"}}


@settings(max_examples=25)
@given(versions, versions)
def test_events_are_about_what_they_say_and_have_ids_of_their_own(before, after):
    events = update(before, after) + update(after, before, 3)

    assert len({event.id for event in events + before + after}) == len(events) + len(
        {event.id for event in before + after}
    )
    for event in events[1:]:
        if not event.type.endswith("retracted.v1"):
            verify(event.data, TEXT)


def test_a_version_is_told_as_its_article_and_the_statements_that_it_caused():
    events = update(version(ROOF), version(said(0, 19, "Ola Berg"), LEAKS, headline="Roof mended"))

    assert verbs(events) == ["article.updated", "statement.amended", "statement.created"]
    assert {event.causationid for event in events[1:]} == {events[0].id}
    assert {event.time for event in events} == {"2026-11-24T09:30:00Z"}
    about = events[0].data
    assert (about["version"], about["changed"]) == (2, ["headline", "statement_ids"])
    assert about["previous_sha256"] == about["text_sha256"]


def test_a_retracted_statement_says_whose_words_it_was():
    *_, gone = update(version(ROOF, LEAKS), version(ROOF))

    assert gone.type == "io.onrecord.statement.retracted.v1"
    assert (gone.data["text"], gone.data["speaker"]) == ("“It leaks,”", "Ida Lund")
    assert gone.data["article"]["headline"] == "A roof is mended"


def test_a_statement_that_comes_back_is_a_new_event():
    first, second = version(ROOF), version()
    (created,) = [event for event in update(second, first, 3) if event.subject == first[1].subject]

    assert created.id != first[1].id


def test_the_same_change_has_the_same_ids():
    assert update(version(ROOF), version(LEAKS)) == update(version(ROOF), version(LEAKS))


def test_a_later_fetch_of_the_same_text_is_no_change():
    page = Page("https://paper.example/a", "https://paper.example/a", b"", None, 200, LATER)
    job = Job("a1", 1, page.url, "paper.example", "", FeedEntry(page.url), 1, NOW)
    article = Article(page.url, TEXT, headline="A roof is mended")
    again = article_events(article, [ROOF], job, page, article_id="a1", source="urn:test")

    assert update(version(ROOF), again) == []
