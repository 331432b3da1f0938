"""What is said of an outage, and how often."""

import logging

from redis.exceptions import OutOfMemoryError

from worker.adapters.observability.logs import OutageFilter

BEAT, CONSUMER = "celery.beat", "celery.worker.consumer.consumer"


def record(name, message, *args, error=None):
    info = (type(error), error, None) if error else None
    return logging.LogRecord(name, logging.ERROR, "f", 1, message, args, info)


def test_an_outage_is_said_once_and_without_a_traceback():
    said = OutageFilter()
    refused = ConnectionError("refused")
    first = record(BEAT, "Message Error: %s\n%s", "apply failed", ["stack"], error=refused)
    later = record(CONSUMER, "consumer: Cannot connect to %s: %s.\n%s\n", "redis://", refused, "Trying again")

    assert said.filter(first)
    assert not said.filter(later)
    assert first.getMessage() == "Redis cannot be used, waiting for it: ConnectionError: refused"
    assert first.exc_info is None


def test_the_text_of_the_consumer_is_known_also_as_an_argument():
    lost = record(CONSUMER, "%s (%r)", "consumer: Connection to broker lost. Trying ...", TimeoutError("late"))

    assert OutageFilter().filter(lost)
    assert lost.getMessage() == "Redis cannot be used, waiting for it: TimeoutError: late"


def test_a_timer_of_the_event_loop_that_redis_fails_belongs_to_the_outage():
    said = OutageFilter()
    full = OutOfMemoryError("command not allowed when used memory > 'maxmemory'.")
    timers = [
        record("kombu.asynchronous.hub", "Error in timer: %r", full, error=full),
        record("kombu.transport.redis", "maybe_refresh_binding_expiry: Redis error, will retry", error=full),
    ]

    assert [said.filter(timer) for timer in timers] == [True, False]
    assert timers[0].getMessage().startswith("Redis cannot be used, waiting for it: OutOfMemoryError: command not")
    assert timers[0].exc_info is None
    assert said.filter(record("kombu.asynchronous.hub", "Error in timer: %r", error=KeyError("a bug")))


def test_other_messages_pass_as_they_are():
    other = record(CONSUMER, "Received unregistered task of type %s.", "x", error=KeyError("x"))

    assert OutageFilter().filter(other)
    assert other.exc_info is not None
    assert OutageFilter().filter(record("onrecord", "Message Error: of ours"))


def test_a_later_outage_is_said_again(monkeypatch):
    said = OutageFilter()
    monkeypatch.setattr("worker.adapters.observability.logs.time.monotonic", iter([100.0, 120.0, 151.0]).__next__)
    lost = [record(BEAT, "beat: Connection error: %s.", ConnectionError()) for _ in range(3)]

    assert [said.filter(one) for one in lost] == [True, False, True]
