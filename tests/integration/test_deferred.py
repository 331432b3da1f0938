"""What a sink did not take, on a real Redis: one taker at a time has it, and it is due again if that one dies."""

from datetime import UTC, datetime, timedelta

import pytest

from worker.adapters.redis.deferred import HELD, DeferredDeliveries, SinkDelivery
from worker.contract import Event

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EVENT = Event("e1", "urn:test", "io.onrecord.feed.gap.v1", "f1", "2026-11-23T09:00:00Z", {})
DELIVERY = SinkDelivery("feeds", EVENT, 3)


@pytest.fixture
def deferred(services):
    return DeferredDeliveries(services.redis_url, services.settings.key_prefix, "desk")


def test_an_event_is_due_when_its_time_has_come(deferred):
    deferred.keep(DELIVERY, NOW)

    assert deferred.take(NOW - timedelta(seconds=1)) is None
    assert deferred.take(NOW) == DELIVERY


def test_whoever_takes_an_event_holds_it_for_a_while(deferred):
    deferred.keep(DELIVERY, NOW)
    deferred.take(NOW)

    assert deferred.take(NOW) is None
    assert deferred.take(NOW + HELD - timedelta(seconds=1)) is None
    assert deferred.take(NOW + HELD) == DELIVERY  # its taker died


def test_what_was_delivered_is_never_due_again(deferred):
    deferred.keep(DELIVERY, NOW)
    deferred.take(NOW)
    deferred.forget("e1")

    assert deferred.take(NOW + 2 * HELD) is None
    assert deferred.counts(["feeds"]) == {"aside": 0, "dead": 0}
