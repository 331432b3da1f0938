"""Polls and the hubs that they find, without Redis: what is asked, what is written, and that it is written once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.pipeline.driver import attempt
from worker.core.errors import Reason, TransientError
from worker.core.messages import PollFeed, Tick
from worker.core.outcomes import Outcome

SITE = "https://paper.example"
URL = f"{SITE}/feed"


def rss(*slugs, head=""):
    items = "".join(f"<item><title>{s}</title><link>{SITE}/{s}</link><guid>{SITE}/{s}</guid></item>" for s in slugs)
    return f"<rss version='2.0'><channel><title>Paper</title>{head}{items}</channel></rss>"


@pytest.fixture
def feed(ports):
    ports.registry.add(URL)
    return ports


def poll(ports):
    """Let a day pass, hand the feed out and poll it."""
    ports.clock.advance(timedelta(days=1))
    for _ in range(5):  # articles of its host may be handed out first
        step = attempt(Tick(), ports)
        polls = [message for message in step.then if isinstance(message, PollFeed)]
        if polls:
            return attempt(polls[0], ports)
        ports.clock.advance(timedelta(minutes=5))
    raise AssertionError("the feed was not handed out")


def state(ports):
    return ports.feeds.get(ports.registry.key(URL))


def told(ports):
    return [entry.event.data for entry in reversed(ports.events.page("feeds").entries)]


def test_a_poll_admits_what_is_new_and_keeps_the_validators(feed):
    feed.http.answer(URL, rss("one", "two"), content_type="application/rss+xml", etag='"v1"')

    step = poll(feed)

    assert step.outcome is Outcome.POLLED
    assert step.detail.startswith("2 new of 2")
    assert feed.status.counts()["discovered"] == 2
    assert state(feed).etag == '"v1"'


def test_the_next_poll_asks_only_for_what_changed(feed):
    feed.http.answer(URL, rss("one"), content_type="application/rss+xml", etag='"v1"')
    poll(feed)
    feed.http.answer(URL, status=304)

    step = poll(feed)

    assert step.outcome is Outcome.NOT_MODIFIED
    asked = [headers for url, headers in feed.http.asked if url == URL]
    assert asked[-1]["If-None-Match"] == '"v1"'
    assert feed.status.counts()["discovered"] == 1


def test_a_body_that_is_the_same_is_not_read_again(feed, monkeypatch):
    feed.http.answer(URL, rss("one"), content_type="application/rss+xml")
    poll(feed)
    monkeypatch.setattr("worker.pipeline.polling.parse", lambda *_, **__: pytest.fail("it was read"))

    assert poll(feed).outcome is Outcome.NOT_MODIFIED


def test_a_feed_that_fails_three_times_is_told_once_and_its_recovery_too(feed):
    feed.http.fail(URL, TransientError(Reason.TIMED_OUT, URL, "no answer"))

    failures = [poll(feed).outcome for _ in range(4)]
    feed.http.answer(URL, rss("one"), content_type="application/rss+xml")
    poll(feed)

    assert failures == [Outcome.FEED_FAILED] * 4
    assert [(one["state"], one["failures"]) for one in told(feed)] == [("failing", 3), ("ok", 0)]


def test_the_poll_of_an_older_token_writes_nothing(feed):
    feed.http.answer(URL, rss("one"), content_type="application/rss+xml")
    feed.clock.advance(timedelta(days=1))
    (first,) = (message for message in attempt(Tick(), feed).then if isinstance(message, PollFeed))
    feed.registry.remove(URL)

    step = attempt(first, feed)

    assert step.outcome is Outcome.STALE
    assert feed.status.counts().get("discovered", 0) == 0


def test_a_feed_whose_hub_delivers_is_polled_a_tenth_as_often(feed):
    feed.settings = replace(feed.settings, public_url="https://news.example")
    hub = "<link xmlns='http://www.w3.org/2005/Atom' rel='hub' href='https://hub.example/'/>"
    feed.http.answer(URL, rss("one", head=hub), content_type="application/rss+xml")
    feed.http.answer("https://hub.example/", status=202)
    poll(feed)
    kept = feed.subscriptions.get(feed.registry.key(URL))

    feed.subscriptions.put(feed.registry.key(URL), replace(kept, until=feed.clock.now() + timedelta(days=9)))
    poll(feed)

    assert len(feed.http.posted) == 1
    assert "its hub pushes: a tenth as often, but daily" in state(feed).why
