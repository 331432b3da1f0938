"""Delivery to sinks: the streams are the outbox, and each sink is a consumer group of its own.

    stream | the events it wants | send | taken: acknowledge
                                        | failed: defer it until it is due again, acknowledge; the sink rests
                                        | gone: the sink ends, nothing is acknowledged

So a sink that is slow or dead keeps nobody waiting but itself. It gets each event at least once, in the order of
the stream; what failed comes later than what followed it. The event's id tells a receiver what it has seen.
"""

from __future__ import annotations

import socket  # noqa: TID251 - for the host's name
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import structlog

from worker.adapters.observability import sentry
from worker.adapters.redis.deferred import HELD, DeferredDeliveries, SinkDelivery
from worker.adapters.redis.store import single
from worker.contract import Consumer, Event
from worker.core.errors import TransientError
from worker.delivery.config import Sink
from worker.delivery.schedule import Failure, next_attempt, rest
from worker.services import Services

log = structlog.get_logger("onrecord")
T = TypeVar("T")
_LOOK_S = 1.0  # how often second attempts are looked for, and Redis when it is away
_END_S = 20.0  # what is being sent ends by then


class _Stopped(BaseException):
    """The dispatcher was asked to stop; the consumer lets this through, and the event at hand unacknowledged."""


class Dispatcher:
    """Takes events to one sink: a thread for each of its streams, one for second attempts, one request at a time."""

    def __init__(self, sink: Sink, services: Services) -> None:
        self.sink = sink
        self._transport, self._services = sink.connect(services), services
        prefix, url = services.settings.key_prefix, single(services.redis_url)
        self._deferred = DeferredDeliveries(services.redis_url, prefix, sink.name)
        self._consumers = {
            stream: Consumer(
                stream, group=sink.group, url=url, only=sink.only, consumer=socket.gethostname(), prefix=prefix,
                attempts=1, reclaim_after=HELD.total_seconds(),
            )
            for stream in sink.streams
        }  # fmt: skip
        self._threads = [threading.Thread(target=self._follow, args=each) for each in self._consumers.items()]
        self._threads.append(threading.Thread(target=self._retry))
        self._stopped, self._sending = threading.Event(), threading.Lock()
        self._failures, self._rests_until = 0, 0.0

    def start(self) -> None:
        """Start delivering, unless the receiver has said that it wants no more.

        Raises:
            TransientError: Redis cannot be used.
        """
        if self._deferred.has_ended(self.sink.url):
            cure = f"give it another URL, or: onrecord sinks retry {self.sink.name}"
            log.warning("sink is gone", sink=self.sink.name, cure=cure)
            return
        for thread in self._threads:
            thread.start()

    def ask_to_stop(self) -> None:
        """Finish what is being sent; the rest is kept for the next start."""
        self._stopped.set()
        for consumer in self._consumers.values():
            consumer.stop()

    def join(self) -> None:
        """Wait for the end, once asked for."""
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(_END_S)
        self._transport.close()

    def _follow(self, stream: str, consumer: Consumer) -> None:
        """Deliver the events of a stream."""
        self._persist(lambda: consumer.run(lambda event: self._deliver(SinkDelivery(stream, event))))

    def _retry(self) -> None:
        """Deliver what is due again."""
        self._persist(self._retry_one)

    def _retry_one(self) -> None:
        delivery = self._deferred.take(self._services.clock.now())
        if delivery is None:
            self._wait(_LOOK_S)
        elif self._deliver(delivery):
            self._until_done(partial(self._deferred.forget, delivery.event.id))

    def _persist(self, act: Callable[[], None]) -> None:
        """Do something until stopped; whatever Redis answers, go on when it answers better."""
        while not self._stopped.is_set():
            try:
                act()
            except _Stopped:
                return
            except Exception as error:  # noqa: BLE001 - a full or read-only Redis, mostly; a bug is no reason to stop
                log.warning("sink waits for Redis", sink=self.sink.name, detail=f"{type(error).__name__}: {error}")
                self._stopped.wait(_LOOK_S)

    def _deliver(self, delivery: SinkDelivery) -> bool:
        """Send an event and tell whether it was taken; if not, it is deferred when this returns."""
        with self._sending:
            self._wait(self._rests_until - time.monotonic())
            failure = self._sent(delivery.event)
            self._note(failure)
        if failure and failure.gone:
            self._end(failure)
        elif failure:
            self._defer(replace(delivery, attempts=delivery.attempts + 1), failure)
        return failure is None

    def _sent(self, event: Event) -> Failure | None:
        try:
            return self._transport.send(event)
        except Exception as error:  # a bug: the consumer would take it for the event's fault
            log.exception("sink failed by our own fault", sink=self.sink.name, event_id=event.id)
            sentry.report(error)
            return Failure(f"{type(error).__name__}: {error}")

    def _note(self, failure: Failure | None) -> None:
        """Let the sink rest after a failure, ever longer; say when it begins to fail, and when that is over."""
        if failure is None:
            if self._failures:
                log.info("sink takes events again", sink=self.sink.name, failures=self._failures)
            self._failures = 0
            return
        self._failures += 1
        wait = rest(failure, self._failures, self._services.jitter()).total_seconds()
        self._rests_until = time.monotonic() + wait
        if self._failures == 1:
            log.warning("sink fails", sink=self.sink.name, why=failure.why)

    def _defer(self, delivery: SinkDelivery, failure: Failure) -> None:
        wait = next_attempt(failure, delivery.attempts, self._services.jitter())
        event_id, attempts = delivery.event.id, delivery.attempts
        about = {"sink": self.sink.name, "event_id": event_id, "why": failure.why, "attempts": attempts}
        if wait is None:
            log.error("event given up", **about)
            self._until_done(partial(self._deferred.bury, delivery, failure.why))
        else:
            log.info("event deferred", **about, seconds=round(wait.total_seconds()))
            self._until_done(partial(self._deferred.keep, delivery, self._services.clock.now() + wait))

    def _end(self, failure: Failure) -> None:
        log.error("sink is gone", sink=self.sink.name, why=failure.why)
        self._until_done(partial(self._deferred.end, self.sink.url))
        self.ask_to_stop()
        raise _Stopped

    def _until_done(self, act: Callable[[], T]) -> T:
        """Do something in Redis, however long that is away; what depends on it is not acknowledged before."""
        while True:
            try:
                return act()
            except TransientError:
                self._wait(_LOOK_S)

    def _wait(self, seconds: float) -> None:
        if self._stopped.wait(max(0.0, seconds)):
            raise _Stopped
