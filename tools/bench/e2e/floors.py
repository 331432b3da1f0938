"""The least that could be done with an article, on the same pages, with the same libraries, in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import urllib3
from celery import Celery
from selectolax.lexbor import LexborHTMLParser

from config.broker import celery_config
from config.settings import Settings
from tests.newsroom.bulk import Wire
from tools.bench.e2e.meter import Meter
from worker.adapters.redis.store import connect

_PAGES = 200
_TASKS = 1_000
_BATCH = 500


class Floors:
    """Measures CPU milliseconds; what the newsroom takes is not among them."""

    def __init__(self, settings: Settings, redis_url: str, meter: Meter) -> None:
        self._settings, self._url, self._meter = settings, redis_url, meter
        self._client = connect(redis_url)

    def measure(self, wire: Wire) -> dict[str, float]:
        """Return milliseconds by name; articles 0 to 199 of the wire must have been published."""
        pages = [wire.page(n).decode() for n in range(_PAGES)]
        return {
            "parse": self._cost(_PAGES, lambda: [LexborHTMLParser(page) for page in pages]),
            "bare GET": self._cost(_PAGES, lambda: [_get(wire.url(n)) for n in range(_PAGES)]),
            "raw XADD": self._cost(_PAGES, self._add_again, "Redis"),
            "empty task": self._cost(_TASKS, self._run_empty_tasks, "Redis", "worker: parent", "worker: children"),
        }

    def _cost(self, times: int, work: Callable[[], object], *roles: str) -> float:
        """Return milliseconds of this process, and of what else has a part in it."""
        before, own = self._meter.cpu(), time.process_time()
        work()
        own, after = time.process_time() - own, self._meter.cpu()
        return (own + sum(after[role] - before[role] for role in roles)) / times * 1e3

    def _add_again(self) -> None:
        """Add what was published of some articles to streams that nobody reads."""
        statements = self._published("statements")
        rate = self._client.xlen(self._stream("statements")) / self._client.xlen(self._stream("articles"))
        for article, _ in zip(self._published("articles"), range(_PAGES), strict=False):
            pipe = self._client.pipeline(transaction=False)
            pipe.xadd("bench:articles", article)
            for _ in range(round(rate)):
                pipe.xadd("bench:statements", next(statements))
            pipe.execute()

    def _published(self, name: str) -> Iterator[dict[str, str]]:
        last = "-"
        while batch := self._client.xrange(self._stream(name), last, count=_BATCH):
            yield from (fields for _, fields in batch)
            last = f"({batch[-1][0]}"

    def _stream(self, name: str) -> str:
        return f"{self._settings.key_prefix}:{name}"

    def _run_empty_tasks(self) -> None:
        """Send tasks that do nothing, and wait until the worker has done them."""
        app = Celery("bench", config_source=celery_config(self._settings, self._url))
        queue = app.conf.broker_transport_options["global_keyprefix"] + "cpu"
        with app.producer_or_acquire() as producer:
            for _ in range(_TASKS):
                app.send_task("bench.empty", queue="cpu", producer=producer)
        while self._client.llen(queue):
            time.sleep(0.1)


def _get(url: str) -> bytes:
    with urllib3.PoolManager() as pool:
        return pool.request("GET", url, headers={"Accept-Encoding": "gzip", "Connection": "close"}).data
