"""A worker that takes nothing from queues that are not empty ends, so that whoever runs it starts a fresh one.

Until then, a file in its state folder that grows old says to those who look from outside that it makes no progress.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis
import structlog
from celery.signals import worker_ready
from celery.worker import state

from config import broker
from config.settings import Settings, is_amqp
from worker.adapters.observability.heartbeat import ALIVE, touch
from worker.adapters.redis.store import connect

log = structlog.get_logger("onrecord")

#: How often it looks; a stall is noticed this much late at most.
_EVERY_S = 1.0
#: EX_TEMPFAIL of sysexits.h: start me again.
EXIT_STATUS = 75


class Stall:
    """For how long messages have waited while none was taken."""

    def __init__(self) -> None:
        self._taken = -1
        self._since = 0.0

    def seconds(self, now: float, *, taken: int, waiting: int) -> float:
        """Return the seconds of stall at monotonic time `now`.

        Args:
            now: Seconds.
            taken: How many messages were taken since the worker started.
            waiting: How many wait; 0 also when that is not known.
        """
        if not waiting or taken != self._taken:
            self._taken, self._since = taken, now
        return now - self._since


@worker_ready.connect(weak=False)
def start(sender: Any, **_: Any) -> None:
    """Watch the worker that became ready, for as long as it lives."""
    queues = list(sender.app.amqp.queues.consume_from)
    alive = Settings.from_env().state_dir / ALIVE["worker"]
    waiting = _in_rabbitmq if is_amqp(sender.app.conf.broker_url) else _in_redis
    threading.Thread(target=_watch, args=(waiting(sender.app, queues), alive), daemon=True, name="watchdog").start()


def _watch(waiting: Callable[[], int], alive: Path) -> None:
    stall, limit = Stall(), broker.STALL_LIMIT.total_seconds()
    while True:
        seconds = stall.seconds(time.monotonic(), taken=state.all_total_count[0], waiting=waiting())
        if seconds < limit / 2:
            touch(alive)
        if seconds > limit:
            log.error(
                "stuck", detail=f"took nothing for {seconds:.0f} s though messages wait; ends to be started again"
            )
            os._exit(EXIT_STATUS)  # its children end with it; what they held comes back with the next sweep
        time.sleep(_EVERY_S)


def _in_redis(app: Any, queues: list[str]) -> Callable[[], int]:
    """Return what counts the messages that wait; 0 while Redis does not say."""
    client, prefix = connect(app.conf.broker_url), app.conf.broker_transport_options["global_keyprefix"]

    def count() -> int:
        try:
            pipe = client.pipeline(transaction=False)
            for queue in queues:
                pipe.llen(prefix + queue)
            return int(sum(pipe.execute()))
        except redis.RedisError:
            return 0

    return count


def _in_rabbitmq(app: Any, queues: list[str]) -> Callable[[], int]:
    """Return what counts the messages that wait; 0 while RabbitMQ does not say."""
    connection: Any = None

    def count() -> int:
        nonlocal connection
        connection = connection or app.connection_for_read(connect_timeout=5)
        try:
            connection.connect()  # once; `default_channel` would wait for RabbitMQ for ever
            with connection.channel() as channel:
                return sum(channel.queue_declare(queue, passive=True).message_count for queue in queues)
        except (*connection.connection_errors, *connection.channel_errors):
            connection.release()
            connection = None
            return 0

    return count
