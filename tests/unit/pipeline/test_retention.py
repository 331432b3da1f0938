"""What the sweep asks of the streams when consumers lag, and what it says of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config.limits import RETAIN_INTERVAL
from tests.ports.memory import STREAMS
from worker.core.status import Group
from worker.pipeline.retention import retain

DAY, ZERO = timedelta(days=1), timedelta(0)
GROUP = Group("statements", "shop", 1, 0, is_more=False, pending=0, behind=ZERO, idle=ZERO, warned=None)


@pytest.fixture
def cutoff(ports):
    return ports.settings.group_days * DAY


def asked(ports):
    ports.clock.advance(RETAIN_INTERVAL)
    retain(ports)
    return {stream: (keep, surplus, held) for stream, keep, surplus, held in ports.streams.trimmed}


def test_streams_are_looked_after_every_half_minute(ports):
    retain(ports)
    retain(ports)

    assert [stream for stream, *_ in ports.streams.trimmed] == list(STREAMS)


def test_dead_letters_stay_as_long_as_they_can_be_tried_again(ports):
    kept = asked(ports)

    assert kept["articles"] == (ports.settings.stream_days * DAY, 0, {})
    assert kept["dead"][0] > kept["articles"][0]


def test_everything_is_held_for_a_group_that_keeps_up(ports):
    ports.streams.present = [GROUP]

    assert asked(ports)["statements"][2] == {}


@pytest.mark.parametrize("is_alive", [True, False])
def test_a_group_that_was_warned_of_for_long_holds_little_or_nothing(ports, cutoff, is_alive):
    idle = ZERO if is_alive else None
    ports.streams.present = [replace(GROUP, lag=5, behind=cutoff, idle=idle, warned=cutoff / 2)]

    assert asked(ports)["statements"][2] == {"shop": cutoff if is_alive else ZERO}
    assert asked(ports)["articles"][2] == {}


def test_a_group_that_stands_still_is_warned_of_once(ports, cutoff, logged):
    ports.streams.present = [replace(GROUP, lag=5, behind=cutoff / 2)]
    asked(ports)
    asked(ports)
    ports.streams.present = [GROUP]
    asked(ports)

    assert [one["event"] for one in logged] == ["group stands still"]


def test_polling_slows_while_a_group_lags_and_goes_on_afterwards(ports, logged):
    ports.streams.present = [replace(GROUP, lag=ports.settings.max_lag + 1)]
    asked(ports)
    slowed = ports.streams.pressure()
    asked(ports)
    ports.streams.present = [GROUP]
    asked(ports)

    assert slowed.endswith("entries of statements wait for the group shop")
    assert ports.streams.pressure() == ""
    assert [one["event"] for one in logged] == ["polling slows", "polling goes on as before"]


def test_polling_slows_when_redis_is_nearly_full(ports):
    ports.streams.used = (90, 100)
    asked(ports)

    assert ports.streams.pressure().startswith("Redis uses")
