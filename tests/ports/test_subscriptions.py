"""Subscriptions at hubs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from worker.feeds.websub import LEAST_PUSH_INTERVAL, Topic

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOPIC = Topic("https://paper.example/feed", "https://hub.example/")


def test_a_subscription_is_asked_for_with_a_secret_that_stays(ports):
    assert ports.subscriptions.get("f" * 16) is None
    first = ports.subscriptions.asked("f" * 16, TOPIC, NOW)
    ports.subscriptions.put("f" * 16, replace(first, problem="the hub answered 500", until=NOW))
    again = ports.subscriptions.asked("f" * 16, TOPIC, NOW + timedelta(hours=6))

    assert first.secret
    assert (again.secret, again.token, again.until, again.problem) == (first.secret, first.token, NOW, "")
    assert again.asked == NOW + timedelta(hours=6)
    assert ports.subscriptions.get("f" * 16) == again


def test_another_hub_gets_another_subscription(ports):
    first = ports.subscriptions.asked("f" * 16, TOPIC, NOW)
    ports.subscriptions.put("f" * 16, replace(first, until=NOW))

    assert ports.subscriptions.asked("f" * 16, Topic(TOPIC.url, "https://other.example/"), NOW).until is None


def test_a_delivery_makes_a_feed_due_if_it_is_polled(ports):
    ports.registry.add(TOPIC.url)
    key = ports.registry.key(TOPIC.url)
    (item,) = ports.articles.take()
    ports.feeds.polled(ports.feeds.claim(key, item.token), None, timedelta(hours=1))
    ports.subscriptions.pushed(key, NOW)
    assert ports.articles.take() == []

    ports.subscriptions.asked(key, TOPIC, NOW)
    ports.subscriptions.pushed(key, NOW)
    assert ports.subscriptions.get(key).pushed == NOW
    assert [one.id for one in ports.articles.take()] == [key]


def test_deliveries_without_an_end_do_not_poll_without_an_end(ports):
    ports.registry.add(TOPIC.url)
    key, now = ports.registry.key(TOPIC.url), ports.clock.now()
    ports.subscriptions.asked(key, TOPIC, now)
    (item,) = ports.articles.take()
    ports.feeds.polled(ports.feeds.claim(key, item.token), None, timedelta(hours=1))
    for _ in range(3):
        ports.subscriptions.pushed(key, now)

    (item,) = ports.articles.take()
    ports.feeds.polled(ports.feeds.claim(key, item.token), None, timedelta(hours=1))
    ports.subscriptions.pushed(key, now)
    ports.subscriptions.pushed(key, now)
    assert ports.articles.take() == []
    due = ports.registry.row(key).due
    assert now < due <= now + LEAST_PUSH_INTERVAL


def test_a_delivery_postpones_no_poll(ports):
    ports.registry.add(TOPIC.url)
    key, now = ports.registry.key(TOPIC.url), ports.clock.now()
    ports.subscriptions.asked(key, TOPIC, now)
    for _ in range(3):
        ports.subscriptions.pushed(key, now)

    assert [one.id for one in ports.articles.take()] == [key]
