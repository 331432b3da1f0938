"""The published streams: looked after, and read."""

import json
from datetime import timedelta

import pytest

from config.settings import ROOT
from tests.ports.steps import entries, fetched
from worker.contract import decode, encode
from worker.core.outcomes import Outcome
from worker.core.status import Group

ZERO, DAY = timedelta(0), timedelta(days=1)
EXAMPLE = ROOT / "worker/contract/schema/examples/article.created.json"
EVENT = decode({"event": json.dumps(json.loads(EXAMPLE.read_text("utf-8")))})
LATE = Group("articles", "shop", 1, 5, is_more=False, pending=0, behind=DAY, idle=ZERO, warned=None)


@pytest.fixture
def three(ports, settings):
    """Three events on the stream of articles."""
    for number in range(3):
        ports.articles.admit(entries(number + 1)[-1:])
        events = [(f"{settings.key_prefix}:articles", encode(EVENT))]
        ports.articles.finish(fetched(ports), Outcome.PUBLISHED, None, events=events)
    return ports


def test_one_of_all_that_ask_looks_after_the_streams(ports):
    assert [ports.streams.is_due() for _ in range(2)] == [True, False]


def test_streams_have_lengths_and_sizes(three):
    assert three.streams.lengths() == {"articles": 3, "statements": 0, "dead": 0, "feeds": 0}
    assert three.streams.bytes()["articles"] > three.streams.bytes()["statements"] == 0
    assert three.streams.memory()[0] > 0
    assert three.streams.groups() == []


def test_what_is_young_stays(three):
    assert three.streams.trim("articles", keep=DAY, surplus=0, held={}) == 0
    assert three.streams.lengths()["articles"] == 3


def test_pressure_is_new_once(ports):
    assert [ports.streams.raise_pressure("a group lags") for _ in range(2)] == [True, False]
    assert ports.streams.pressure() == "a group lags"
    assert [ports.streams.unpress() for _ in range(2)] == [True, False]
    assert ports.streams.pressure() == ""


def test_a_group_is_warned_of_once_until_it_is_well_again(ports):
    assert [ports.streams.warn(LATE) for _ in range(2)] == [True, False]
    ports.streams.unwarn(but=[LATE])
    assert not ports.streams.warn(LATE)
    ports.streams.unwarn(but=[])
    assert ports.streams.warn(LATE)


def test_events_are_read_in_both_directions(three):
    everything = three.events.page("articles")
    newest = three.events.page("articles", limit=2)
    older = three.events.page("articles", before=newest.next, limit=2)

    assert [len(page.entries) for page in (everything, newest, older)] == [3, 2, 1]
    assert everything.entries == newest.entries + older.entries
    assert (everything.next, older.next) == (None, None)
    first = everything.entries[-1].id
    after, last = three.events.after("articles", first)
    assert [one.id for one in after] == [one.id for one in reversed(everything.entries[:2])]
    assert last == three.events.last_id("articles") == everything.entries[0].id


def test_events_are_chosen_by_subject_content_and_time(three):
    now = int(three.clock.now().timestamp() * 1000)

    assert len(three.events.page("articles", subject=EVENT.subject).entries) == 3
    assert three.events.page("articles", subject="another").entries == []
    assert three.events.page("articles", lambda _: False).entries == []
    assert len(three.events.between("articles", now - 60_000, now + 60_000)) == 3
    assert three.events.between("articles", 0, 1) == []


def test_a_stream_without_events_ends_at_once(ports):
    assert ports.events.last_id("articles") == "0-0"
    assert ports.events.after("articles", "0-0") == ([], "0-0")
    assert ports.events.page("articles") == ([], None)
