"""What is known of everything at once, as `onrecord status` and the web page show it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from config.broker import QUEUES, TICK_SILENCE
from worker.adapters.footprint import footprint
from worker.adapters.ledger import Health
from worker.adapters.store import connect, store_errors
from worker.services import Services


def facts(services: Services) -> dict[str, Any]:
    """Return what is known: articles by outcome, lengths of queues and streams, memory, feeds, warnings."""
    counts = services.ledger.counts()
    return {
        "articles": counts,
        "identity_holds": identity_holds(counts),
        **_lengths(services),
        "memory": asdict(footprint(services.redis_url, services.settings.key_prefix)),
        "rechecks": services.ledger.rechecks(),
        "feeds": len(services.registry.rows()),
        "warnings": warnings(services.ledger.health()),
    }


def warnings(health: Health) -> list[str]:
    """Return what keeps articles from moving on."""
    found = []
    if health.silence is None or health.silence > TICK_SILENCE:
        ago = f"for {health.silence.total_seconds():.0f} s" if health.silence else "yet"
        found.append(f"nothing was asked for {ago}: do a worker and a beat run?")
    if health.pause:
        found.append(
            f"paused for another {health.pause.total_seconds():.0f} s: everything failed, see the worker's log"
        )
    return found


def identity_holds(counts: dict[str, int]) -> bool:
    """Tell whether every article that was discovered is in flight or has exactly one outcome."""
    return counts.get("discovered", 0) == sum(number for name, number in counts.items() if name != "discovered")


def _lengths(services: Services) -> dict[str, object]:
    prefix = services.settings.key_prefix
    streams = ("articles", "statements", "feeds", "dead")
    with store_errors("status"):
        waiting = connect(services.broker_url).pipeline(transaction=False)
        for queue in QUEUES:
            waiting.llen(f"{prefix}:celery:{queue}")
        published = connect(services.redis_url).pipeline(transaction=False)
        for stream in streams:
            published.xlen(f"{prefix}:{stream}")
        return {
            "queues": dict(zip(QUEUES, waiting.execute(), strict=True)),
            "streams": dict(zip(streams, published.execute(), strict=True)),
        }
