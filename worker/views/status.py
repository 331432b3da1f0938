"""What is known of everything at once, as `onrecord status` and the web page show it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from config.broker import QUEUES, TICK_SILENCE
from config.settings import is_amqp
from worker.adapters.redis.footprint import footprint
from worker.adapters.redis.store import store_errors
from worker.core.status import Group
from worker.pipeline import articles, retention
from worker.services import Services


def facts(services: Services) -> dict[str, Any]:
    """Return what is known: articles by outcome, lengths of queues and streams, memory, feeds, warnings."""
    counts, groups = services.status.counts(), services.streams.groups()
    return {
        "articles": counts,
        "identity_holds": identity_holds(counts),
        "queues": _queues(services),
        "streams": services.streams.lengths(),
        "memory": asdict(footprint(services.redis_url, services.settings.key_prefix)),
        "rechecks": services.status.rechecks(),
        "groups": {group.key: _lag(group) for group in groups},
        "feeds": len(services.registry.rows()),
        "warnings": [*warnings(services, groups), *_told_of(strays(services))],
    }


def _lag(group: Group) -> dict[str, Any]:
    behind = round(group.behind.total_seconds())
    return {"lag": group.lag, "is_more": group.is_more, "pending": group.pending, "behind_s": behind}


def warnings(services: Services, groups: list[Group]) -> list[str]:
    """Return what keeps articles from moving on, and who does not read them."""
    health, pressure = services.status.health(), services.streams.pressure()
    found = retention.warnings(groups, services.settings)
    if health.silence is None or health.silence > TICK_SILENCE:
        ago = f"for {health.silence.total_seconds():.0f} s" if health.silence else "yet"
        found.append(f"nothing was asked for {ago}: do a worker and a beat run?")
    if health.pause:
        found.append(
            f"paused for another {health.pause.total_seconds():.0f} s: everything failed, see the worker's log"
        )
    if pressure:
        found.append(f"feeds are polled later than they are due: {pressure}")
    return found


def strays(services: Services) -> dict[str, int]:
    """Return queue -> length where messages of ours wait that no worker reads, since their sender lacks our prefix."""
    if is_amqp(services.broker_url):
        return {}
    names = ("celery", *QUEUES)  # Celery's default, and ours without their prefix
    with store_errors("status"):
        asked = services.broker.pipeline(transaction=False)
        for name in names:
            asked.llen(name).lindex(name, 0)
        answers = asked.execute(raise_on_error=False)
    found = zip(names, answers[::2], answers[1::2], strict=True)
    return {name: count for name, count, latest in found if isinstance(count, int) and _is_ours(latest)}


def _told_of(waiting: dict[str, int]) -> list[str]:
    return [
        f"{count:,} messages wait in {name!r}, which no worker reads: a client without our key prefix sent them"
        for name, count in waiting.items()
    ]


def _is_ours(message: Any) -> bool:
    """Tell whether a message of Celery's is for a task of ours; other applications may use the same Redis."""
    try:
        return json.loads(message)["headers"]["task"] in {kind.task for kind in articles.USE_CASES}
    except (TypeError, ValueError, LookupError):
        return False


def identity_holds(counts: dict[str, int]) -> bool:
    """Tell whether every article that was discovered is in flight or has exactly one outcome."""
    return counts.get("discovered", 0) == sum(number for name, number in counts.items() if name != "discovered")


def _queues(services: Services) -> dict[str, int]:
    if is_amqp(services.broker_url):  # RabbitMQ has tools of its own for that
        return {}
    with store_errors("status"):
        waiting = services.broker.pipeline(transaction=False)
        for queue in QUEUES:
            waiting.llen(f"{services.settings.key_prefix}:celery:{queue}")
        return dict(zip(QUEUES, waiting.execute(), strict=True))
