"""Sending messages: the only `apply_async` in the repository."""

from __future__ import annotations

from collections.abc import Iterable

from celery import current_app
from kombu.exceptions import OperationalError

from worker.errors import Reason, TransientError
from worker.messages import Message, to_fields


def send_all(messages: Iterable[Message]) -> None:
    """Put messages on their queues, over one connection.

    A lost message is no lost work: the ledger hands it out again when its lease ends.

    Raises:
        TransientError: If the broker cannot be reached.
    """
    pending = list(messages)
    if not pending:
        return
    try:
        with current_app.producer_or_acquire() as producer:
            for message in pending:
                current_app.tasks[message.task].apply_async(
                    kwargs=to_fields(message), queue=message.queue, producer=producer
                )
    except OperationalError as error:
        raise TransientError(Reason.STORE_UNAVAILABLE, "broker", str(error)) from error
