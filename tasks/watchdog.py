"""A worker that takes nothing from queues that are not empty ends, so that whoever runs it starts a fresh one."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import redis
import structlog
from celery.signals import worker_ready
from celery.worker import state

from config import broker
from worker.adapters.store import connect

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
    conf = sender.app.conf
    prefix = conf.broker_transport_options["global_keyprefix"]
    keys = [prefix + queue for queue in sender.app.amqp.queues.consume_from]
    threading.Thread(target=_watch, args=(conf.broker_url, keys), daemon=True, name="watchdog").start()


def _watch(url: str, keys: list[str]) -> None:
    client, stall, limit = connect(url), Stall(), broker.STALL_LIMIT.total_seconds()
    while True:
        time.sleep(_EVERY_S)
        seconds = stall.seconds(time.monotonic(), taken=state.all_total_count[0], waiting=_waiting(client, keys))
        if seconds > limit:
            log.error(
                "stuck", detail=f"took nothing for {seconds:.0f} s though messages wait; ends to be started again"
            )
            os._exit(EXIT_STATUS)  # its children end with it; what they held comes back with the next sweep


def _waiting(client: Any, keys: list[str]) -> int:
    """Return how many messages wait; 0 while Redis does not say."""
    try:
        pipe = client.pipeline(transaction=False)
        for key in keys:
            pipe.llen(key)
        return int(sum(pipe.execute()))
    except redis.RedisError:
        return 0
