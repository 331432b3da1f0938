from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker.feeds.feed import FeedDocument
from worker.feeds.schedule import Decision, Listing
from worker.feeds.websub import (
    LEASE,
    HubSubscription,
    Topic,
    challenge_of,
    find_topic,
    granted_lease,
    is_authentic,
    request_form,
)

URL = "https://paper.example/feed"
HUB = "https://hub.example/"
TOPIC = Topic(URL, HUB)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = datetime(2026, 11, 4, 12, 30, tzinfo=UTC)
ASKED = HubSubscription(TOPIC, "s", "t", NOW - DAY)
ACTIVE = replace(ASKED, verified=NOW - DAY, until=NOW + 9 * DAY)
NEWS, NONE = Listing(10, 9), Listing(10, 10)


@pytest.mark.parametrize(
    ("header", "feed", "topic"),
    [
        ("", FeedDocument("rss"), None),
        ("", FeedDocument("rss", hub=HUB), TOPIC),
        ("", FeedDocument("rss", hub=HUB, self_link=f"{URL}?self"), Topic(f"{URL}?self", HUB)),
        (f'<{HUB}>; rel="hub", <{URL}?1>; rel="self"', FeedDocument("rss"), Topic(f"{URL}?1", HUB)),
        (f"<{HUB}>;rel=hub", FeedDocument("rss", hub="https://other.example/"), TOPIC),
        ('</hub>; title="a, <b>"; rel="x Hub"', FeedDocument("rss"), Topic(URL, "https://paper.example/hub")),
        (f"<{HUB}>; rel=hub, <https://second.example/>; rel=hub", FeedDocument("rss"), TOPIC),
        ("<javascript:alert(1)>; rel=hub", FeedDocument("rss"), None),
        (f"<{HUB}>; title=hub", FeedDocument("rss"), None),
        ("<" * 9_000, FeedDocument("rss"), None),
    ],
)
def test_a_hub_is_found_in_the_header_first_and_then_in_the_feed(header, feed, topic):
    assert find_topic({"link": header}, feed, url=URL) == topic


def test_a_subscription_is_asked_for_with_a_secret_and_a_lease():
    assert request_form(ASKED, "https://me.example/hub/1") == {
        "hub.mode": "subscribe",
        "hub.topic": URL,
        "hub.callback": "https://me.example/hub/1",
        "hub.lease_seconds": "864000",
        "hub.secret": "s",
    }


@pytest.mark.parametrize(
    ("subscription", "asks"),
    [
        (ASKED, True),
        (replace(ASKED, asked=NOW - 5 * HOUR), False),
        (ACTIVE, False),
        (replace(ACTIVE, until=NOW + 4 * DAY), True),
        (replace(ACTIVE, until=NOW + 4 * DAY, asked=NOW - 5 * HOUR), False),
        (replace(ACTIVE, until=NOW - DAY), True),
    ],
)
def test_a_hub_is_asked_again_when_nothing_came_of_it_or_the_lease_ends_soon(subscription, asks):
    assert subscription.is_to_be_asked_for(NOW) == asks


@pytest.mark.parametrize(
    ("subscription", "listing", "missed"),
    [
        (ACTIVE, NEWS, True),
        (ACTIVE, NONE, False),
        (ACTIVE, Listing(10, None), False),
        (ASKED, NEWS, False),
        (replace(ACTIVE, verified=NOW - HOUR / 2), NEWS, False),
        (replace(ACTIVE, pushed=NOW - 2 * HOUR), NEWS, True),
        (replace(ACTIVE, pushed=NOW), NEWS, False),
    ],
    ids=["silent", "nothing new", "first poll", "not verified", "verified since", "silent since", "announced"],
)
def test_a_hub_missed_what_a_poll_finds_and_it_did_not_announce(subscription, listing, missed):
    assert subscription.has_missed(listing, NOW - HOUR) == missed


@pytest.mark.parametrize(
    ("subscription", "wait", "seldom"),
    [
        (ACTIVE, HOUR, 10 * HOUR),
        (ACTIVE, 6 * HOUR, DAY),
        (ACTIVE, 2 * DAY, 2 * DAY),
        (ACTIVE, None, None),
        (ASKED, HOUR, HOUR),
        (replace(ACTIVE, until=NOW), HOUR, HOUR),
        (replace(ACTIVE, until=NOW + 8 * HOUR), HOUR, 4 * HOUR),
        (replace(ACTIVE, missed=1), HOUR, 10 * HOUR),
        (replace(ACTIVE, missed=2), HOUR, HOUR),
    ],
)
def test_a_feed_is_polled_seldom_while_its_hub_can_be_relied_on(subscription, wait, seldom):
    assert subscription.seldom(Decision(wait, ("as ever",)), NOW).wait == seldom


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ({"hub.mode": "subscribe", "hub.topic": URL, "hub.challenge": "c"}, "c"),
        ({"hub.mode": "unsubscribe", "hub.topic": URL, "hub.challenge": "c"}, None),
        ({"hub.mode": "subscribe", "hub.topic": f"{URL}2", "hub.challenge": "c"}, None),
        ({"hub.mode": "subscribe", "hub.topic": URL}, None),
        ({}, None),
    ],
)
def test_only_what_we_asked_for_is_confirmed(query, answer):
    assert challenge_of(query, TOPIC) == answer


@pytest.mark.parametrize(
    ("seconds", "lease"), [("60", timedelta(minutes=1)), ("999999999", LEASE), ("-1", LEASE), ("x", LEASE)]
)
def test_a_lease_is_what_the_hub_grants_but_not_longer_than_asked(seconds, lease):
    assert granted_lease({"hub.lease_seconds": seconds}) == lease


def signed(body, secret="s", method="sha256"):
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


@pytest.mark.parametrize(
    "signature", [None, "", "sha256", "sha256=", "md5=" + "0" * 32, "=x", "sha256=é", signed(b"")[7:]]
)
def test_a_delivery_without_a_valid_signature_is_nobodys(signature):
    assert not is_authentic(b"", signature, "s")
