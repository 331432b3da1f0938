"""A patch of kombu's Redis transport, for this process: importing the module applies it.

Three things are changed, each in the class or method that says so. Each can go for a reason of its own:

- Hints are held in memory only (`HintQoS`, decision 0040). This can go when kombu lets a sender say that a message
  need not be kept for redelivery.
- A message on a channel that lost its connection is left alone. kombu 5.7.0 tries to acknowledge it, fails with an
  AttributeError, and so ends the whole worker. This can go when kombu no longer fails, which
  `tests/integration/test_kombu_patch.py` notices.
- A channel makes one client for its pool (`OneClientChannel`). kombu 5.7.0 makes one for each command, which takes as
  long as the command. This can go when kombu keeps the client.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis, virtual

#: The header of a message that may be lost: the ledger, or the schedule, sends another in its place.
HINT = {"hint": True}


class HintQoS(redis.QoS):
    """What a channel holds that is not acknowledged yet: hints in memory, all else in memory and in Redis.

    kombu writes each message that it received to Redis, and takes it out again, to send it once more after the
    visibility time-out when its worker died. The ledger's lease ends long before that, so for hints this was a third
    of what Celery took. The copy in Redis stays for what comes from outside and is in no ledger yet.

    A channel that lost its connection acknowledges nothing; the ledger's sweep brings the message back.
    """

    def append(self, message: Any, delivery_tag: str) -> None:
        """Hold a message that was received."""
        if _is_hint(message):
            virtual.QoS.append(self, message, delivery_tag)
        else:
            super().append(message, delivery_tag)  # type: ignore[no-untyped-call]

    def restore_unacked(self, client: Any = None) -> None:
        """Put back what was not acknowledged."""
        if self._is_connected():
            for tag in [tag for tag in self._delivered if self._has_hint(tag)]:
                self._put_back(tag)
                del self._delivered[tag]
            super().restore_unacked(client)  # type: ignore[no-untyped-call]

    def ack(self, delivery_tag: str) -> None:
        """Forget a message that was handled."""
        if self._has_hint(delivery_tag):
            virtual.QoS.ack(self, delivery_tag)
        elif self._is_connected():
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Forget a message, or put it back."""
        if self._has_hint(delivery_tag):
            if requeue and self._is_connected():
                self._put_back(delivery_tag)
            virtual.QoS.ack(self, delivery_tag)
        elif self._is_connected():
            super().reject(delivery_tag, requeue)  # type: ignore[no-untyped-call]

    def _has_hint(self, delivery_tag: str) -> bool:
        return _is_hint(self._delivered.get(delivery_tag))

    def _put_back(self, delivery_tag: str) -> None:
        virtual.Channel._restore(self.channel, self._delivered[delivery_tag])  # noqa: SLF001

    def _is_connected(self) -> bool:
        transport = self.channel.connection  # it, or the connection that it had, is None when that was closed
        return transport is not None and transport.client is not None


class OneClientChannel(redis.Channel):
    """A channel that makes one client for its pool, and holds messages as `HintQoS` does."""

    QoS = HintQoS
    _plain: Any = None

    def _create_client(self, asynchronous: bool = False) -> Any:
        if asynchronous:
            return super()._create_client(asynchronous)  # type: ignore[no-untyped-call]
        if self._plain is None or self._plain.connection_pool is not self.pool:
            self._plain = super()._create_client()  # type: ignore[no-untyped-call]
        return self._plain


def _is_hint(message: Any) -> bool:
    return bool(message is not None and message.headers and message.headers.get("hint"))


redis.Transport.Channel = OneClientChannel
