"""What Prometheus scrapes, read from Redis at that moment.

So it is the same whichever process is asked, it outlives all of them, and no worker needs a port.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import Any, TypeAlias

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector as BaseCollector

from config.broker import QUEUES
from config.settings import is_amqp
from worker.adapters.observability import metrics
from worker.adapters.observability.metrics import Metric
from worker.adapters.redis.measures import Histogram
from worker.adapters.redis.store import store_errors
from worker.core.errors import Reason
from worker.services import Services

Row: TypeAlias = tuple[Sequence[str], float]
Families: TypeAlias = Iterator[Family]

_MOST_GROUPS = 100  # consumer groups are an operator's own, but nothing keeps a program from making thousands
_STATUSES = frozenset({"ok", "not polled yet", "found again", *Reason})


def exposition(services: Services) -> bytes:
    """Return all metrics in Prometheus' text format.

    Raises:
        TransientError: STORE_UNAVAILABLE; then nothing is shown rather than a part.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(services))
    return generate_latest(registry)


class _Collector(BaseCollector):
    """Every metric with its present value; some ten round trips."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._prefix = services.settings.key_prefix

    def collect(self) -> Iterable[Family]:
        return chain(
            self._articles(), self._attempts(), self._queues(), self._waiting(), self._streams(), self._health()
        )

    def _articles(self) -> Families:
        counts, rechecks = self._services.status.counts(), self._services.status.rechecks()
        discovered, in_flight = counts.pop("discovered", 0), counts.pop("in_flight")
        rechecks.pop("waiting")
        yield _one(metrics.DISCOVERED, discovered)
        yield _family(metrics.ARTICLES, [(_outcome(name), number) for name, number in counts.items()])
        yield _one(metrics.IN_FLIGHT, in_flight)
        yield _one(metrics.UNACCOUNTED, discovered - sum(counts.values()) - in_flight)
        yield _family(metrics.RECHECKS, [((came,), number) for came, number in rechecks.items()])

    def _attempts(self) -> Families:
        read = self._services.measures.read()
        yield _family(metrics.ATTEMPTS, list(read.attempts().items()))
        yield _histograms(metrics.ATTEMPT_SECONDS, read.attempt_seconds(), metrics.ATTEMPT_BOUNDS)
        yield _histograms(metrics.FOUND_TO_EVENT, {"": read.found_to_event()}, metrics.DELAY_BOUNDS)
        yield _histograms(metrics.PUBLICATION_TO_EVENT, {"": read.publication_to_event()}, metrics.DELAY_BOUNDS)

    def _queues(self) -> Families:
        """Yield what waits in the broker: messages are put in on the left, and taken on the right."""
        if is_amqp(self._services.broker_url):  # RabbitMQ shows them itself, by its plugin for Prometheus
            return
        pipe = self._services.broker.pipeline(transaction=False)
        for queue in QUEUES:
            key = f"{self._prefix}:celery:{queue}"
            pipe.llen(key).lindex(key, -1)
        with store_errors("queues"):
            replies = pipe.execute()
        now = self._services.clock.now().timestamp()
        ages = [((queue,), _age(message, now)) for queue, message in zip(QUEUES, replies[1::2], strict=True)]
        yield _family(metrics.QUEUE, [((queue,), n) for queue, n in zip(QUEUES, replies[::2], strict=True)])
        yield _family(metrics.QUEUE_OLDEST, [(labels, age) for labels, age in ages if age is not None])

    def _waiting(self) -> Families:
        found = self._services.status.waiting()
        yield _one(metrics.RUNNING, found.running)
        yield _one(metrics.HOSTS, found.hosts)
        yield _one(metrics.FEEDS_DUE, found.feeds_due)
        yield _one(metrics.FEED_LATE, found.feed_late.total_seconds())
        yield _one(metrics.OLDEST, found.oldest.total_seconds())
        yield _one(metrics.EDITIONS, found.snapshots)
        yield _one(metrics.EDITIONS_BYTES, found.snapshots_bytes)
        statuses: Counter[str] = Counter()
        for status, number in self._services.registry.statuses().items():
            statuses[status if status in _STATUSES else "other"] += number
        yield _family(metrics.FEEDS, [((status,), number) for status, number in sorted(statuses.items())])

    def _streams(self) -> Families:
        streams = self._services.streams
        yield _family(metrics.ENTRIES, [((name,), number) for name, number in streams.lengths().items()])
        yield _family(metrics.STREAM_BYTES, [((name,), number) for name, number in streams.bytes().items()])
        groups = sorted(streams.groups(), key=lambda group: -group.lag)[:_MOST_GROUPS]
        named = [((group.stream, group.name), group) for group in groups]
        yield _family(metrics.LAG, [(labels, group.lag) for labels, group in named])
        yield _family(metrics.PENDING, [(labels, group.pending) for labels, group in named])
        yield _family(metrics.BEHIND, [(labels, group.behind.total_seconds()) for labels, group in named])

    def _health(self) -> Families:
        health, (used, most) = self._services.status.health(), self._services.streams.memory()
        if health.silence is not None:
            yield _one(metrics.SILENCE, health.silence.total_seconds())
        yield _one(metrics.PAUSED, health.pause.total_seconds())
        yield _one(metrics.PRESSED, bool(self._services.streams.pressure()))
        yield _one(metrics.MEMORY, used)
        yield _one(metrics.MEMORY_LIMIT, most)


def _outcome(name: str) -> tuple[str, str]:
    outcome, _, reason = name.partition(":")
    return outcome, reason


def _age(message: str | None, now: float) -> float | None:
    """Return the seconds since a message was sent: 0 when none waits, None when it does not say (beat's own do not)."""
    if message is None:
        return 0.0
    sent = json.loads(message)["headers"].get("sent")
    return None if sent is None else max(0.0, now - float(sent))


def _one(metric: Metric, value: float) -> Family:
    return _family(metric, [((), value)])


def _family(metric: Metric, rows: Iterable[Row]) -> Family:
    kind: Any = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
    family: Family = kind(metric.name, metric.help, labels=metric.labels)
    for labels, value in rows:
        family.add_metric(labels, value)  # type: ignore[attr-defined]
    return family


def _histograms(metric: Metric, rows: Mapping[str, Histogram], bounds: Sequence[float]) -> Family:
    family = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
    for label, histogram in rows.items():
        cumulated = accumulate(histogram.buckets)
        buckets = list(zip([*map(str, bounds), "+Inf"], cumulated, strict=True))
        family.add_metric([label] if metric.labels else [], buckets, histogram.sum_s)
    return family
