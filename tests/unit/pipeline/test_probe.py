"""A feed that somebody names: looked at first, and polled only if it is one."""

import pytest

from worker.core.errors import IngestError, Reason
from worker.pipeline import probe

URL = "https://paper.example/feed"
FEED = """<rss version="2.0"><channel><title>The Paper</title><item><title>Bridge</title>
<link>https://paper.example/bridge</link></item></channel></rss>"""
PAGE = (
    """<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>Hello</body></html>"""
)


def test_a_feed_is_polled_from_now_on_under_its_own_title(ports):
    ports.http.answer(URL, FEED, content_type="application/rss+xml")
    feed, is_new = probe.add(ports, URL)
    _, is_new_again = probe.add(ports, URL, "My paper", "10m")

    assert ([entry.url for entry in feed.entries], is_new, is_new_again) == (
        ["https://paper.example/bridge"],
        True,
        False,
    )
    (row,) = ports.registry.rows()
    assert (row.name, row.every) == ("My paper", "10m")
    assert [item.is_feed for item in ports.articles.take()] == [True]


def test_looking_remembers_nothing(ports):
    ports.http.answer(URL, FEED, content_type="application/rss+xml")

    assert probe.look(ports, URL).title == "The Paper"
    assert ports.registry.rows() == []


def test_a_page_that_names_feeds_is_refused_with_their_urls(ports):
    ports.http.answer(URL, PAGE)

    with pytest.raises(IngestError, match=r"https://paper\.example/feed\.xml") as raised:
        probe.add(ports, URL)
    assert raised.value.reason is Reason.NOT_A_FEED
    assert ports.registry.rows() == []


def test_a_feed_that_is_not_there_is_not_polled(ports):
    ports.http.answer(URL, status=404)

    with pytest.raises(IngestError) as raised:
        probe.add(ports, URL)
    assert raised.value.reason is Reason.NOT_FOUND
    assert ports.registry.rows() == []


def test_a_list_that_cannot_be_read_is_said_and_stops_nothing(ports, logged):
    probe.sync_feeds(ports)

    assert [one["event"] for one in logged] == ["feeds not read"]
