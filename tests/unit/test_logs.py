"""What is said of an outage, and how often."""

import logging

from worker.adapters.logs import OutageFilter

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
    assert first.getMessage() == "Redis cannot be used, waiting for it: ConnectionError('refused')"
    assert first.exc_info is None


def test_the_text_of_the_consumer_is_known_also_as_an_argument():
    lost = record(CONSUMER, "%s (%r)", "consumer: Connection to broker lost. Trying ...", TimeoutError("late"))

    assert OutageFilter().filter(lost)
    assert lost.getMessage() == "Redis cannot be used, waiting for it: TimeoutError('late')"


def test_other_messages_pass_as_they_are():
    other = record(CONSUMER, "Received unregistered task of type %s.", "x", error=KeyError("x"))

    assert OutageFilter().filter(other)
    assert other.exc_info is not None
    assert OutageFilter().filter(record("onrecord", "Message Error: of ours"))


def test_a_later_outage_is_said_again(monkeypatch):
    said = OutageFilter()
    monkeypatch.setattr("worker.adapters.logs.time.monotonic", iter([100.0, 120.0, 151.0]).__next__)
    lost = [record(BEAT, "beat: Connection error: %s.", ConnectionError()) for _ in range(3)]

    assert [said.filter(one) for one in lost] == [True, False, True]
