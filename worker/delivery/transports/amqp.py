"""RabbitMQ, and whatever else kombu speaks. The only module outside Celery's own that imports kombu.

At RabbitMQ: a durable topic exchange, persistent messages, and an event counts as delivered when the broker
confirmed it, which it does when the message is safe in every queue that is bound.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import structlog
from kombu import connection, entity, messaging
from kombu.transport import TRANSPORT_ALIASES

from worker.adapters.observability.sentry import scrub
from worker.contract import Event
from worker.contract.event import CONTENT_TYPE, encode
from worker.delivery.routing import routing_key
from worker.delivery.schedule import Failure
from worker.delivery.transport import SinkTable, Transport
from worker.services import Services

log = structlog.get_logger("onrecord")
_CONNECT_TIMEOUT_S = 5.0
_TIMEOUT_S = 10.0
_PERSISTENT = 2
#: py-amqp's own; the read time-out also bounds a broker that takes a message and never confirms it.
_AMQP_OPTIONS = {"confirm_publish": True, "read_timeout": _TIMEOUT_S, "write_timeout": _TIMEOUT_S}


class Exchange(Transport):
    """An exchange of a broker; one connection, made when it is needed, used by one thread at a time."""

    schemes = frozenset(TRANSPORT_ALIASES)
    expected = "amqp, amqps, or another that kombu has"
    keys = frozenset({"exchange"})

    def __init__(self, sink: str, url: str, exchange: str = "onrecord") -> None:
        self._sink, self._url = sink, url
        self._exchange = entity.Exchange(exchange, type="topic", durable=True)
        self._producer: Any = None
        self._unbound: set[str] = set()

    @classmethod
    def of(cls, table: SinkTable, services: Services) -> Exchange:  # noqa: ARG003 - a broker needs nothing of ours
        """Return the exchange of a table."""
        return cls(table.text("name"), table.url, table.text("exchange", "onrecord"))

    def send(self, event: Event) -> Failure | None:
        """Publish an event; None when the broker has it. It may have it also when a failure is returned."""
        is_old = self._producer is not None
        failure = self._publish(event)
        # An old connection may have broken long ago, while there was nothing to send.
        return self._publish(event) if failure and is_old else failure

    def close(self) -> None:
        """End the connection."""
        if self._producer is not None:
            producer, self._producer = self._producer, None
            with suppress(Exception):
                producer.connection.collect(socket_timeout=1.0)

    def _publish(self, event: Event) -> Failure | None:
        try:
            self._producer = self._producer or self._connected()
            self._producer.publish(
                encode(event)["event"].encode(),
                exchange=self._exchange,
                routing_key=routing_key(event),
                content_type=CONTENT_TYPE,
                content_encoding="utf-8",
                delivery_mode=_PERSISTENT,
                message_id=event.id,
                type=event.type,
                mandatory=True,
                timeout=_TIMEOUT_S,
                confirm_timeout=_TIMEOUT_S,
            )
        except Exception as error:  # noqa: BLE001 - each transport has its own
            self.close()  # a late confirm must not be taken for that of the next message
            return Failure(scrub(f"{type(error).__name__}: {error}")[:300])
        return None

    def _connected(self) -> Any:
        is_amqp = "amqp" in self._url.partition(":")[0]  # others confirm by returning, and return nothing
        options = _AMQP_OPTIONS if is_amqp else {}
        made = connection.Connection(
            self._url,
            connect_timeout=_CONNECT_TIMEOUT_S,
            transport_options=options,
            # Without a name, py-amqp believes any certificate that somebody vouches for; None stands for the URL's.
            ssl={"server_hostname": None} if self._url.startswith("amqps:") else False,
        )
        made.connect()
        return messaging.Producer(made.channel(), self._exchange, on_return=self._returned if is_amqp else None)

    def _returned(self, _error: Exception, _exchange: str, key: str, _message: Any) -> None:
        """Say once for each routing key that no queue is bound for it: the broker dropped the event, as it should."""
        if key not in self._unbound:
            self._unbound.add(key)
            log.warning("no queue is bound", sink=self._sink, exchange=self._exchange.name, routing_key=key)


TRANSPORT = Exchange
