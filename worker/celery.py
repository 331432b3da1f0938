"""The Celery app. The only module of worker/ that imports celery.

`celery -A worker worker`, `... beat` and `... call` find it as `worker.app`.
"""

from __future__ import annotations

import gc
import warnings
from contextlib import suppress
from typing import Any

from celery import Celery
from celery.exceptions import CPendingDeprecationWarning
from celery.signals import beat_init, setup_logging, worker_init, worker_process_init, worker_process_shutdown

from config.broker import celery_config
from config.settings import Settings, SettingsError
from worker.adapters import embedded
from worker.adapters.observability import logs, sentry, tracing
from worker.services import check_engine, redis_folder

settings = Settings.from_env()
if missing := tracing.problem(settings.otlp_endpoint):
    raise SettingsError([missing])
check_engine(settings)
broker = settings.broker_url or embedded.resolve_url(settings.redis_url, redis_folder(settings))
# At each lost connection Celery recommends what config/broker.py has decided against, with its reason.
warnings.simplefilter("ignore", CPendingDeprecationWarning)

app = Celery(
    "onrecord",
    include=["tasks.articles", "tasks.feeds", "tasks.upkeep", "tasks.schedule", "tasks.watchdog", "tasks.kombu_patch"],
    config_source=celery_config(settings, broker),
)


@setup_logging.connect(weak=False)
def _log(**_: Any) -> None:
    logs.configure(settings.log_level, settings.log_format)


@worker_process_init.connect(weak=False)
@beat_init.connect(weak=False)
def _report(**_: Any) -> None:
    sentry.configure(settings.sentry_dsn, settings.sentry_environment)


@worker_init.connect(weak=False)
def _load(**_: Any) -> None:
    """Load the models before the pool forks, so that its children share them, and have nothing to load at all."""
    from worker.pipeline.extraction import load_models  # noqa: PLC0415 - beat and clients need none of it

    with suppress(LookupError):  # the first article says what is wrong, and is tried again
        load_models(settings.engine)
    gc.freeze()  # a collection in a child would write to each object, and so make a copy of it


@worker_process_init.connect(weak=False)
def _trace(**_: Any) -> None:
    tracing.configure(settings.otlp_endpoint)


@worker_process_shutdown.connect(weak=False)
def _send_last_spans(**_: Any) -> None:
    tracing.shutdown()
