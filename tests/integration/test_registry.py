"""The registry on a real Redis: users outrank the configuration, and a sweep costs one look."""

from dataclasses import replace
from datetime import timedelta

import pytest

from worker.adapters.redis.store import connect
from worker.core.records import FeedEntry
from worker.ports import FeedsFileError

FEED = "https://paper.example/feed"


@pytest.fixture
def registry(services):
    return services.registry


@pytest.fixture
def sync(services):
    def write_and_sync(*feeds):
        tables = (f'[[feed]]\nurl = "{url}"\nname = "{name}"\n' for url, name in feeds)
        services.settings.feeds.write_text("".join(tables))
        return services.registry.sync(services.settings.feeds)

    return write_and_sync


def names(registry):
    return {row.url: row.name for row in registry.rows()}


def test_a_list_that_did_not_change_is_not_registered_again(registry, sync, services):
    client = connect(services.redis_url)

    assert sync((FEED, "Paper"), (FEED + "/2", "")) == 2
    before = client.info("commandstats").get("cmdstat_evalsha", {"calls": 0})["calls"]
    assert sync((FEED, "Paper"), (FEED + "/2", "")) == 0
    assert client.info("commandstats")["cmdstat_evalsha"]["calls"] == before


def test_an_empty_redis_learns_the_list_again(registry, sync, services):
    sync((FEED, "Paper"))
    client = connect(services.redis_url)
    for key in client.keys(f"{services.settings.key_prefix}:*"):
        client.delete(key)

    assert sync((FEED, "Paper")) == 1


def test_the_configuration_never_overrides_a_user(registry, sync):
    sync((FEED, "Paper"), (FEED + "/2", "Other"))
    registry.add(FEED, "My paper")
    registry.remove(FEED + "/2")

    sync((FEED, "Paper!"), (FEED + "/2", "Other!"), (FEED + "/3", "Third"))

    assert names(registry) == {FEED: "My paper", FEED + "/3": "Third"}


def test_the_configuration_renames_its_own_feeds(registry, sync):
    sync((FEED, "Paper"))
    sync((FEED, "The Paper"))

    assert names(registry) == {FEED: "The Paper"}


def test_an_interval_is_set_by_the_configuration_or_by_a_user_who_outranks_it(registry, services):
    services.settings.feeds.write_text(f'[[feed]]\nurl = "{FEED}"\nevery = "10m"\n')
    registry.sync(services.settings.feeds)
    assert [row.every for row in registry.rows()] == ["10m"]

    registry.add(FEED, every="5m-1h")
    registry.add(FEED, "My paper")  # says nothing of it
    services.settings.feeds.write_text(f'[[feed]]\nurl = "{FEED}"\nevery = "20m"\n')
    registry.sync(services.settings.feeds)

    assert [row.every for row in registry.rows()] == ["5m-1h"]


@pytest.mark.parametrize("every", ['"often"', "10"])
def test_an_interval_that_is_none_is_named_with_its_file(registry, services, every):
    services.settings.feeds.write_text(f'[[feed]]\nurl = "{FEED}"\nevery = {every}\n')

    with pytest.raises(FeedsFileError, match=r"feeds\.toml: '(often|10)' is no interval"):
        registry.sync(services.settings.feeds)


def test_asking_for_a_poll_keeps_the_name(registry, sync):
    sync((FEED, "Paper"))
    registry.add(FEED)

    assert names(registry) == {FEED: "Paper"}


def test_a_removed_feed_that_was_queued_is_not_polled(registry, services):
    registry.add(FEED)
    registry.add(FEED + "/2")
    (first, second) = services.articles.take()
    registry.add(FEED + "/3")  # its host is busy, so it waits in the queue
    services.articles.take()
    for url in (FEED, FEED + "/2", FEED + "/3"):
        registry.remove(url)

    assert services.feeds.claim(first.id, first.token) is None
    assert services.feeds.claim(second.id, second.token) is None
    services.articles.expire_leases()
    services.articles.sweep()
    assert services.articles.take() == []


def test_a_poll_in_hand_of_a_removed_feed_admits_nothing(registry, services):
    registry.add(FEED)
    (item,) = services.articles.take()
    feed = services.feeds.claim(item.id, item.token)
    registry.remove(FEED)

    assert services.feeds.polled(feed, [FeedEntry("https://paper.example/1")], timedelta(0)) is None


def test_a_feed_that_moved_and_is_added_anew_gives_the_permit_of_its_other_host_back(registry, services):
    registry.add(FEED)
    (item,) = services.articles.take()
    feed, moved = services.feeds.claim(item.id, item.token), "https://other.example/feed"
    registry.moved(feed.id, moved)
    services.feeds.polled(replace(feed, url=moved, host="other.example"), None, timedelta(0))
    assert len(services.articles.take()) == 1  # a poll on its new host

    registry.remove(moved)
    registry.add(FEED)
    services.articles.expire_leases()
    services.articles.sweep()

    assert services.hosts.state("other.example").busy == 0
