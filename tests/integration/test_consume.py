"""Consuming on a real Redis: again only after a death, nothing else twice."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from itertools import count

import pytest

from tools.wait import wait_for
from worker.adapters import embedded
from worker.adapters.redis.store import connect
from worker.contract import Consumer, Event, Match, encode

_PREFIXES = count()


@pytest.fixture
def client(redis_url):
    return connect(redis_url)


@pytest.fixture
def prefix():
    return f"consume{next(_PREFIXES)}"


@pytest.fixture
def make(redis_url, prefix):
    def make(**options):
        options = {"group": "desk", "consumer": "one", "attempts": 1, **options}
        return Consumer("statements", url=redis_url, prefix=prefix, **options)

    return make


def event(n, **data):
    return Event(
        f"e{n}", "urn:test", "io.onrecord.statement.created.v1", f"s{n}", "2026-11-23T09:00:00Z", {"n": n, **data}
    )


def publish(client, prefix, events):
    for each in events:
        client.xadd(f"{prefix}:statements", encode(each))


def pending(client, prefix, group="desk"):
    return client.xpending(f"{prefix}:statements", group)["pending"]


@contextmanager
def running(consumer, handler):
    errors = []

    def run():
        try:
            consumer.run(handler)
        except Exception as error:  # noqa: BLE001 - shown by the test's own thread
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        consumer.stop()
        thread.join(10)
    assert not thread.is_alive()
    assert not errors


def numbers(got):
    return [each.data["n"] for each in got]


def test_every_event_is_handled_once_in_order_and_acknowledged(make, client, prefix):
    publish(client, prefix, [event(n) for n in range(250)])
    got = []

    with running(make(), got.append):
        wait_for(lambda: len(got) == 250)

    assert numbers(got) == list(range(250))
    assert pending(client, prefix) == 0


def test_two_consumers_of_a_group_share_its_events(make, client, prefix):
    publish(client, prefix, [event(n) for n in range(250)])
    got = []

    with running(make(consumer="one"), got.append), running(make(consumer="two"), got.append):
        wait_for(lambda: len(got) >= 250)

    assert sorted(numbers(got)) == list(range(250))


def test_unwanted_events_are_acknowledged_unseen(make, client, prefix):
    names = ["Ida Lund", "Per Holm", None]
    publish(client, prefix, [event(n, speaker={"name": names[n % 3]}) for n in range(9)])
    got = []

    with running(make(only=Match(speaker="lund")), got.append):
        wait_for(lambda: len(got) == 3 and pending(client, prefix) == 0)

    assert numbers(got) == [0, 3, 6]


def test_an_event_that_keeps_failing_is_tried_again_and_then_buried_with_its_reason(make, client, prefix):
    publish(client, prefix, [event(0), event(1)])
    got = []

    def handle(each):
        got.append(each)
        if each.data["n"] == 0:
            raise ValueError("no room")

    with running(make(attempts=2), handle):
        wait_for(lambda: numbers(got)[-1:] == [1])

    ((_, letter),) = client.xrange(f"{prefix}:statements:dead:desk")
    assert numbers(got) == [0, 0, 1]
    assert letter["dead-reason"] == "ValueError: no room"
    assert json.loads(letter["event"])["id"] == "e0"
    assert pending(client, prefix) == 0


def test_an_entry_that_is_no_event_is_buried_and_the_next_one_handled(make, client, prefix):
    client.xadd(f"{prefix}:statements", {"event": b"\xff{"})
    publish(client, prefix, [event(1)])
    got = []

    with running(make(), got.append):
        wait_for(lambda: got)

    assert client.xlen(f"{prefix}:statements:dead:desk") == 1


def test_a_stop_finishes_the_event_at_hand_and_leaves_the_rest_to_the_next_run(make, client, prefix):
    publish(client, prefix, [event(n) for n in range(5)])
    first, second = [], []
    consumer = make()

    def handle(each):
        first.append(each)
        if each.data["n"] == 2:
            consumer.stop()

    consumer.run(handle)
    with running(make(), second.append):
        wait_for(lambda: len(second) == 2)

    assert numbers(first + second) == list(range(5))


def test_events_of_a_dead_consumer_come_to_a_living_one(make, client, prefix):
    publish(client, prefix, [event(n) for n in range(3)])
    client.xgroup_create(f"{prefix}:statements", "desk", id="0")
    client.xreadgroup("desk", "dead", {f"{prefix}:statements": ">"})
    got = []

    with running(make(reclaim_after=0.2), got.append):
        wait_for(lambda: len(got) == 3)

    assert pending(client, prefix) == 0


def test_an_event_that_killed_its_consumers_is_buried(make, client, prefix):
    publish(client, prefix, [event(0), event(1)])
    client.xgroup_create(f"{prefix}:statements", "desk", id="0")
    for start in [">"] + ["0"] * 4:
        client.xreadgroup("desk", "one", {f"{prefix}:statements": start}, count=1)
    got = []

    with running(make(), got.append):
        wait_for(lambda: numbers(got) == [1])

    ((_, letter),) = client.xrange(f"{prefix}:statements:dead:desk")
    assert letter["dead-reason"] == "5 consumers ended while handling it"


def test_trimmed_events_do_not_stay_pending(make, client, prefix):
    publish(client, prefix, [event(n) for n in range(3)])
    client.xgroup_create(f"{prefix}:statements", "desk", id="0")
    client.xreadgroup("desk", "one", {f"{prefix}:statements": ">"})
    client.xtrim(f"{prefix}:statements", maxlen=1, approximate=False)
    got = []

    with running(make(), got.append):
        wait_for(lambda: got and pending(client, prefix) == 0)

    assert numbers(got) == [2]


def test_a_connection_that_breaks_while_reading_is_made_again(make, client, prefix):
    publish(client, prefix, [event(0)])
    got = []

    with running(make(), got.append):
        wait_for(lambda: len(got) == 1 and blocked(client))
        client.client_kill_filter(_id=blocked(client)[0])
        publish(client, prefix, [event(1)])
        wait_for(lambda: len(got) == 2)

    assert pending(client, prefix) == 0


def blocked(client):
    return [each["id"] for each in client.client_list() if "b" in each["flags"]]


def test_a_consumer_waits_for_a_redis_that_is_away(tmp_path, prefix):
    url, got = embedded.ensure(tmp_path), []
    embedded.stop(tmp_path)

    with running(Consumer("statements", group="desk", url=url, prefix=prefix), got.append):
        assert embedded.ensure(tmp_path) == url
        publish(connect(url), prefix, [event(0)])
        wait_for(lambda: numbers(got) == [0])
    embedded.stop(tmp_path)


def test_a_group_that_was_deleted_is_made_again(make, client, prefix):
    got = []

    with running(make(), got.append):
        publish(client, prefix, [event(0)])
        wait_for(lambda: len(got) == 1)
        client.xgroup_destroy(f"{prefix}:statements", "desk")
        publish(client, prefix, [event(1)])
        wait_for(lambda: numbers(got)[-1:] == [1])


def test_the_asynchronous_consumer_does_the_same(make, client, prefix):
    publish(client, prefix, [event(n) for n in range(120)])
    got = []
    consumer = make(attempts=2)

    async def handle(each):
        await asyncio.sleep(0)
        got.append(each)
        if each.data["n"] == 5:
            raise ValueError("never this one")
        if len(got) == 121:
            consumer.stop()

    asyncio.run(consumer.run_async(handle))

    assert numbers(got) == sorted([*range(120), 5])
    assert client.xlen(f"{prefix}:statements:dead:desk") == 1
    assert pending(client, prefix) == 0


_PROGRAM = """
import sys, time
from worker.contract import consume

def handle(event):
    print(event.data["n"], flush=True)
    if event.data["n"] == int(sys.argv[3]):
        time.sleep(60)

consume(handle, "statements", group="desk", consumer="one", url=sys.argv[1], prefix=sys.argv[2])
"""


def start(redis_url, prefix, hang_at):
    arguments = [sys.executable, "-c", _PROGRAM, redis_url, prefix, str(hang_at)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def test_a_consumer_killed_before_its_acknowledgement_gets_that_event_again_and_no_other(redis_url, client, prefix):
    publish(client, prefix, [event(n) for n in range(30)])
    killed = start(redis_url, prefix, hang_at=7)
    before = [int(killed.stdout.readline()) for _ in range(8)]
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()

    second = start(redis_url, prefix, hang_at=-1)
    after = [int(second.stdout.readline()) for _ in range(23)]
    second.terminate()
    rest, _ = second.communicate(timeout=10)

    assert before == list(range(8))
    assert after == list(range(7, 30))
    assert rest == ""
    assert second.returncode == 0
    assert pending(client, prefix) == 0
