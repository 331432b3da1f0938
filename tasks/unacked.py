"""What a worker's channel still holds when its connection to the broker is lost."""

from __future__ import annotations

from typing import Any

from kombu.transport import redis


class QoS(redis.QoS):
    """Settles no message on a channel that has let go of its connection; the ledger's sweep does it then.

    kombu 5.7.0 tries all the same, fails with an AttributeError, and so ends the whole worker.
    """

    def restore_unacked(self, client: Any = None) -> None:
        """Put back what was not acknowledged."""
        if self._is_connected():
            super().restore_unacked(client)  # type: ignore[no-untyped-call]

    def ack(self, delivery_tag: str) -> None:
        """Forget a message that was handled."""
        if self._is_connected():
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Forget a message, or put it back."""
        if self._is_connected():
            super().reject(delivery_tag, requeue)  # type: ignore[no-untyped-call]

    def _is_connected(self) -> bool:
        transport = self.channel.connection  # it, or the connection that it had, is None when that was closed
        return transport is not None and transport.client is not None


redis.Channel.QoS = QoS
