"""Beat entries. Two beats at once do no harm, and a missed tick delays, never loses."""

from __future__ import annotations

import time
from typing import Any

from celery import current_app
from celery.signals import beat_init, before_task_publish

from config import limits
from config.settings import Settings
from tasks.kombu_patch import HINT
from worker.adapters.observability.heartbeat import ALIVE, touch
from worker.core.messages import Sweep, Tick

current_app.conf.beat_schedule = {
    entry.task: {
        "task": entry.task,
        "schedule": every,
        # A tick that waited longer than this was overtaken by a newer one.
        "options": {"queue": entry.queue, "expires": 10 * every.total_seconds(), "headers": HINT},
    }
    for entry, every in ((Tick, limits.TICK_INTERVAL), (Sweep, limits.SWEEP_INTERVAL))
}


@beat_init.connect(weak=False)
def _watch(**_: Any) -> None:
    """Touch beat's file with what it sends, once a second; also while the broker is gone, since it tries."""
    alive, last = Settings.from_env().state_dir / ALIVE["beat"], 0.0

    def sending(**_: Any) -> None:
        nonlocal last
        if time.monotonic() - last >= 1:
            last = time.monotonic()
            touch(alive)

    before_task_publish.connect(sending, weak=False)
