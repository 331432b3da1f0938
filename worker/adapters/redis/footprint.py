"""What the ledger's records take in Redis, measured with MEMORY USAGE on a sample of those that are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from config import limits
from worker.adapters.redis.store import connect, store_errors

_SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes: of an article that was seen, of one in flight with its places in queues, of all that is kept for replay.

    Rounded; None where there is nothing to measure.
    """

    seen_article_bytes: float | None
    article_in_flight_bytes: int | None
    pages: int
    pages_bytes: int


def footprint(url: str, prefix: str) -> Footprint:
    """Measure the ledger under `prefix`; costs a few hundred small commands in five round trips."""
    client = connect(url)
    with store_errors("footprint"):
        jobs = client.zrandmember(f"{prefix}:jobs", _SAMPLE)
        kept = client.zrandmember(f"{prefix}:kept", _SAMPLE)
        return Footprint(
            _seen(client, prefix, jobs + kept),
            _in_flight(client, prefix, jobs),
            client.zcard(f"{prefix}:kept"),
            int(client.get(f"{prefix}:kept:bytes") or 0),
        )


def _seen(client: Any, prefix: str, ids: list[str]) -> float | None:
    """Return bytes an id, over the hashes that hold the sampled ids."""
    seconds, _ = client.time()
    bucket = int(seconds / limits.SEEN_BUCKET.total_seconds())
    pipe = client.pipeline(transaction=False)
    for key in {f"{prefix}:seen:{bucket}:{one[:4]}" for one in ids}:
        pipe.memory_usage(key).hlen(key)
    replies = pipe.execute()
    known = sum(replies[1::2])
    return round(sum(size or 0 for size in replies[::2]) / known, 1) if known else None


def _in_flight(client: Any, prefix: str, ids: list[str]) -> int | None:
    """Return bytes a job: its record, its entry in `jobs`, and one as large in its host's queue or in `running`."""
    if not ids:
        return None
    pipe = client.pipeline(transaction=False)
    pipe.memory_usage(f"{prefix}:jobs", samples=_SAMPLE).zcard(f"{prefix}:jobs")
    for one in ids:
        pipe.memory_usage(f"{prefix}:job:{one}")
    index, count, *records = pipe.execute()
    sizes = [size for size in records if size]  # one may have come to its outcome meanwhile
    return round(sum(sizes) / len(sizes) + 2 * index / count) if sizes and count else None
