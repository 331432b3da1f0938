from __future__ import annotations

import hmac
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.feeds.feed import Feed
from worker.feeds.websub import Topic, challenge_of, find_topic, granted_lease, is_authentic, request_form

URL = "https://paper.example/feed"
HUB = "https://hub.example/"
TOPIC = Topic(URL, HUB)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("header", "feed", "topic"),
    [
        ("", Feed("rss"), None),
        ("", Feed("rss", hub=HUB), TOPIC),
        ("", Feed("rss", hub=HUB, self_link=f"{URL}?self"), Topic(f"{URL}?self", HUB)),
        (f'<{HUB}>; rel="hub", <{URL}?1>; rel="self"', Feed("rss"), Topic(f"{URL}?1", HUB)),
        (f"<{HUB}>;rel=hub", Feed("rss", hub="https://other.example/"), TOPIC),
        ('</hub>; title="a, <b>"; rel="x Hub"', Feed("rss"), Topic(URL, "https://paper.example/hub")),
        (f"<{HUB}>; rel=hub, <https://second.example/>; rel=hub", Feed("rss"), TOPIC),
        ("<javascript:alert(1)>; rel=hub", Feed("rss"), None),
        (f"<{HUB}>; title=hub", Feed("rss"), None),
        ("<" * 9_000, Feed("rss"), None),
    ],
)
def test_a_hub_is_found_in_the_header_first_and_then_in_the_feed(header, feed, topic):
    assert find_topic({"link": header}, feed, url=URL) == topic


def test_a_subscription_is_asked_for_with_a_secret_and_a_lease():
    assert request_form(TOPIC, "subscribe", callback="https://me.example/hub/1", secret="s", lease=DAY) == {
        "hub.mode": "subscribe",
        "hub.topic": URL,
        "hub.callback": "https://me.example/hub/1",
        "hub.lease_seconds": "86400",
        "hub.secret": "s",
    }
    assert "hub.secret" not in request_form(TOPIC, "unsubscribe", callback="https://me.example/", secret="s", lease=DAY)


@pytest.mark.parametrize(
    ("callback", "secret"),
    [("http://me.example/", "s"), ("https://me.example/", ""), ("https://me.example/", "é" * 100)],
)
def test_a_subscription_that_others_could_fill_is_refused(callback, secret):
    with pytest.raises(ValueError, match=r"secret|callback"):
        request_form(TOPIC, "subscribe", callback=callback, secret=secret, lease=DAY)


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
    assert challenge_of(query, TOPIC, "subscribe") == answer


@pytest.mark.parametrize(
    ("seconds", "lease"), [("60", timedelta(minutes=1)), ("999999999", DAY), ("-1", DAY), ("x", DAY)]
)
def test_a_lease_is_what_the_hub_grants_but_not_longer_than_asked(seconds, lease):
    assert granted_lease({"hub.lease_seconds": seconds}, most=DAY) == lease


def signed(body, secret="s", method="sha256"):
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


@given(st.binary(max_size=50), st.sampled_from(["sha1", "sha256", "sha384", "sha512"]))
def test_what_the_hub_signed_is_authentic_and_nothing_else(body, method):
    assert is_authentic(body, signed(body, method=method), "s")
    assert is_authentic(body, signed(body, method=method).upper(), "s")
    assert not is_authentic(body + b"x", signed(body, method=method), "s")
    assert not is_authentic(body, signed(body, "other", method), "s")


@pytest.mark.parametrize(
    "signature", [None, "", "sha256", "sha256=", "md5=" + "0" * 32, "=x", "sha256=é", signed(b"")[7:]]
)
def test_a_delivery_without_a_valid_signature_is_nobodys(signature):
    assert not is_authentic(b"", signature, "s")
