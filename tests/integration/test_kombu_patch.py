"""The messages that a channel holds when its connection is lost, on a real Redis."""

import pytest
from celery import Celery
from kombu.connection import Connection
from kombu.transport import redis

from config.broker import celery_config
from tasks import dispatch
from tasks.kombu_patch import HINT, OneClientChannel
from worker.adapters import embedded
from worker.adapters.redis.store import connect
from worker.core.errors import TransientError
from worker.core.messages import Tick


@pytest.fixture
def queue(redis_url, settings, monkeypatch):
    monkeypatch.setattr(redis.Transport, "Channel", OneClientChannel)
    queue = Connection(redis_url, transport_options={"global_keyprefix": settings.key_prefix}).SimpleQueue("jobs")
    yield queue
    queue.channel.do_restore = False  # when Python ends, this Redis is gone


@pytest.fixture
def unacked(redis_url, settings):
    """How many messages Redis knows of that were received and not acknowledged."""
    with Connection(redis_url) as plain:
        yield lambda: plain.default_channel.client.hlen(f"{settings.key_prefix}unacked")


@pytest.fixture
def waiting(redis_url, settings):
    """How many messages are on the queue."""
    with Connection(redis_url) as plain:
        yield lambda: plain.default_channel.client.llen(f"{settings.key_prefix}jobs")


@pytest.fixture
def held(queue, unacked):
    """A message that was received and not acknowledged, and how many of those Redis knows of."""
    queue.put("job")
    return queue.get(timeout=5), unacked


@pytest.fixture
def hint(queue):
    """A message that may be lost, received and not acknowledged."""
    queue.put("job", headers=HINT)
    return queue.get(timeout=5)


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


@pytest.mark.parametrize("lose", [let_go, closed])
def test_kombu_itself_still_fails_on_a_lost_connection_so_the_patch_is_needed(redis_url, settings, monkeypatch, lose):
    monkeypatch.setattr(redis.Transport, "Channel", redis.Channel)
    plain = Connection(redis_url, transport_options={"global_keyprefix": settings.key_prefix}).SimpleQueue("jobs")
    plain.put("job")
    message = plain.get(timeout=5)
    lose(message.channel)
    message.channel._disconnect_pools()
    plain.channel.do_restore = False

    with pytest.raises(AttributeError):
        message.ack()


def test_a_hint_is_held_without_a_word_to_redis(hint, unacked, waiting):
    assert unacked() == 0

    hint.ack()
    hint.channel.qos.restore_unacked_once()

    assert waiting() == 0


def test_a_hint_whose_child_died_comes_again(queue, hint):
    hint.requeue()

    assert queue.get(timeout=5).payload == "job"


def test_a_hint_that_is_refused_does_not(hint, waiting):
    hint.reject()
    hint.channel.qos.restore_unacked_once()

    assert waiting() == 0


def test_a_worker_that_ends_puts_hints_and_others_back(queue, hint, unacked, waiting):
    queue.put("other")
    queue.get(timeout=5)

    hint.channel.qos.restore_unacked_once()

    assert waiting() == 2
    assert unacked() == 0


@pytest.mark.parametrize("lose", [let_go, closed])
@pytest.mark.parametrize("settle", ["ack", "reject", "requeue"])
def test_a_hint_on_a_lost_connection_ends_no_worker(hint, lose, settle):
    lose(hint.channel)
    hint.channel._disconnect_pools()

    getattr(hint, settle)()
    hint.channel.qos.restore_unacked_once()


def test_a_channel_makes_one_client_until_its_pool_is_another(queue):
    channel = queue.channel
    with channel.conn_or_acquire() as first, channel.conn_or_acquire() as second:
        assert first is second

    channel._disconnect_pools()

    with channel.conn_or_acquire() as other:
        assert other is not first
        assert other.ping()


def test_a_redis_that_refuses_a_batch_is_said_to_be_away(tmp_path, settings, monkeypatch):
    url = embedded.ensure(tmp_path / "full")
    try:
        app = Celery(set_as_current=False, config_source=celery_config(settings, url))

        @app.task(name=Tick.task)
        def tick():
            """Is sent, and never runs."""

        monkeypatch.setattr(dispatch, "current_app", app)
        dispatch.send_all([Tick(), Tick()])
        connect(url).config_set("maxmemory", 1)

        with pytest.raises(TransientError, match="store_unavailable"):
            dispatch.send_all([Tick(), Tick()])
    finally:
        embedded.stop(tmp_path / "full")
