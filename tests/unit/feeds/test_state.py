"""A feed's state to and from the flat strings that a store keeps, whose names and values are a format of their own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from worker.feeds.archive import Progress
from worker.feeds.gaps import Gap
from worker.feeds.memory import Memory
from worker.feeds.schedule import Bounds, Rate
from worker.feeds.state import FeedState
from worker.feeds.websub import Topic

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
STATE = FeedState(
    "f1",
    7,
    "https://paper.example/new",
    "paper.example",
    every="5m-1h",
    moved_from="https://paper.example/feed",
    memory=Memory(Rate(24, 2.5), NOON, 2, "failing", timedelta(hours=1), frozenset({3, 1}), frozenset({6})),
    status="timed_out",
    detail="no answer",
    why=("failed 2 times in a row: 10 min", "it asks for 1.0 h"),
    digest="d1",
    etag='"1"',
    modified="yesterday",
    title="Paper",
    topic=Topic("https://paper.example/self", "https://hub.example/"),
    gap=Gap(Progress(("https://paper.example/2",), ("0123",), 3, 0), NOON, NOON + timedelta(minutes=5), 17),
    candidate="https://paper.example/rss",
    proposal="https://paper.example/atom",
    accepted="https://paper.example/atom",
)
FIELDS = {
    "url": "https://paper.example/new",
    "host": "paper.example",
    "moved_from": "https://paper.example/feed",
    "schedule": '{"ttl": 3600.0, "hours": [1, 3], "days": [6], "rate": [24, 2.5], "checked": 1796040000.0}',
    "failures": "2",
    "state": "failing",
    "status": "timed_out",
    "detail": "no answer",
    "why": '["failed 2 times in a row: 10 min", "it asks for 1.0 h"]',
    "digest": "d1",
    "etag": '"1"',
    "modified": "yesterday",
    "title": "Paper",
    "topic": "https://paper.example/self",
    "hub": "https://hub.example/",
    "gap": (
        '{"waiting": ["https://paper.example/2"], "read": ["0123"], "new": 3, "known": 0, "left": 17, '
        '"since": 1796040000.0, "resume": 1796040300.0}'
    ),
    "candidate": "https://paper.example/rss",
    "proposal": "https://paper.example/atom",
}
#: What a poll does not change.
ELSEWHERE = {
    "token": "7",
    "every": "5m-1h",
    "origin": "user",
    "name": "The paper",
    "polled": "1796040000000",
    "accepted": "https://paper.example/atom",
}


def test_what_a_store_keeps_stays_byte_for_byte():
    assert STATE.fields == FIELDS


def test_a_state_survives_the_store():
    assert FeedState.of("f1", {**FIELDS, **ELSEWHERE}) == STATE


def test_a_feed_that_was_never_polled_has_only_its_address():
    new = FeedState.of("f1", {"url": "https://paper.example/", "host": "paper.example", "token": "0"})

    assert new == FeedState("f1", 0, "https://paper.example/", "paper.example")
    assert new.fields == {"url": "https://paper.example/", "host": "paper.example"}


def test_what_was_learnt_to_be_empty_is_written_and_what_was_never_learnt_is_not():
    failed = FeedState("f1", 0, "u", "h", status="timed_out")
    parsed = replace(failed, digest="", title="")

    learnt = {"schedule", "failures", "state", "status", "detail", "why", "candidate", "proposal"}
    assert set(failed.fields) == {"url", "host", *learnt}
    assert set(parsed.fields) - set(failed.fields) == {"digest", "etag", "modified", "title", "hub"}
    assert parsed.fields["hub"] == ""


def test_a_hub_that_is_gone_leaves_its_topic_where_it_is():
    without = replace(STATE, topic=None)

    assert (without.fields["hub"], "topic" in without.fields) == ("", False)
    assert FeedState.of("f1", {**FIELDS, **ELSEWHERE, **without.fields}).topic is None


def test_a_gap_that_is_filled_is_emptied():
    filled = replace(STATE, gap=replace(STATE.gap, left=0))

    assert filled.fields["gap"] == ""
    assert FeedState.of("f1", {**filled.fields, **ELSEWHERE}).gap is None


def test_what_a_person_set_goes_before_the_settings():
    usual = Bounds(timedelta(minutes=10), timedelta(hours=6))

    assert STATE.bounds(usual) == Bounds(timedelta(minutes=5), timedelta(hours=1))
    assert replace(STATE, every="").bounds(usual) == usual
