"""Signed webhooks on real sockets: whatever the receiver does, each event arrives, and nobody else waits."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from config.limits import WEBHOOK
from config.settings import ROOT
from tests.integration.receiver import OK, SECRET, Answer, Receiver
from tests.integration.sinks import webhook_sink
from tools.wait import wait_for
from worker.adapters import embedded
from worker.adapters.redis.deferred import DeferredDeliveries, SinkDelivery
from worker.adapters.redis.store import connect
from worker.cli.processes import end_with_parent
from worker.contract import Event, Match, encode
from worker.delivery import schedule
from worker.delivery.dispatcher import Dispatcher
from worker.delivery.transports import webhook
from worker.services import Services


@pytest.fixture
def services(services):
    return Services(services.settings, services.redis_url, jitter=lambda: 0.0)


@pytest.fixture
def client(redis_url):
    return connect(redis_url)


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.fixture
def publish(client, services):
    return lambda *numbers, language="en": publish_to(client, services, numbers, language)


def publish_to(client, services, numbers, language="en"):
    for n in numbers:
        data = {"n": n, "article": {"language": language}}
        event = Event(f"e{n}", "urn:test", "io.onrecord.statement.created.v1", f"s{n}", "2026-11-23T09:00:00Z", data)
        client.xadd(f"{services.settings.key_prefix}:statements", encode(event))


@pytest.fixture
def deliver(services):
    """Deliver to a receiver for as long as the block lasts."""

    @contextmanager
    def deliver(url, name="desk", **options):
        sink = webhook_sink(url, name, **options)
        dispatcher = Dispatcher(sink, services)
        dispatcher.start()
        try:
            yield sink
        finally:
            dispatcher.ask_to_stop()
            dispatcher.join()

    return deliver


def ids(numbers):
    return [f"e{n}" for n in numbers]


def pending(client, services, sink="desk"):
    return client.xpending(f"{services.settings.key_prefix}:statements", f"sink:{sink}")["pending"]


def deferred(services, name="desk"):
    return DeferredDeliveries(services.redis_url, services.settings.key_prefix, name)


def test_each_event_comes_once_in_order_as_it_stands_on_the_stream(receiver, publish, deliver, client, services):
    publish(*range(50))

    with deliver(receiver.url):
        wait_for(lambda: len(receiver.taken) == 50 and pending(client, services) == 0)

    assert receiver.taken == ids(range(50))
    on_stream = [fields["event"] for _, fields in client.xrange(f"{services.settings.key_prefix}:statements")]
    assert [each.body.decode() for each in receiver.asked] == on_stream
    assert {each.headers["content-type"] for each in receiver.asked} == {"application/cloudevents+json"}


def test_only_what_the_filter_wants_is_sent(receiver, publish, deliver, client, services):
    publish(1, 2, language="de")
    publish(3, language="en")

    with deliver(receiver.url, only=Match(language="en")):
        wait_for(lambda: receiver.taken and pending(client, services) == 0)

    assert receiver.taken == ["e3"]


def test_a_receiver_may_change_over_to_another_secret(publish, deliver):
    other = "whsec_" + "A" * 32
    publish(1)

    with Receiver(secret=SECRET) as before, Receiver(secret=other) as after:
        both = (SECRET, other)
        with deliver(before.url, "before", secrets=both), deliver(after.url, "after", secrets=both):
            wait_for(lambda: before.taken == after.taken == ["e1"])


@pytest.mark.parametrize("status", [302, 400, 500])
def test_what_was_not_taken_comes_again_and_holds_up_nobody(receiver, publish, deliver, client, services, status):
    receiver.answers.append(Answer(status, (("Location", receiver.url),)))
    publish(1, 2, 3)

    with deliver(receiver.url):
        wait_for(lambda: len(receiver.taken) == 3 and not deferred(services).counts(["statements"])["aside"])

    assert receiver.taken == ids([2, 3, 1])
    assert [each.id for each in receiver.asked] == ids([1, 2, 3, 1])
    assert pending(client, services) == 0


def test_a_throttled_sink_rests_for_as_long_as_it_asked(receiver, publish, deliver):
    receiver.answers.append(Answer(429, (("Retry-After", "2"),)))
    publish(1, 2)

    with deliver(receiver.url):
        wait_for(lambda: len(receiver.taken) == 2)

    assert receiver.asked[1].time - receiver.asked[0].time >= 2


def test_a_sink_that_hangs_keeps_no_other_waiting(receiver, publish, deliver, monkeypatch, client, services):
    monkeypatch.setattr(webhook, "WEBHOOK", replace(WEBHOOK, total=timedelta(seconds=1)))
    publish(*range(30))

    with Receiver(usual=Answer(200, hangs=60)) as stuck, deliver(stuck.url, "stuck"):
        wait_for(lambda: stuck.asked)
        with deliver(receiver.url):
            wait_for(lambda: len(receiver.taken) == 30)
        assert len(stuck.asked) < 30
        stuck.usual = OK
        wait_for(
            lambda: set(stuck.taken) >= set(ids(range(30))) and not deferred(services, "stuck").counts([])["aside"]
        )


def test_what_every_attempt_failed_for_is_a_dead_letter_and_can_be_sent_again(
    receiver, publish, deliver, monkeypatch, services, client
):
    monkeypatch.setattr(schedule, "ATTEMPTS", 2)
    receiver.answers.extend([Answer(500), OK, Answer(500)])
    publish(1, 2)

    with deliver(receiver.url) as sink:
        wait_for(lambda: deferred(services).counts(sink.streams) == {"aside": 0, "dead": 1})
        ((_, letter),) = client.xrange(deferred(services).dead_letters("statements"))
        assert deferred(services).revive(sink.streams, services.clock.now()) == 1
        wait_for(lambda: sorted(receiver.taken) == ids([1, 2]))
        wait_for(lambda: deferred(services).counts(sink.streams) == {"aside": 0, "dead": 0})

    assert (letter["ce-id"], letter["dead-reason"]) == ("e1", "answered 500")


def test_a_receiver_that_is_gone_gets_nothing_until_it_is_wanted_again(receiver, publish, deliver, services, client):
    receiver.answers.append(Answer(410))
    publish(1, 2)

    with deliver(receiver.url) as sink:
        wait_for(lambda: deferred(services).has_ended(sink.url))
    with deliver(receiver.url):
        publish(3)
    assert [each.id for each in receiver.asked] == ["e1"]
    deferred(services).revive(sink.streams, services.clock.now())
    with deliver(receiver.url):
        wait_for(lambda: receiver.taken == ids([1, 2, 3]))

    assert not deferred(services).has_ended(sink.url)
    assert pending(client, services) == 0


def test_a_new_address_is_not_gone(receiver, publish, deliver, services):
    deferred(services).end("http://127.0.0.1:1/old")
    publish(1)

    with deliver(receiver.url):
        wait_for(lambda: receiver.taken == ["e1"])


@contextmanager
def a_program(port):
    """A receiver as a process of its own; yields it and the ids that it took so far."""
    command = [sys.executable, "-m", "tests.integration.receiver", str(port), SECRET]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "listens\n"
    taken = []
    reader = Thread(target=lambda: taken.extend(line.strip() for line in process.stdout))
    reader.start()
    try:
        yield process, taken
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def test_a_receiver_may_be_killed_and_come_back_and_every_event_arrives(publish, deliver, client, services):
    port = free_port()
    publish(*range(100))

    with ExitStack() as stack:
        with a_program(port) as (process, first):
            stack.enter_context(deliver(f"http://127.0.0.1:{port}/"))
            wait_for(lambda: len(first) >= 20)
            os.kill(process.pid, signal.SIGKILL)
        publish(*range(100, 150))
        wait_for(lambda: deferred(services).counts([])["aside"])
        with a_program(port) as (_, second):
            wait_for(lambda: set(first + second) == set(ids(range(150))))
            wait_for(lambda: not deferred(services).counts([])["aside"] and pending(client, services) == 0)

    assert len(first) < 150


def test_onrecord_deliver_may_be_killed_and_every_event_arrives(receiver, publish, client, services, tmp_path):
    with_sinks(tmp_path, receiver)
    publish(*range(300))

    first = started(services, tmp_path)
    wait_for(lambda: len(receiver.taken) >= 100)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    assert len(receiver.taken) < 300
    second = started(services, tmp_path)
    wait_for(lambda: set(receiver.taken) == set(ids(range(300))) and pending(client, services) == 0)
    second.terminate()
    _, logged = second.communicate(timeout=20)

    assert second.returncode == 0
    assert len(receiver.taken) <= 301  # what was at hand came again, nothing else
    assert SECRET.encode() not in logged


def test_wrong_sinks_are_all_named_and_nothing_starts(receiver, services, tmp_path):
    (tmp_path / "sinks.toml").write_text('[[sink]]\nname = "desk"\nurl = "ftp://desk.example"\n[[sink]]\nname = "A"\n')

    process = started(services, tmp_path)
    _, said = process.communicate(timeout=30)

    assert process.returncode == 2
    lines = said.decode().splitlines()
    assert len(lines) == 3
    assert all(f"{tmp_path}/sinks.toml: sink " in line for line in lines)


def test_the_sinks_are_shown_and_their_dead_letters_sent_again(receiver, publish, services, client, tmp_path):
    with_sinks(tmp_path, receiver)
    before = said_by(services, tmp_path, "sinks", "list", "--json")
    publish(1)
    client.xgroup_create(f"{services.settings.key_prefix}:statements", "sink:desk", id="0")
    event = Event("e2", "urn:test", "io.onrecord.statement.created.v1", "s2", "2026-11-23T09:00:00Z", {})
    deferred(services).bury(SinkDelivery("statements", event, 16), "answered 500")
    client.xadd(deferred(services).dead_letters("statements"), {"event": "none", "dead-reason": "no event"})
    deferred(services).end(receiver.url)
    gone = said_by(services, tmp_path, "sinks", "list", "--json")
    retried = said_by(services, tmp_path, "sinks", "retry", "desk")
    after = said_by(services, tmp_path, "sinks", "list")

    row = {"name": "desk", "state": "on", "waiting": 0, "aside": 0, "dead": 0}
    assert json.loads(before) == row
    assert json.loads(gone) == {**row, "state": "gone", "waiting": 1, "dead": 2}
    assert retried.startswith("1 on their way again")
    assert after.split()[-5:] == ["desk", "on", "1", "1", "1"]  # what is no event cannot be sent


def test_a_sink_that_is_no_longer_wanted_is_shown_until_it_is_dropped(receiver, publish, services, client, tmp_path):
    with_sinks(tmp_path, receiver)
    publish(1)
    client.xgroup_create(f"{services.settings.key_prefix}:statements", "sink:desk", id="0")
    refused = said_by(services, tmp_path, "sinks", "drop", "desk")
    (tmp_path / "sinks.toml").write_text("")
    left = said_by(services, tmp_path, "sinks", "list", "--json")
    finding = said_by(services, tmp_path, "doctor", "--json")
    said_by(services, tmp_path, "sinks", "drop", "desk")

    assert "still in" in refused
    assert json.loads(left) == {"name": "desk", "state": "not in the file", "waiting": 1, "aside": 0, "dead": 0}
    assert "desk: not in the file" in finding
    assert said_by(services, tmp_path, "sinks", "list").startswith("no sinks in")
    assert client.xinfo_groups(f"{services.settings.key_prefix}:statements") == []


@pytest.mark.timeout(240)
def test_redis_may_be_killed_and_come_back_and_every_event_arrives(receiver, services, tmp_path):
    folder = tmp_path / "redis"
    own = Services(services.settings, embedded.ensure(folder), jitter=lambda: 0.0)
    client, dispatcher = connect(own.redis_url), Dispatcher(webhook_sink(receiver.url), own)
    publish_to(client, own, range(500))
    try:
        dispatcher.start()
        wait_for(lambda: len(receiver.taken) >= 50)
        receiver.answers.append(Answer(500))  # what fails now must be set aside in a Redis that is away
        os.kill(client.info("server")["process_id"], signal.SIGKILL)
        wait_for(lambda: embedded.running_url(folder) is None)
        assert len(receiver.taken) < 500
        assert embedded.ensure(folder) == own.redis_url
        wait_for(lambda: set(receiver.taken) == set(ids(range(500))), 60)
        wait_for(lambda: not deferred(own).counts([])["aside"] and pending(client, own) == 0)
    finally:
        dispatcher.ask_to_stop()
        dispatcher.join()
        embedded.stop(folder)


def with_sinks(folder, receiver):
    (folder / "sinks.toml").write_text(
        f'[[sink]]\nname = "desk"\nurl = "{receiver.url}"\nsecret_env = "DESK"\nstreams = ["statements"]\n'
    )


_STARTED: list[subprocess.Popen[bytes]] = []


def started(services, folder, *arguments):
    environment = {
        "REDIS_URL": services.redis_url,
        "ONRECORD_KEY_PREFIX": services.settings.key_prefix,
        "ONRECORD_SINKS": str(folder / "sinks.toml"),
        "DESK": SECRET,
        "COLUMNS": "300",
    }
    command = [sys.executable, "-c", "from worker.cli import main; main()", *(arguments or ["deliver"])]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=end_with_parent,
    )
    _STARTED.append(process)
    return process


@pytest.fixture(autouse=True)
def _nothing_outlives_its_test():
    yield
    for process in _STARTED:
        process.kill()
        process.wait()
    _STARTED.clear()


def said_by(services, folder, *arguments):
    shown, problem = started(services, folder, *arguments).communicate(timeout=30)
    return (shown + problem).decode()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
