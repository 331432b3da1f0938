from datetime import timedelta

import pytest

from worker.feeds.head import Head, read_head
from worker.feeds.parse import parse

HOURS = "<skipHours><hour>0</hour><hour> 23 </hour><hour>24</hour></skipHours>"
DAYS = "<skipDays><day>Saturday</day><day>sunday</day><day>Caturday</day></skipDays>"


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("", Head()),
        (HOURS, Head(skip_hours=frozenset({0, 23}))),
        (DAYS, Head(skip_days=frozenset({5, 6}))),
        ("<sy:updatePeriod>\n hourly </sy:updatePeriod>", Head(period=timedelta(hours=1))),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            Head(period=timedelta(hours=6)),
        ),
        (
            "<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            Head(period=timedelta(weeks=1)),
        ),
        ("<sy:updatePeriod>now and then</sy:updatePeriod>", Head()),
    ],
)
def test_what_a_feed_says_about_polling_it(text, head):
    assert read_head(text) == head


def test_a_feed_carries_it():
    body = f"<rss version='2.0'><channel><title>A</title>{HOURS}{DAYS}<item><link>https://a.example/1</link></item></channel></rss>"
    feed = parse(body.encode(), url="https://a.example/feed", content_type=None)

    assert (feed.skip_hours, feed.skip_days) == (frozenset({0, 23}), frozenset({5, 6}))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("<rss><channel><language> de-AT </language>", "de-AT"),
        ("<rdf:RDF><channel><dc:language>fr</dc:language>", "fr"),
        ('<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="pt-BR">', "pt-BR"),
        ("<feed><entry><title xml:lang='sv'>Regn</title></entry>", ""),
        ("<rss><channel><language>the language of the feed</language>", ""),
    ],
)
def test_a_feed_may_say_what_it_is_written_in(text, language):
    assert read_head(text).language == language
