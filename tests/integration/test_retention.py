"""What is kept on the streams, on a real Redis: nothing that a group needs goes, all else is bounded."""

import json
import math
import random
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import limits
from worker.adapters.embedded import ensure, stop
from worker.adapters.redis.registry import feed_id
from worker.adapters.redis.store import connect
from worker.adapters.redis.streams import RedisStreams
from worker.cli.why import why
from worker.core.errors import TransientError
from worker.core.messages import Sweep
from worker.core.records import FeedEntry
from worker.core.status import Group
from worker.pipeline.articles import sweep
from worker.pipeline.retention import pressure, retain, share, surplus, warnings
from worker.services import Services
from worker.views.status import facts

DAY = timedelta(days=1)
MONTH = 30 * DAY
ZERO = timedelta(0)


@pytest.fixture
def client(services):
    return connect(services.redis_url)


@pytest.fixture
def key(services):
    return f"{services.settings.key_prefix}:statements"


def fill(client, key, entries, *, age=ZERO):
    """Add entries as if they were published `age` ago, a millisecond apart."""
    seconds, _ = client.time()
    start = int((seconds - age.total_seconds()) * 1000)
    pipe = client.pipeline(transaction=False)
    for number in range(entries):
        pipe.xadd(key, {"event": "x" * 50}, id=f"{start + number}-0")
    return pipe.execute()


def read(client, key, group, count, *, ack=True):
    entries = client.xreadgroup(group, "me", {key: ">"}, count=count)
    ids = [entry_id for entry_id, _ in entries[0][1]]
    if ack:
        client.xack(key, group, *ids)
    return ids


def trim(services, *, keep=ZERO, held=None, surplus=0):
    return services.streams.trim("statements", keep=keep, held=held or {}, surplus=surplus)


def behind(services, name):
    return next(group.behind for group in services.streams.groups() if group.name == name)


def retain_anyway(services):
    """Trim although it was done just now."""
    connect(services.redis_url).delete(f"{services.settings.key_prefix}:retained")
    return retain(services)


def warned_for(services, group, span):
    """Let the warning of a group be as old as `span`."""
    client = connect(services.redis_url)
    client.hset(
        f"{services.settings.key_prefix}:groups:warned", group, int((client.time()[0] - span.total_seconds()) * 1000)
    )


def test_what_every_group_has_acknowledged_goes_when_it_is_old(services, client, key):
    fill(client, key, 1000, age=DAY)
    young = fill(client, key, 10)
    client.xgroup_create(key, "desk", "0")
    read(client, key, "desk", 1010)

    assert 900 < trim(services, keep=timedelta(hours=1)) <= 1000  # Redis trims nodes of about 100 entries
    assert behind(services, "desk") == ZERO
    assert len(client.xrange(key, young[0])) == 10


def test_what_a_group_has_not_read_stays_however_old_it_is(services, client, key):
    ids = fill(client, key, 1000, age=DAY)
    client.xgroup_create(key, "fast", "0")
    client.xgroup_create(key, "slow", "0")
    read(client, key, "fast", 1000)
    read(client, key, "slow", 250)

    assert 0 < trim(services, surplus=1000) <= 250
    assert abs(behind(services, "slow") - DAY) < timedelta(minutes=1)
    assert read(client, key, "slow", 1000) == ids[250:]


def test_what_was_delivered_and_not_acknowledged_stays(services, client, key):
    ids = fill(client, key, 500, age=DAY)
    client.xgroup_create(key, "desk", "0")
    read(client, key, "desk", 100)
    held = read(client, key, "desk", 1, ack=False)
    read(client, key, "desk", 399)

    trim(services, surplus=500)

    assert client.xrange(key, held[0], held[0]) != []
    _, claimed, gone = client.xautoclaim(key, "desk", "other", 0)
    assert ([entry_id for entry_id, _ in claimed], gone) == (held, [])
    assert client.xlen(key) >= len(ids) - 100


def test_what_an_operator_lets_a_group_read_again_stays(services, client, key):
    ids = fill(client, key, 500, age=DAY)
    client.xgroup_create(key, "desk", "0")
    read(client, key, "desk", 499)
    read(client, key, "desk", 1, ack=False)
    client.xgroup_setid(key, "desk", "0")

    assert trim(services, surplus=500) == 0
    assert read(client, key, "desk", 500) == ids


def test_a_group_that_stood_still_for_too_long_holds_nothing_back(services, client, key):
    fill(client, key, 1000, age=40 * DAY)
    client.xgroup_create(key, "forgotten", "0")
    warned_for(services, "statements/forgotten", 15 * DAY)

    assert retain_anyway(services) == 1000
    assert client.xinfo_groups(key)[0]["name"] == "forgotten"


def test_nothing_goes_unread_that_was_not_announced_before(services, client, key):
    ids = fill(client, key, 1000, age=40 * DAY)  # worker and consumer were off since
    client.xgroup_create(key, "desk", "0")

    assert [retain_anyway(services), retain_anyway(services)] == [0, 0]
    assert "in 15.0 days it counts as abandoned" in facts(services)["warnings"][0]
    assert read(client, key, "desk", 1000) == ids


def test_a_group_that_reads_again_is_warned_of_anew_the_next_time(services, client, key):
    fill(client, key, 300, age=40 * DAY)
    client.xgroup_create(key, "desk", "0")
    warned_for(services, "statements/desk", 14 * DAY)
    read(client, key, "desk", 300)
    retain_anyway(services)

    assert [group.warned for group in services.streams.groups()] == [None]


def test_one_stuck_entry_costs_a_living_group_nothing_that_is_young(services, client, key):
    fill(client, key, 500, age=40 * DAY)
    client.xgroup_create(key, "desk", "0")
    read(client, key, "desk", 1, ack=False)
    young = fill(client, key, 500, age=10 * DAY)
    warned_for(services, "statements/desk", 15 * DAY)

    assert 400 <= retain_anyway(services) <= 500
    assert [entry_id for entry_id, _ in client.xrange(key, young[0])] == young


def test_entries_without_any_group_are_bounded_by_age_and_number(services, client, key):
    fill(client, key, 1000, age=DAY)
    fill(client, key, 1000)

    assert 900 < trim(services, keep=timedelta(hours=1)) <= 1000
    assert 0 < trim(services, keep=DAY, surplus=600) <= 600


def test_a_stream_that_is_not_there_is_no_error(services):
    assert trim(services) == 0
    assert services.streams.groups() == []


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_no_order_of_reading_and_trimming_takes_anything_from_a_group(redis_url, seed):
    draw = random.Random(seed)
    streams, client, key = RedisStreams(redis_url, f"trim{seed}"), connect(redis_url), f"trim{seed}:statements"
    ids = fill(client, key, 600, age=DAY)
    got: dict[str, set[str]] = {"one": set(), "two": set()}
    for group in got:
        client.xgroup_create(key, group, "0")
    while any(len(seen) < len(ids) for seen in got.values()):
        group = draw.choice(list(got))
        if left := len(ids) - len(got[group]):
            got[group] |= set(read(client, key, group, min(left, draw.randrange(1, 120)), ack=draw.random() < 0.9))
        streams.trim("statements", keep=ZERO, held={}, surplus=draw.randrange(600))

    for group, seen in got.items():
        assert seen == set(ids)
        pending = {row["message_id"] for row in client.xpending_range(key, group, "-", "+", 600)}
        assert pending <= {entry_id for entry_id, _ in client.xrange(key)}
    client.delete(key)


@pytest.mark.parametrize("start", ["0", "middle", "$"])
def test_the_lag_of_a_group_is_what_it_has_not_acknowledged(services, client, key, start):
    ids = fill(client, key, 300, age=DAY)
    client.xgroup_create(key, "desk", ids[99] if start == "middle" else start)
    waiting = {"0": 300, "middle": 200, "$": 0}[start]
    ids += fill(client, key, 50)
    read(client, key, "desk", 30)
    read(client, key, "desk", 5, ack=False)
    trim(services, keep=timedelta(hours=1), surplus=100)
    client.xdel(key, ids[-1])

    (group,) = services.streams.groups()

    assert (group.lag, group.pending, group.consumers) == (waiting + 50 - 30 - 1, 5, 1)
    assert (group.behind > timedelta(hours=20)) is (start != "$")


def test_the_lag_is_right_after_entries_went_unread(services, client, key):
    ids = fill(client, key, 900)
    client.xgroup_create(key, "desk", "0")
    read(client, key, "desk", 10)
    client.xtrim(key, minid=ids[500], approximate=False)

    lags = [services.streams.groups()[0].lag]
    for count in (10, 390):
        read(client, key, "desk", count)
        lags.append(services.streams.groups()[0].lag)

    assert lags == [400, 390, 0]


def test_a_group_says_when_its_consumers_last_called(services, client, key):
    fill(client, key, 10)
    client.xgroup_create(key, "desk", "0")
    assert services.streams.groups()[0].idle is None

    read(client, key, "desk", 1)
    assert services.streams.groups()[0].idle < timedelta(minutes=1)


def test_all_is_read_says_a_lag_of_nothing(services, client, key):
    fill(client, key, 10)
    client.xgroup_create(key, "desk", "0")
    read(client, key, "desk", 10)

    (group,) = services.streams.groups()
    assert (group.lag, group.behind, group.is_more) == (0, ZERO, False)


def test_a_sweep_trims_and_says_who_stands_still_once(services, client, key, logged):
    fill(client, key, 200, age=20 * DAY)
    fill(client, f"{services.settings.key_prefix}:articles", 200, age=20 * DAY)
    fill(client, f"{services.settings.key_prefix}:dead", 200, age=20 * DAY)
    client.xgroup_create(key, "desk", "0")

    for _ in range(2):
        client.delete(f"{services.settings.key_prefix}:retained")
        sweep(Sweep(), services)

    assert services.streams.lengths() == {"articles": 0, "statements": 200, "feeds": 0, "dead": 200}
    (said,) = [line for line in logged if line["event"] == "group stands still"]
    assert "in 15.0 days it counts as abandoned" in said["detail"]
    assert any("in 15.0 days" in warning for warning in facts(services)["warnings"])


def test_the_streams_are_looked_after_once_in_a_while(services, client, key):
    fill(client, key, 200, age=20 * DAY)

    assert [retain(services), retain(services)] == [200, 0]


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=4), st.integers(1, 10**12))
def test_streams_fit_the_memory_and_the_small_ones_lose_nothing(sizes, budget):
    most = share(sizes, budget)

    assert most >= budget / len(sizes)
    assert sum(min(size, most) for size in sizes) <= budget * 1.000001
    assert (most == math.inf) == (sum(sizes) <= budget)


def test_what_is_more_than_a_stream_may_take_is_too_much():
    assert surplus(1000, 50, 100) == 0
    assert surplus(1000, 200, 100) == 500
    assert surplus(0, 0, 100) == 0


def test_a_stream_that_a_group_holds_back_empties_no_other(services, client, key):
    dead, ids = f"{services.settings.key_prefix}:dead", fill(client, key, 40_000)
    fill(client, dead, 200)
    client.xgroup_create(key, "desk", "0")
    tight = Services(replace(services.settings, streams_mb=1), services.redis_url)

    assert [retain_anyway(tight) for _ in range(5)] == [0] * 5
    assert tight.streams.lengths() == {"articles": 0, "statements": len(ids), "feeds": 0, "dead": 200}


def group(lag=0, behind=ZERO, idle=None, warned=None):
    return Group("statements", "desk", 1, lag, is_more=False, pending=0, behind=behind, idle=idle, warned=warned)


def test_polling_slows_when_memory_is_short_or_consumers_lag(services):
    of = services.settings
    assert pressure([group(10)], 0, (10, 0), of) == ""
    assert pressure([group(10)], 0, (84, 100), of) == ""
    assert "Redis uses" in pressure([], 0, (86, 100), of)
    assert "1,000,001 entries of statements wait for the group desk" in pressure([group(1_000_001)], 0, (0, 0), of)
    assert pressure([group(2_000_000, behind=31 * DAY, warned=15 * DAY)], 0, (0, 0), of) == ""
    assert "has not read" in pressure([group(1)], 6_000_000_000, (0, 0), of)
    assert pressure([group(2_000_000, behind=31 * DAY, idle=DAY)], 0, (0, 0), of) != ""
    assert "now it counts" in warnings([group(5, behind=31 * DAY, warned=15 * DAY)], of)[0]
    assert "in 5.0 days it counts" in warnings([group(5, behind=31 * DAY, warned=10 * DAY)], of)[0]


def test_under_pressure_feeds_are_polled_later_and_by_hand_at_once(services, client, capsys):
    services.registry.add("https://paper.example/feed")
    prefix, feed = services.settings.key_prefix, feed_id("https://paper.example/feed")
    now = client.time()[0] * 1000
    client.zadd(f"{prefix}:feeds:due", {feed: now - 1000})
    assert services.streams.raise_pressure("a reason")
    assert not services.streams.raise_pressure("a reason")

    assert services.articles.take() == []
    assert "a reason" in facts(services)["warnings"][-1]
    why(services, "https://paper.example/feed", as_json=True)
    assert "a reason" in json.loads(capsys.readouterr().out)["slowed"]
    client.zadd(f"{prefix}:feeds:due", {feed: now - limits.PRESSURE_DELAY.total_seconds() * 1000})
    assert [item.id for item in services.articles.take()] == [feed]


def test_a_group_that_lags_slows_the_polling_until_it_has_read(services, client, key, logged):
    few = Services(replace(services.settings, max_lag=10), services.redis_url)
    fill(client, key, 20)
    client.xgroup_create(key, "desk", "0")

    for _ in range(2):
        retain_anyway(few)
    assert "20 entries of statements wait" in few.streams.pressure()
    read(client, key, "desk", 15)
    for _ in range(2):
        retain_anyway(few)

    assert few.streams.pressure() == ""
    assert [line["event"] for line in logged] == ["polling slows", "polling goes on as before"]


def test_articles_under_way_go_on_under_pressure(services):
    services.articles.admit([FeedEntry("https://paper.example/a")])
    services.streams.raise_pressure("a reason")

    assert len(services.articles.take()) == 1


def test_a_full_redis_trims_what_may_go_and_then_has_room(services, tmp_path):
    url = ensure(tmp_path / "full")
    try:
        full = Services(replace(services.settings, streams_mb=1), url)
        client, key = connect(url), f"{services.settings.key_prefix}:statements"
        stuck = f"{services.settings.key_prefix}:articles"
        fill(client, stuck, 10, age=20 * DAY)
        client.xgroup_create(stuck, "desk", "0")
        fill(client, key, 100_000, age=DAY)
        used = client.info("memory")["used_memory"]
        client.config_set("maxmemory", used - 100_000)
        for _ in range(20):
            with suppress(TransientError):  # as a sweep that finds no room, and comes again
                retain_anyway(full)

        client.xadd(key, {"event": "x" * 50})
        assert full.streams.bytes()["statements"] < 1_100_000
    finally:
        stop(tmp_path / "full")


def test_polling_slows_while_memory_is_short_and_nothing_unread_goes(services, tmp_path):
    url = ensure(tmp_path / "short")
    try:
        short = Services(replace(services.settings, streams_mb=1), url)
        client, key = connect(url), f"{services.settings.key_prefix}:statements"
        ids = fill(client, key, 20_000, age=8 * DAY)
        client.xgroup_create(key, "desk", "0")
        client.config_set("maxmemory", int(client.info("memory")["used_memory"] / 0.9))

        assert retain_anyway(short) == 0
        assert "Redis uses" in short.streams.pressure()
        client.config_set("maxmemory", client.info("memory")["used_memory"] - 100_000)
        assert retain_anyway(short) == 0
        assert "Redis uses" in short.streams.pressure()
        assert sum(len(read(client, key, "desk", 200)) for _ in range(100)) == len(ids)
        for _ in range(2):
            retain_anyway(short)
        assert short.streams.lengths()["statements"] == 0
        assert short.streams.pressure() == ""
    finally:
        stop(tmp_path / "short")
