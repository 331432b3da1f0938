from __future__ import annotations

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
