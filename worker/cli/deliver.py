"""`onrecord deliver`: the events on the streams to the sinks."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from config.settings import Settings
from worker.adapters.observability import logs, sentry
from worker.cli.runner import asked_to_end
from worker.cli.sinks import configured
from worker.delivery.config import SinksFileError
from worker.delivery.dispatcher import Dispatcher
from worker.services import Services

_LOOK_S = 0.3


def deliver(settings: Settings) -> None:
    """Deliver until SIGTERM or Ctrl-C.

    Raises:
        SinksFileError: Something is wrong with the sinks, or there are none.
        TransientError: Redis cannot be used.
    """
    sinks = configured(settings)
    if not sinks:
        raise SinksFileError([f"{settings.sinks}: no [[sink]] in it; what one looks like stands there"])
    logs.configure(settings.log_level, settings.log_format)
    sentry.configure(settings.sentry_dsn, settings.sentry_environment)
    services = Services.of(settings)
    with asked_to_end() as asked, _running([Dispatcher(sink, services) for sink in sinks]):
        while not asked:
            time.sleep(_LOOK_S)


@contextmanager
def _running(dispatchers: Sequence[Dispatcher]) -> Iterator[None]:
    try:
        for dispatcher in dispatchers:
            dispatcher.start()
        yield
    finally:
        for dispatcher in dispatchers:
            dispatcher.ask_to_stop()
        for dispatcher in dispatchers:
            dispatcher.join()
