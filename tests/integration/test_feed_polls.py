"""Polls of one feed over a real socket into a real ledger: what is admitted, and what is not looked at again."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.newsroom.server import Reply, Site
from worker.core.messages import PollFeed
from worker.core.outcomes import Outcome
from worker.pipeline import polling
from worker.pipeline.articles import poll_feed

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STORIES = ("bridge", "ferry", "mill")


class Feed:
    """A feed on a site of its own; `text` is what it says now."""

    def __init__(self):
        self.text = ""
        self.site = Site(
            lambda _host, path: Reply(self.text.encode(), "application/rss+xml") if path == "/feed" else None
        )

    def list(self, url="https://paper.example/news/{name}", guid="{name}", title="{name} news", published=NOON):
        """Show the stories with these patterns for their URLs, guids and titles."""
        items = [
            f"<item><title>{title.format(name=name)}</title><guid isPermaLink='false'>{guid.format(name=name)}</guid>"
            f"<link>{url.format(name=name).replace('&', '&amp;')}</link>"
            f"<pubDate>{published + timedelta(hours=n):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for n, name in enumerate(STORIES)
        ]
        self.text = f"<rss version='2.0'><channel><title>T</title>{''.join(items)}</channel></rss>"


@pytest.fixture
def feed():
    shown = Feed()
    shown.list()
    with shown.site:
        yield shown


@pytest.fixture
def poll(services, feed):
    """Poll the feed once; return what came of it."""
    url = f"{feed.site.url}/feed"
    services.registry.add(url)

    def once():
        services.registry.poll_now(url)
        (item,) = [item for item in services.articles.take() if item.is_feed]
        return poll_feed(PollFeed(feed_id=item.id, token=item.token), services)

    return once


def discovered(services):
    return services.status.counts().get("discovered", 0)


def test_nothing_is_admitted_twice_however_the_feed_changes(services, feed, poll):
    poll()
    for change in (
        {"guid": "new-{name}"},
        {"url": "https://paper.example/news/{name}?utm_source=rss&utm_medium=feed"},
        {
            "url": "https://paper.example/news/{name}?utm_campaign=autumn",
            "guid": "third-{name}",
            "title": "Edited: {name}",
        },
        {"url": "https://paper.example/news/{name}/amp/", "guid": "fourth-{name}"},
        {"url": "https://paper.example/archive/{name}-edited", "guid": "fourth-{name}"},
        {
            "url": "https://paper.example/archive/{name}-edited",
            "guid": "fifth-{name}",
            "published": NOON + timedelta(days=1),
        },
        {
            "url": "https://paper.example/again/{name}",
            "guid": "fifth-{name}",
            "title": "All new {name}",
            "published": NOON + timedelta(days=1),
        },
    ):
        feed.list(**change)
        assert poll().outcome is Outcome.POLLED
        assert discovered(services) == len(STORIES), change


@pytest.mark.parametrize("guid", ["same", "{name}"])
def test_a_guid_that_is_used_again_swallows_no_article(services, feed, poll, guid):
    feed.list(guid=guid)
    poll()
    feed.list(
        url="https://paper.example/other/{name}", guid=guid, title="Another {name}", published=NOON + timedelta(days=1)
    )
    poll()

    assert discovered(services) == 2 * len(STORIES)


def test_a_link_that_is_no_url_costs_only_itself(services, feed, poll):
    feed.list()
    feed.text = feed.text.replace("https://paper.example/news/ferry", "http://not a host/")

    assert poll().outcome is Outcome.POLLED
    assert discovered(services) == len(STORIES) - 1


@pytest.mark.parametrize("chance", [0.0, 0.5], ids=["equal bytes", "304"])
def test_what_did_not_change_is_not_parsed(services, feed, poll, monkeypatch, chance):
    poll()
    monkeypatch.setattr(polling, "parse", None)
    services.jitter = lambda: chance  # a small one asks without conditions

    assert poll().outcome is Outcome.NOT_MODIFIED
    assert feed.site.requests[-1].status == (200 if chance == 0.0 else 304)
