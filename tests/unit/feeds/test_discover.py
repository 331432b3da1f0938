from __future__ import annotations

import pytest

from worker.feeds.discover import FoundFeed, discover

HOME = b"""<!doctype html><html><head><base href="https://cdn.paper.example/en/">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments.xml">
<link rel="Alternate stylesheet" type="application/atom+xml; charset=utf-8" title="News &amp; views" href="news.atom">
<link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" href="/feed.css">
<link rel="alternate" type="application/feed+json" href="javascript:alert(1)">
</head><body><a href="/rss">All our feeds</a><a href="news.atom">Again</a><a href="/feedback">Write to us</a></body>"""


def test_a_page_names_its_feeds_best_first():
    assert discover(HOME, url="https://paper.example/") == [
        FoundFeed("https://cdn.paper.example/en/news.atom", "News & views", declared=True),
        FoundFeed("https://cdn.paper.example/comments.xml", "Comments", declared=True),
        FoundFeed("https://cdn.paper.example/rss", "All our feeds", declared=False),
    ]


def test_a_page_without_feeds_names_none():
    assert discover(b"<p>hello", url="https://paper.example/") == []


def test_what_a_page_may_name_is_capped():
    page = b"".join(b"<a href='/feed/%d'>" % i for i in range(200))

    assert len(discover(page, url="https://paper.example/")) == 50


@pytest.mark.timeout(5)
@pytest.mark.parametrize("part", ["<div>", "<a href=/rss><b>", "<a '", "<!--", "<script>", '<a href="', "<a b "])
def test_a_page_made_to_take_quadratic_time_does_not(part):
    page = b"<a href=/rss>News</a>" + part.encode() * (300_000 // len(part))

    assert discover(page, url="https://paper.example/")[0].url == "https://paper.example/rss"


def test_a_feed_in_a_comment_or_a_script_is_not_named():
    page = b"""<!-- <a href="/old/rss"> --><script>"<a href='/js/rss'>"</script><a href="/rss">x</a>"""

    assert [feed.url for feed in discover(page, url="https://paper.example/")] == ["https://paper.example/rss"]
