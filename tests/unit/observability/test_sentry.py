from datetime import timedelta

import pytest
import sentry_sdk
from sentry_sdk.transport import Transport

from worker.adapters.observability import sentry
from worker.core.errors import Reason, TransientError


class Collected(Transport):
    """A transport that keeps what it is given."""

    def __init__(self, options=None):
        super().__init__(options)
        self.events = []

    def capture_envelope(self, envelope):
        self.events.extend(item.payload.json for item in envelope.items if item.payload.json)


@pytest.fixture
def collected():
    transport = Collected()
    sentry.configure("https://public@sentry.example/1", "test", transport=transport)
    yield transport.events
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


def test_a_bug_is_reported_with_its_stage_and_message(collected):
    with sentry.attempt("articles.process", {"article_id": "a1", "token": 3}):
        try:
            secret_body = "the whole article"  # noqa: F841 - a local variable must not be sent
            1 / 0  # noqa: B018
        except ZeroDivisionError as error:
            sentry.report(error)

    (event,) = collected
    assert event["tags"]["stage"] == "articles.process"
    assert event["contexts"]["message"]["article_id"] == "a1"
    assert "the whole article" not in str(event)
    assert event["release"].startswith("onrecord@")


def test_what_a_report_is_about_is_named_without_secrets(collected):
    with sentry.attempt("articles.fetch", {"article_id": "a1", "token": 3}):
        sentry.about({"article": "a1", "feed": "f1", "url": "https://user:pw@paper.example/a?key=1"})
        sentry.report(ValueError("x"))
    with sentry.attempt("feeds.poll", {"feed_id": "f2", "token": 1}):
        sentry.report(ValueError("y"))

    first, second = collected
    assert first["contexts"]["subject"] == {"article": "a1", "feed": "f1", "url": "https://paper.example/a"}
    assert "subject" not in second["contexts"]


def test_a_check_in_names_its_monitor_and_when_to_worry(collected):
    sentry.check_in("feeds.tick", timedelta(minutes=1))

    (said,) = collected
    assert (said["monitor_slug"], said["status"]) == ("feeds-tick", "ok")
    assert said["monitor_config"]["schedule"] == {"type": "interval", "value": 1, "unit": "minute"}


def test_an_expected_failure_is_not_reported(collected):
    sentry.report(TransientError(Reason.TIMED_OUT, "https://paper.example/"))

    assert collected == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GET https://user:pw@paper.example/a?api_key=1#x failed", "GET https://paper.example/a failed"),
        ("redis://:geheim@host:6379/0", "redis://host:6379/0"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_urls_lose_their_secrets(text, expected):
    assert sentry.scrub({"a": [text]}) == {"a": [expected]}


def test_without_a_dsn_nothing_is_set_up():
    sentry.configure(None, "test")

    assert not sentry_sdk.get_client().is_active()
