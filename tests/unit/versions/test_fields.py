"""The table of statement fields against the contract and the records, and what a change of each field tells."""

import dataclasses
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from worker.contract.article import ArticleData
from worker.contract.statement import StatementData
from worker.core.errors import Reason
from worker.core.jobs import Job
from worker.core.records import Article, Block, ContentSegment, Cue, FeedEntry, Moment, Page, Span, Speaker, Statement
from worker.versions.events import article_events
from worker.versions.fields import FIELDS
from worker.versions.lines import to_json
from worker.versions.revisions import content_of, revision, withdrawal

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TEXT = "In Port Ellery on Friday, Ida Lund told Ola Berg through her clerk: “We mend the roof.” She meant the museum."


def span(words):
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def segment(words, *, quoted):
    return ContentSegment(span(words).start, span(words).end, quoted)


PAGE = Page("https://paper.example/a", "https://paper.example/a", b"", None, 200, NOW)
JOB = Job("a1", 1, PAGE.url, "paper.example", "feed7", FeedEntry(PAGE.url, "guid7"), 1, NOW)
ARTICLE = Article(PAGE.url, TEXT, (Block("paragraph", 0, len(TEXT)),), "A roof", image="https://paper.example/i.jpg")
OUTER = Statement("indirect", (segment("She meant the museum", quoted=False),), span("She meant the museum."), 0)
SAID = Statement(
    "direct",
    (segment("“We mend the roof.”", quoted=True),),
    Span(0, 87),
    0,
    Cue((span("told"),), "tell"),
    source=(span("Ida Lund"),),
    speaker=Speaker("Ida Lund", "person", "director", span("Ida Lund"), "explicit", 0.9),
    addressee=span("Ola Berg"),
    via=span("her clerk"),
    said_when=span("Friday"),
    said_where=span("Port Ellery"),
    confidence=0.9,
)
#: Another value of a statement, for each field that an engine fills; and whether it says something else then.
STATEMENT_CHANGES = {
    "kind": ("mixed", True),
    "segments": ((segment("We mend the roof", quoted=True),), True),
    "speaker": (replace(SAID.speaker, role="treasurer"), True),
    "cue": (Cue((span("told"),), "tell", stance="denies"), True),
    "addressee": (None, True),
    "via": (span("clerk"), True),
    "said_when": (None, True),
    "said_where": (None, True),
    "in_heading": (True, True),
    "negated": (True, True),
    "nested_in": (0, True),
    "sentence": (Span(0, 80), False),
    "paragraph": (1, False),
    "source": ((), False),
    "confidence": (0.5, False),
}
#: What follows from the fields above, and what versions, clusters and the article itself say.
NOT_READ = {"id", "article", "text", "previous_text", "previous_speaker", "changed", "reason", "quote_cluster"}
#: Other records of an article for each of its fields in which a difference makes another version.
MOMENT = Moment(NOW, "23 November", "meta")
ARTICLE_CHANGES: dict[str, dict[str, Any]] = {
    "url": {"article": replace(ARTICLE, canonical_url="https://paper.example/roof")},
    "fetched_url": {"page": replace(PAGE, final_url="https://paper.example/b")},
    "text": {"article": replace(ARTICLE, text=TEXT + " It is old.")},
    "text_sha256": {"article": replace(ARTICLE, text=TEXT + " It is old.")},
    "blocks": {"article": replace(ARTICLE, blocks=())},
    "statement_ids": {"statements": [OUTER]},
    "feed_id": {"job": replace(JOB, feed_id="feed8")},
    "guid": {"job": replace(JOB, entry=FeedEntry(PAGE.url, "guid8"))},
    "headline": {"article": replace(ARTICLE, headline="The roof")},
    "standfirst": {"article": replace(ARTICLE, standfirst="Before the winter")},
    "authors": {"article": replace(ARTICLE, authors=("Eva Dahl",))},
    "published": {"article": replace(ARTICLE, published=MOMENT)},
    "modified": {"article": replace(ARTICLE, modified=MOMENT)},
    "language": {"article": replace(ARTICLE, language="en")},
    "site": {"article": replace(ARTICLE, site_name="The Paper")},
    "publisher": {"article": replace(ARTICLE, publisher="Paper Press")},
    "section": {"article": replace(ARTICLE, section="Town")},
    "keywords": {"article": replace(ARTICLE, keywords=("roof",))},
    "image": {"article": replace(ARTICLE, image="https://paper.example/j.jpg")},
    "is_free": {"article": replace(ARTICLE, is_free=True)},
    "rights": {"article": replace(ARTICLE, rights=("noai",))},
}
#: Which article, which version of it, when it was fetched, and which story it is: a difference makes no version.
ABOUT_THE_VERSION = {"id", "version", "changed", "previous_sha256", "fetched", "cluster_id"}


def published(article=ARTICLE, statements=(OUTER, SAID), page=PAGE, job=JOB):
    return article_events(article, statements, job, page, article_id="a1", source="urn:test")


def update(**records):
    return revision(content_of(published()), 2, published(**records), time=NOW)


def names(kind):
    return {field.name for field in dataclasses.fields(kind)}


def test_the_table_has_each_field_of_the_contract_once():
    assert sorted(field.name for field in FIELDS) == sorted(names(StatementData))
    assert STATEMENT_CHANGES.keys() | NOT_READ == names(StatementData)


def test_what_an_engine_fills_goes_onto_the_wire_and_into_the_lines():
    wired = {field.name for field in FIELDS if field.wire}
    lines = {field.name for field in FIELDS if field.line}

    assert names(Statement) == STATEMENT_CHANGES.keys() <= wired
    assert names(Statement) - lines == {"sentence", "paragraph"}


@pytest.mark.parametrize("name", STATEMENT_CHANGES)
def test_a_change_of_a_statement_is_told_by_the_name_of_the_field(name):
    value, is_told = STATEMENT_CHANGES[name]

    amended = update(statements=(OUTER, replace(SAID, **{name: value}))).events[1:]

    changed = [name, "text"] if name == "segments" else [name]
    assert [event.data["changed"] for event in amended] == ([changed] if is_told else [])


def test_each_field_of_an_article_is_compared_or_about_its_version():
    assert ARTICLE_CHANGES.keys() | ABOUT_THE_VERSION == names(ArticleData)


@pytest.mark.parametrize("name", ARTICLE_CHANGES)
def test_a_change_of_an_article_is_told_by_the_name_of_the_field(name):
    assert name in update(**ARTICLE_CHANGES[name]).changed


def test_a_later_fetch_is_no_change_of_an_article():
    assert update(page=replace(PAGE, fetched=NOW + timedelta(hours=1))).changed == ()


def test_a_statement_says_in_all_its_versions_which_feed_announced_its_article():
    created = published()[2]
    amended = update(statements=(OUTER, replace(SAID, negated=True))).events[1]
    gone = withdrawal(content_of(published()), 2, Reason.GONE, time=NOW, source="urn:test").events[2]

    assert [event.data["article"]["feed_id"] for event in (created, amended, gone)] == ["feed7"] * 3


def test_a_line_has_its_keys_in_the_order_of_the_first_release():
    first = [
        "kind", "content", "source", "cue", "cue_class", "cue_lemma", "stance", "speaker", "speaker_type",
        "speaker_span", "speaker_role", "resolved_by", "addressee", "via", "said_when", "said_where", "negated",
        "in_heading", "nested_in", "confidence",
    ]  # fmt: skip

    assert list(to_json(SAID))[: len(first)] == first
