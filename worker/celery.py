"""The Celery app. The only module of worker/ that imports celery.

`celery -A worker worker`, `... beat` and `... call` find it as `worker.app`.
"""

from __future__ import annotations

import warnings
from contextlib import suppress
from typing import Any

from celery import Celery
from celery.exceptions import CPendingDeprecationWarning
from celery.signals import beat_init, setup_logging, worker_process_init
from kombu.transport import redis

from config.broker import celery_config
from config.settings import Settings
from worker.adapters import embedded, logs, sentry
from worker.services import redis_folder

settings = Settings.from_env()
broker = settings.broker_url or embedded.resolve_url(settings.redis_url, redis_folder(settings))
# At each lost connection Celery recommends what config/broker.py has decided against, with its reason.
warnings.simplefilter("ignore", CPendingDeprecationWarning)

app = Celery(
    "onrecord",
    include=["tasks.articles", "tasks.feeds", "tasks.upkeep", "tasks.schedule", "tasks.watchdog"],
    config_source=celery_config(settings, broker),
)


class _QoS(redis.QoS):
    """Puts back what was not acknowledged, unless the connection is gone; the ledger's sweep does it then.

    kombu 5.7.0 tries all the same, on a channel whose connection it has let go of, and so ends the whole worker.
    """

    def restore_unacked(self, client: Any = None) -> None:
        with suppress(AttributeError):
            super().restore_unacked(client)  # type: ignore[no-untyped-call]


redis.Channel.QoS = _QoS


@setup_logging.connect(weak=False)
def _log(**_: Any) -> None:
    logs.configure(settings.log_level, settings.log_format)


@worker_process_init.connect(weak=False)
@beat_init.connect(weak=False)
def _report(**_: Any) -> None:
    sentry.configure(settings.sentry_dsn, settings.sentry_environment)
