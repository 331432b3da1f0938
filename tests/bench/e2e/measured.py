"""The worker's Celery app with a stopwatch: CPU time by stage, counted in the pool children themselves.

Each child writes into a file of its own in the state folder, through memory that it shares with whoever reads it.
Clocks are read at the door of each stage, some thirty times an article, for about a microsecond each.
"""

from __future__ import annotations

import mmap
import os
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from celery.signals import worker_process_init

import worker.clean.article
import worker.clean.tree
from tasks import base
from tests.bench.e2e.stages import CELERY, STAGES
from worker import pipeline
from worker.adapters.journal import Journal
from worker.adapters.ledger import RedisLedger
from worker.adapters.pages import RedisPages
from worker.adapters.robots import RedisRobotsCache
from worker.adapters.store import Scripts
from worker.celery import app, settings

__all__ = ["app"]

#: What belongs to a stage: whatever it calls of another stage is that one's.
_DOORS: dict[str, list[tuple[object, str]]] = {
    "poll": [(pipeline, "poll_feed")],
    "fetch": [(pipeline, "fetch_article")],
    "decode, parse": [
        (worker.clean.article, "decode"),
        (worker.clean.article, "scan"),
        (worker.clean.tree, "LexborHTMLParser"),
    ],
    "clean": [(pipeline, "clean")],
    "statements": [(pipeline, "extract")],
    "events": [(pipeline, "process_article")],
    "ledger, pages, publish": [
        (Scripts, "__call__"),
        (Journal, "write"),
        *((RedisLedger, name) for name in ("pace", "listing", "job")),
        *((RedisPages, name) for name in ("put", "get", "remove")),
        *((RedisRobotsCache, name) for name in ("get", "put")),
    ],
    "hand out, sweep": [(pipeline, "tick"), (pipeline, "sweep")],
    "send": [(base, "send_all")],
    "log": [(base, "_log")],
}


class Stopwatch:
    """CPU seconds of this process by stage; at any time one stage runs."""

    def __init__(self) -> None:
        self._totals = memoryview(bytearray(8 * len(STAGES))).cast("d")
        self._stage = STAGES.index(CELERY)
        self._since = 0.0

    def start(self, file: Path) -> None:
        """Count from now on, in a file."""
        size = 8 * len(STAGES)
        file.write_bytes(bytes(size))
        with file.open("r+b") as opened:
            self._totals = memoryview(mmap.mmap(opened.fileno(), size)).cast("d")
        self._since = time.process_time()

    def switch(self, stage: int) -> int:
        """Count for another stage from now on; return the one before."""
        now, before = time.process_time(), self._stage
        self._totals[before] += now - self._since
        self._since, self._stage = now, stage
        return before


stopwatch = Stopwatch()


def _through(stage: int, function: Callable) -> Callable:
    @wraps(function, updated=())
    def measured(*args, **options):
        before = stopwatch.switch(stage)
        try:
            return function(*args, **options)
        finally:
            stopwatch.switch(before)

    return measured


for _stage, _functions in _DOORS.items():
    for _where, _name in _functions:
        setattr(_where, _name, _through(STAGES.index(_stage), getattr(_where, _name)))


@worker_process_init.connect(weak=False)
def _start(**_: object) -> None:
    stopwatch.start(settings.state_dir / f"stages-{os.getpid()}")


@app.task(name="bench.empty")
def empty(**_: object) -> None:
    """Do nothing: what Celery takes for a task."""
