"""Sending messages: the only `apply_async` in the repository."""

from __future__ import annotations

import time
from collections.abc import Iterable

from celery import current_app
from kombu.exceptions import BatchPublishError, OperationalError

from tasks.kombu_patch import HINT
from worker.core.errors import Reason, TransientError
from worker.core.messages import Message, to_fields


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
        with current_app.producer_or_acquire() as producer, producer.batch():
            for message in pending:
                fields = to_fields(message)
                current_app.tasks[message.task].apply_async(
                    kwargs=fields,
                    queue=message.queue,
                    producer=producer,
                    headers={**HINT, "sent": time.time()},
                    argsrepr="()",  # given, since Celery's own abridged ones take as long as the rest of the message
                    kwargsrepr=repr(fields),
                )
    except (OperationalError, BatchPublishError) as error:
        raise TransientError(Reason.STORE_UNAVAILABLE, "broker", str(error)) from error
