"""The published streams in Redis: how long they are, how far their consumer groups are, and their old end trimmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import redis

from config import limits
from worker.adapters.store import Scripts, connect, store_errors

STREAMS = ("articles", "statements", "feeds", "dead")
_TRIM_AT_ONCE = 20_000
_COUNTED = 10_000  # entries of a lag that Redis does not know; more are not counted, only said
_COUNT_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Group:
    """How far a consumer group is.

    `lag` entries wait for it, of which `pending` were delivered and are not acknowledged; at least so many if
    `is_more`. `behind` is the time since the oldest of them was published.
    """

    stream: str
    name: str
    consumers: int
    lag: int
    is_more: bool
    pending: int
    behind: timedelta


class Streams:
    """The streams under a key prefix."""

    def __init__(self, url: str, prefix: str) -> None:
        self._client = connect(url)
        self._prefix = prefix
        self._run = Scripts(self._client, prefix)

    def is_due(self) -> bool:
        """Return whether it is time to look after the streams, once for all that ask."""
        with store_errors("streams"):
            hold = limits.RETAIN_INTERVAL // timedelta(milliseconds=1)
            try:
                return self._client.set(f"{self._prefix}:retained", 1, nx=True, px=hold) is not None
            except redis.exceptions.OutOfMemoryError:
                return True  # trimming makes room

    def bytes(self) -> dict[str, int]:
        """Return what each stream takes in memory."""
        with store_errors("streams"):
            pipe = self._client.pipeline(transaction=False)
            for stream in STREAMS:
                pipe.memory_usage(self._key(stream), samples=20)
            return {stream: size or 0 for stream, size in zip(STREAMS, pipe.execute(), strict=True)}

    def lengths(self) -> dict[str, int]:
        """Return how many entries each stream has."""
        with store_errors("streams"):
            pipe = self._client.pipeline(transaction=False)
            for stream in STREAMS:
                pipe.xlen(self._key(stream))
            return dict(zip(STREAMS, pipe.execute(), strict=True))

    def memory(self) -> tuple[int, int]:
        """Return how many bytes the server uses, and how many it may use (0: as many as there are)."""
        with store_errors("memory"):
            info = self._client.info("memory")
        nodes = [info] if "used_memory" in info else list(info.values())  # a cluster answers for each node
        fullest = max(nodes, key=lambda node: node["used_memory"] / (node["maxmemory"] or 2**63))
        return int(fullest["used_memory"]), int(fullest["maxmemory"])

    def trim(
        self, stream: str, *, keep: timedelta, abandoned_after: timedelta, surplus: int
    ) -> tuple[int, dict[str, timedelta]]:
        """Trim what is older than `keep`, and `surplus` entries more; nothing that a group needs.

        Returns:
            How many entries went, and for each group how old the oldest entry is that it did not acknowledge, or zero.
        """
        ms = (int(span / timedelta(milliseconds=1)) for span in (keep, abandoned_after))
        trimmed, flat = self._run("trim", stream, *ms, surplus, _TRIM_AT_ONCE)
        behind = {name: timedelta(milliseconds=int(ms)) for name, ms in zip(flat[::2], flat[1::2], strict=True)}
        return int(trimmed), behind

    def groups(self) -> list[Group]:
        """Return every consumer group of every stream, and how far it is."""
        with store_errors("groups"):
            now = self._now_ms()
            existing = [stream for stream in STREAMS if self._client.exists(self._key(stream))]
            return [
                self._group(stream, row, now)
                for stream in existing
                for row in self._client.xinfo_groups(self._key(stream))
            ]

    def press(self, reason: str) -> bool:
        """Let feeds be polled more seldom, and say why; ends by itself. Return whether that is new."""
        hold = limits.PRESSURE_HOLDS // timedelta(milliseconds=1)
        with store_errors("pressure"):
            return self._client.set(f"{self._prefix}:pressure", reason, px=hold, get=True) is None

    def pressure(self) -> str:
        """Return why feeds are polled more seldom now; empty when they are not."""
        with store_errors("pressure"):
            return self._client.get(f"{self._prefix}:pressure") or ""

    def warn(self, stream: str, group: str, stage: str) -> bool:
        """Remember what was said of a group ("" when it is well again); return whether it is new."""
        key, field = f"{self._prefix}:groups:warned", f"{stream}/{group}"
        with store_errors("groups"):
            if not stage:
                self._client.hdel(key, field)
                return False
            was = self._client.hget(key, field)
            self._client.hset(key, field, stage)
            return was != stage  # type: ignore[no-any-return]

    def _group(self, stream: str, row: dict[str, Any], now_ms: int) -> Group:
        key, pending = self._key(stream), int(row["pending"])
        unread = self._client.xrange(key, f"({row['last-delivered-id']}", "+", count=1)
        held = self._client.xpending(key, row["name"])["min"] if pending else None
        oldest = min((_ms_of(one) for one in (held, unread[0][0] if unread else None) if one), default=now_ms)
        waiting = row.get("lag")
        count = self._count(key, row["last-delivered-id"]) if waiting is None else int(waiting)
        is_more = waiting is None and count >= _COUNTED
        behind = timedelta(milliseconds=max(0, now_ms - oldest))
        return Group(stream, row["name"], int(row["consumers"]), count + pending, is_more, pending, behind)

    def _count(self, key: str, after: str) -> int:
        """Count what is after an entry; Redis does not know that of a group that began in the middle, or after XDEL."""
        count = 0
        while count < _COUNTED:
            entries = self._client.xrange(key, f"({after}", "+", count=_COUNT_AT_ONCE)
            count += len(entries)
            if len(entries) < _COUNT_AT_ONCE:
                break
            after = entries[-1][0]
        return count

    def _now_ms(self) -> int:
        seconds, micros = self._client.time()
        return int(seconds) * 1000 + int(micros) // 1000

    def _key(self, stream: str) -> str:
        return f"{self._prefix}:{stream}"


def _ms_of(entry_id: str) -> int:
    return int(entry_id.partition("-")[0])
