"""Feeds between their polls, and which of them are polled."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.ports.steps import PAPER, entries
from worker.core.records import FeedEntry
from worker.ports import FeedsFileError

ZERO = timedelta(0)
URL = f"{PAPER}/feed"


@pytest.fixture
def feed(ports):
    ports.registry.add(URL, "Paper")
    return claimed(ports)


def claimed(ports):
    (item,) = (item for item in ports.articles.take() if item.is_feed)
    return ports.feeds.claim(item.id, item.token)


def test_a_feed_is_claimed_once(ports, feed):
    assert (feed.url, feed.host, feed.status, feed.gap) == (URL, "paper.example", "", None)
    assert ports.feeds.claim(feed.id, feed.token) is None
    assert ports.feeds.get(feed.id) == feed
    assert ports.feeds.get("0" * 16) is None


def test_a_poll_is_recorded_once_with_its_entries_and_events(ports, feed, settings):
    state = replace(feed, status="ok", digest="d", title="The Paper")
    events = [(f"{settings.key_prefix}:feeds", {"event": "{}"})]
    first = ports.feeds.polled(state, entries(2), timedelta(hours=1), events)

    assert (len(first.admitted), first.overlap) == (2, 0)
    assert ports.feeds.polled(state, entries(3), ZERO) is None
    after = ports.feeds.get(feed.id)
    assert (after.status, after.digest, after.title, after.token) == ("ok", "d", "The Paper", feed.token + 1)
    assert ports.streams.lengths()["feeds"] == 1
    assert ports.registry.row(feed.id).due > ports.clock.now()


def test_a_feed_that_is_polled_never_again_is_due_when_somebody_adds_it(ports, feed):
    ports.feeds.polled(feed, None, None)

    assert ports.registry.row(feed.id).due is None
    ports.registry.poll_now(URL)
    assert [item for item in ports.articles.take() if item.is_feed] == []
    assert ports.registry.add(URL)
    assert claimed(ports).id == feed.id


def test_a_listing_is_compared_with_the_last_complete_one(ports, feed):
    assert ports.feeds.listing(feed.id, entries(2)).overlap is None
    ports.feeds.polled(feed, entries(2), ZERO)

    assert ports.feeds.listing(feed.id, entries(3)).overlap == 2
    assert ports.feeds.listing(feed.id, entries(3)).entries == 3
    assert ports.feeds.listing(feed.id, []).overlap == 0
    ports.feeds.polled(claimed(ports), None, ZERO)
    assert ports.feeds.listing(feed.id, entries(3)).overlap == 2


def test_a_new_guid_of_a_known_title_is_the_same_article(ports, feed):
    ports.feeds.polled(feed, [FeedEntry(f"{PAPER}/a", guid="1", title="Bridge")], ZERO)
    again = claimed(ports)

    admission = ports.feeds.polled(again, [FeedEntry(f"{PAPER}/b", guid="1", title="Bridge")], ZERO)
    assert (admission.admitted, admission.overlap) == ((), 1)


def test_a_poll_whose_worker_died_comes_back(ports, feed):
    ports.articles.expire_leases()

    assert ports.articles.sweep().put_back == 1
    assert ports.feeds.polled(feed, None, ZERO) is None
    assert claimed(ports).token == feed.token + 2


def test_a_poll_in_hand_of_a_removed_feed_comes_to_nothing(ports, feed):
    assert ports.registry.remove(URL)
    assert not ports.registry.remove(URL)

    assert ports.feeds.polled(feed, entries(1), ZERO) is None
    assert ports.registry.rows() == []
    assert ports.registry.cursor(feed.id) is None


def test_adding_keeps_what_is_not_given(ports, feed):
    assert not ports.registry.add(URL, every="10m")
    assert not ports.registry.add(URL)

    (row,) = ports.registry.rows()
    assert (row.id, row.url, row.name, row.origin, row.every) == (feed.id, URL, "Paper", "user", "10m")
    assert (row.status, row.failures, row.polled) == ("not polled yet", 0, None)
    assert ports.feeds.get(feed.id).every == "10m"
    with pytest.raises(ValueError, match="often"):
        ports.registry.add(URL, every="often")


def test_a_feed_that_moved_is_known_by_both_urls(ports, feed):
    new = "https://other.example/feed"
    ports.registry.moved(feed.id, new)
    ports.feeds.polled(replace(feed, url=new, host="other.example", status="ok"), None, ZERO)

    assert ports.registry.key(URL) == ports.registry.key(new) == feed.id
    assert not ports.registry.add(new)
    assert ports.registry.row(feed.id).url == new
    assert ports.registry.polls(new, but="another")
    assert not ports.registry.polls(new, but=feed.id)
    assert ports.registry.statuses() == {"ok": 1}


def test_what_is_proposed_in_place_of_a_feed_may_be_accepted(ports, feed):
    assert ports.registry.accept(URL) == ""
    assert ports.registry.accept(f"{PAPER}/unknown") == ""
    ports.feeds.polled(replace(feed, status="not_found", proposal=f"{PAPER}/new"), None, timedelta(days=1))
    assert ports.registry.row(feed.id).proposal == f"{PAPER}/new"
    assert ports.feeds.get(feed.id).address == URL

    assert ports.registry.accept(URL) == f"{PAPER}/new"

    assert claimed(ports).address == f"{PAPER}/new"


def test_the_place_in_an_archive_is_kept(ports, feed):
    assert ports.registry.cursor(feed.id) == ""
    ports.registry.keep_cursor(feed.id, "there")

    assert ports.registry.cursor(feed.id) == "there"
    assert ports.registry.cursor("0" * 16) is None


def test_the_list_never_overrides_a_user(ports, feed, settings):
    listed = f'[[feed]]\nurl = "{URL}"\nname = "Other"\n[[feed]]\nurl = "{URL}/2"\nname = "Second"\n'
    settings.feeds.write_text(listed)

    assert ports.registry.sync(settings.feeds) == 1
    assert ports.registry.sync(settings.feeds) == 0
    assert [row.name for row in ports.registry.rows()] == ["Paper", "Second"]
    settings.feeds.write_text("[[feed]]")
    with pytest.raises(FeedsFileError):
        ports.registry.sync(settings.feeds)
