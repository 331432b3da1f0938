"""Subscriptions at hubs, without Redis: what is sent, and what is remembered when the hub does not take it."""

from dataclasses import replace

import pytest

from worker.core.errors import Reason, TransientError
from worker.feeds.websub import Topic
from worker.pipeline.subscriptions import subscribe

HUB = "https://hub.example/"
TOPIC = Topic(url="https://paper.example/feed", hub=HUB)


@pytest.fixture
def public(ports):
    ports.settings = replace(ports.settings, public_url="https://news.example")
    return ports


def test_the_hub_is_sent_the_topic_a_callback_and_a_secret(public):
    public.http.answer(HUB, status=202)

    subscribe("feed-1", TOPIC, public)

    (url, form) = public.http.posted[0]
    kept = public.subscriptions.get("feed-1")
    assert url == HUB
    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == TOPIC.url
    assert form["hub.callback"] == f"https://news.example/websub/feed-1/{kept.token}"
    assert form["hub.secret"] == kept.secret
    assert kept.problem == ""


def test_a_hub_that_refuses_is_remembered_and_fails_nothing(public):
    public.http.answer(HUB, status=403)

    subscribe("feed-1", TOPIC, public)

    assert public.subscriptions.get("feed-1").problem == "the hub answered 403"


def test_a_hub_that_cannot_be_reached_is_remembered_too(public):
    public.http.fail(HUB, TransientError(Reason.CONNECT_FAILED, HUB, "nobody there"))

    subscribe("feed-1", TOPIC, public)

    assert "nobody there" in public.subscriptions.get("feed-1").problem
    assert public.subscriptions.get("feed-1").asked == public.clock.now()
