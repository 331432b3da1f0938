"""The worker's Celery app with a stopwatch: CPU time by stage, counted in the pool children themselves.

Each child writes into a file of its own in the state folder, through memory that it shares with whoever reads it.
Clocks are read at the door of each stage, some thirty times an article, for about a microsecond each.
"""

from __future__ import annotations

import mmap
import os
import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from celery.signals import worker_process_init

from tasks import base
from tasks.dispatch import send_all
from tools.bench.e2e.stages import CELERY, STAGES, STORE
from worker.adapters.redis.articles import RedisArticles
from worker.adapters.redis.feeds import RedisFeeds
from worker.adapters.redis.hosts import RedisHosts
from worker.adapters.redis.journal import Journal
from worker.adapters.redis.pages import RedisPages
from worker.adapters.redis.robots import RedisRobotsCache
from worker.adapters.redis.store import Scripts
from worker.celery import app, settings
from worker.clean import clean
from worker.clean.decode import decode
from worker.clean.html.tokeniser import read_tree
from worker.pipeline import articles
from worker.pipeline.clustering import with_clusters
from worker.statements import extract

__all__ = ["app"]

#: What belongs to a stage: whatever it calls of another stage is that one's. Functions, wherever they are called from.
_DOORS: dict[str, list[Callable]] = {
    "poll": [articles.poll_feed],
    "fetch": [articles.fetch_article],
    "decode, parse": [decode, read_tree],
    "clean": [clean],
    "statements": [extract],
    "events": [articles.process_article],
    "clusters": [with_clusters],
    "hand out, sweep": [articles.tick, articles.sweep],
    "send": [send_all],
    "log": [base._log],
}
#: Methods, of the stage "ledger, pages, publish".
_STORE: dict[type, tuple[str, ...]] = {
    Scripts: ("__call__",),
    Journal: ("write",),
    RedisArticles: ("job",),
    RedisFeeds: ("listing",),
    RedisHosts: ("pace",),
    RedisPages: ("put", "get", "remove"),
    RedisRobotsCache: ("get", "put"),
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


def _measure(stage: str, function: Callable) -> None:
    """Put the stopwatch before a function in every module that has it."""
    measured = _through(STAGES.index(stage), function)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in {"worker", "tasks"}:
            for alias, value in list(vars(module).items()):
                if value is function:
                    setattr(module, alias, measured)
    for kind, use_case in articles.USE_CASES.items():
        if use_case is function:
            articles.USE_CASES[kind] = measured


for _stage, _functions in _DOORS.items():
    for _function in _functions:
        _measure(_stage, _function)
for _class, _names in _STORE.items():
    for _name in _names:
        setattr(_class, _name, _through(STAGES.index(STORE), getattr(_class, _name)))


@worker_process_init.connect(weak=False)
def _start(**_: object) -> None:
    stopwatch.start(settings.state_dir / f"stages-{os.getpid()}")


@app.task(name="bench.empty")
def empty(**_: object) -> None:
    """Do nothing: what Celery takes for a task."""
