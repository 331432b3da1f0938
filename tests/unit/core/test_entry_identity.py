"""Two polls of one feed: is what the second lists the article that the first had?"""

from datetime import UTC, datetime

import pytest

from worker.core.identity import candidates
from worker.core.records import FeedEntry

NOON = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
ONE = datetime(2026, 10, 5, 13, 0, tzinfo=UTC)
URL = "https://paper.example/news/vote"
OTHER = "https://paper.example/news/ferry"


def entry(url=URL, guid="g1", title="Council votes", published=NOON):
    return FeedEntry(url, guid=guid, title=title, published=published)


def known(listing, *, feed="f"):
    return {key for found in candidates(listing, feed_id=feed) for key in (found.id, *found.aliases)}


def is_known(before, after, feed="f"):
    (found,) = candidates([after], feed_id="f")
    return not known(before, feed=feed).isdisjoint({found.id, *found.aliases})


@pytest.mark.parametrize(
    "after",
    [
        entry(),
        entry(title="Council votes for the bridge"),
        entry(title=None),
        entry(guid="g2"),
        entry(guid=None),
        entry(guid="g2", title="Bridge it is", published=ONE),
        entry(published=ONE),
        entry(published=None),
        entry("https://paper.example/news/vote?utm_source=rss&utm_medium=feed"),
        entry("https://paper.example/news/vote?at_medium=RSS&at_campaign=X", guid="g3"),
        entry("https://paper.example/news/vote?fbclid=IwAR0", guid="g3"),
        entry("https://paper.example/news/vote?cmp=rss", guid="g3"),
        entry("https://paper.example/news/vote#ref=rss", guid="g3"),
        entry("http://paper.example/news/vote", guid="http://paper.example/news/vote"),
        entry("https://www.paper.example/news/vote", guid="g3"),
        entry("https://m.paper.example/news/vote", guid="g3"),
        entry("https://amp.paper.example/news/vote", guid="g3"),
        entry("https://paper.example/news/vote/amp/", guid="g3"),
        entry("https://paper.example/amp/news/vote", guid="g3"),
        entry("https://paper.example/news/vote?amp=1", guid="g3"),
        entry("https://www.google.com/amp/s/paper.example/news/vote", guid="g3"),
        entry("https://PAPER.example:443/news/./vote/", guid="g3"),
        entry("https://ann:secret@paper.example/news/vote", guid="g3"),
        entry("https://paper.example/news/bridge-vote"),
        entry("https://paper.example/news/bridge-vote", title="Bridge vote"),
        entry("https://paper.example/news/bridge-vote", published=ONE),
        entry("https://paper.example/news/bridge-vote", title="COUNCIL  votes", published=None),
        entry("https://new.example/2026/10/vote", title="Vote"),
    ],
)
def test_a_changed_entry_is_still_the_article(after):
    assert is_known([entry()], after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([entry()], entry(OTHER, guid="g2")),
        ([entry()], entry(OTHER, guid="g2", title="Ferry late")),
        ([entry()], entry(OTHER, title="Ferry late", published=ONE)),  # a guid that is used again
        ([entry()], entry(OTHER, title="Ferry late", published=None)),
        ([entry()], entry(OTHER, title=None, published=ONE)),
        ([entry()], entry(OTHER, guid=None)),
        ([entry(guid=None)], entry(OTHER, guid=None)),
        ([entry(), entry("https://paper.example/3", title="T")], entry(OTHER)),  # a guid that is shared
        ([entry(guid="", title=None)], entry(OTHER, guid="", title=None)),
        ([entry(guid=URL)], entry(OTHER, guid=OTHER)),
        ([entry()], entry("https://paper.example/news/vote?id=2", guid="g2")),
        ([entry()], entry("https://paper.example/news/vote?page=2", guid="g2")),
        ([entry()], entry("https://sport.paper.example/news/vote", guid="g2")),
        ([entry()], entry("https://paper.example/news/Vote", guid="g2")),
        ([entry("https://paper.example/?p=1")], entry("https://paper.example/?p=2", guid="g2")),
    ],
)
def test_another_article_is_never_taken_for_it(before, after):
    assert not is_known(before, after)


def test_a_guid_that_is_a_url_is_the_same_with_tracking():
    before = entry("https://paper.example/a", guid="http://paper.example/?p=7")
    after = entry("https://paper.example/b", guid="https://www.paper.example/?p=7&utm_source=rss")

    assert is_known([before], after)


def test_a_guid_says_nothing_about_another_feed():
    assert not is_known([entry()], entry(OTHER), feed="another")


def test_an_article_that_a_listing_has_twice_is_one():
    listing = [entry(), entry("http://paper.example/news/vote?utm_source=rss", guid="g2")]

    assert [found.entry for found in candidates(listing, feed_id="f")] == [entry()]


@pytest.mark.parametrize(
    "url", ["http://exa mple.example/", "http://[::1", "http://a.example:x/", "http://1.2.3/", "x"]
)
def test_a_link_that_is_no_url_costs_only_itself(url):
    assert len(candidates([entry(url), entry(OTHER)], feed_id="f")) == 1
