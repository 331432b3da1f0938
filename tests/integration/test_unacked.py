"""The messages that a channel holds when its connection is lost, on a real Redis."""

import pytest
from kombu import Connection
from kombu.transport import redis

from tasks.unacked import QoS


@pytest.fixture
def held(redis_url, settings, monkeypatch):
    """A message that was received and not acknowledged, and how many of those Redis knows of."""
    monkeypatch.setattr(redis.Channel, "QoS", QoS)
    connection = Connection(redis_url, transport_options={"global_keyprefix": settings.key_prefix})
    with Connection(redis_url) as plain:
        queue = connection.SimpleQueue("jobs")
        queue.put("job")
        yield queue.get(timeout=5), lambda: plain.default_channel.client.hlen(f"{settings.key_prefix}unacked")


def let_go(channel):
    channel.connection = None


def closed(channel):
    channel.connection.client = None


@pytest.fixture(params=[let_go, closed])
def lost(held, request):
    """The same, after kombu lost the connection in one of its two ways."""
    message, unacked = held
    request.param(message.channel)
    message.channel._disconnect_pools()
    return message, unacked


def test_an_acknowledged_message_is_forgotten(held):
    message, unacked = held
    assert unacked() == 1

    message.ack()

    assert unacked() == 0


@pytest.mark.parametrize("settle", ["ack", "reject", "requeue"])
def test_a_worker_that_lost_its_connection_settles_nothing_and_lives(lost, settle):
    message, unacked = lost

    getattr(message, settle)()

    assert unacked() == 1


def test_a_channel_that_lost_its_connection_puts_nothing_back(lost):
    message, unacked = lost

    message.channel.qos.restore_unacked_once()

    assert unacked() == 1
