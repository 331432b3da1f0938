"""The date of a feed entry as evidence for its article."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker.core.records import Article, FeedEntry, Moment, Page
from worker.pipeline.extraction import dated

URL = "https://paper.example/roof"
NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)
ANNOUNCED = datetime(2026, 11, 10, 17, 30, tzinfo=UTC)
ENTRY = FeedEntry(URL, published=ANNOUNCED)
YEARS_AGO = datetime(2019, 5, 1, tzinfo=UTC)


def date(stated, source, entry=ENTRY):
    moment = Moment(stated, "as stated", source) if stated else None
    return dated(Article(URL, "Text.", published=moment), Page(URL, URL, b"", fetched=NOW), entry).published


def test_an_article_without_a_date_has_its_entry_s():
    assert date(None, "") == Moment(ANNOUNCED, "2026-11-10T17:30:00Z", "feed")
    assert date(None, "", replace(ENTRY, published=None)) is None


@pytest.mark.parametrize(
    ("stated", "source", "by"),
    [
        (ANNOUNCED - timedelta(days=300), "text", "text"),
        (YEARS_AGO, "text", "feed"),
        (YEARS_AGO, "url", "feed"),
        (YEARS_AGO, "json-ld", "json-ld"),
        (YEARS_AGO, "meta", "meta"),
        (NOW + timedelta(hours=20), "meta", "meta"),
        (NOW + timedelta(days=2), "meta", "feed"),
        (NOW + timedelta(days=2), "json-ld", "feed"),
    ],
)
def test_a_date_that_cannot_be_is_the_entry_s(stated, source, by):
    assert date(stated, source).source == by


def test_without_a_date_in_the_feed_the_page_is_believed():
    assert date(NOW + timedelta(days=90), "meta", FeedEntry(URL)).source == "meta"
