"""Beat entries. Two beats at once do no harm, and a missed tick delays, never loses."""

from __future__ import annotations

from celery import current_app

from config import limits
from tasks.unacked import HINT
from worker.messages import Sweep, Tick

current_app.conf.beat_schedule = {
    entry.task: {
        "task": entry.task,
        "schedule": every,
        # A tick that waited longer than this was overtaken by a newer one.
        "options": {"queue": entry.queue, "expires": 10 * every.total_seconds(), "headers": HINT},
    }
    for entry, every in ((Tick, limits.TICK_INTERVAL), (Sweep, limits.SWEEP_INTERVAL))
}
