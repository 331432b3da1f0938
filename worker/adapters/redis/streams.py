"""The published streams in Redis: how long they are, how far their consumer groups are, and their old end trimmed.

Implements `worker.ports.Streams`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

import redis

from config import limits
from worker.adapters.redis.store import Scripts, connect, in_ms, store_errors
from worker.contract import event as contract
from worker.core.status import Group
from worker.ports import Streams

STREAMS = tuple(contract.STREAMS.values())
_TRIM_AT_ONCE = 20_000
_COUNTED = 500  # entries of a lag that are counted, in 5 ms at most; of more, Redis' own count is taken


class RedisStreams(Streams):
    """The streams under a key prefix."""

    def __init__(self, url: str, prefix: str) -> None:
        self._client = connect(url)
        self._prefix = prefix
        self._run = Scripts(self._client, prefix)

    def is_due(self) -> bool:
        with store_errors("streams"):
            hold = in_ms(limits.RETAIN_INTERVAL)
            try:
                return self._client.set(f"{self._prefix}:retained", 1, nx=True, px=hold) is not None
            except redis.exceptions.OutOfMemoryError:
                return True  # trimming makes room

    def bytes(self) -> dict[str, int]:
        with store_errors("streams"):
            pipe = self._client.pipeline(transaction=False)
            for stream in STREAMS:
                pipe.memory_usage(self._key(stream), samples=20)
            return {stream: size or 0 for stream, size in zip(STREAMS, pipe.execute(), strict=True)}

    def lengths(self) -> dict[str, int]:
        with store_errors("streams"):
            pipe = self._client.pipeline(transaction=False)
            for stream in STREAMS:
                pipe.xlen(self._key(stream))
            return dict(zip(STREAMS, pipe.execute(), strict=True))

    def memory(self) -> tuple[int, int]:
        with store_errors("memory"):
            info = self._client.info("memory")
        nodes = [info] if "used_memory" in info else list(info.values())  # a cluster answers for each node
        fullest = max(nodes, key=lambda node: node["used_memory"] / (node["maxmemory"] or 2**63))
        return int(fullest["used_memory"]), int(fullest["maxmemory"])

    def trim(self, stream: str, *, keep: timedelta, surplus: int, held: Mapping[str, timedelta]) -> int:
        pairs = (part for group, span in held.items() for part in (group, in_ms(span)))
        return int(self._run("trim", *pairs, stream=stream, keep=in_ms(keep), surplus=surplus, most=_TRIM_AT_ONCE))

    def groups(self) -> list[Group]:
        return [_group(stream, *row) for stream in STREAMS for row in self._run("groups", stream=stream, most=_COUNTED)]

    def raise_pressure(self, reason: str) -> bool:
        return bool(self._run("raise_pressure", reason=reason, span=in_ms(limits.PRESSURE_HOLDS)))

    def pressure(self) -> str:
        with store_errors("pressure"):
            return self._client.get(f"{self._prefix}:pressure") or ""

    def unpress(self) -> bool:
        with store_errors("pressure"):
            return bool(self._client.delete(f"{self._prefix}:pressure"))

    def warn(self, group: Group) -> bool:
        with store_errors("groups"):
            seconds, _ = self._client.time()
            return bool(self._client.hsetnx(f"{self._prefix}:groups:warned", group.key, int(seconds) * 1000))

    def unwarn(self, but: Iterable[Group]) -> None:
        key = f"{self._prefix}:groups:warned"
        with store_errors("groups"):
            others = set(self._client.hkeys(key)).difference(group.key for group in but)
            if others:
                self._client.hdel(key, *others)

    def _key(self, stream: str) -> str:
        return f"{self._prefix}:{stream}"


def _group(stream: str, *row: str | int) -> Group:
    consumers, pending, waiting, is_least, behind, idle, warned = map(int, row[1:])
    return Group(
        stream,
        str(row[0]),
        consumers,
        waiting + pending,
        bool(is_least),
        pending,
        timedelta(milliseconds=behind),
        _since(idle),
        _since(warned),
    )


def _since(ms: int) -> timedelta | None:
    return None if ms < 0 else timedelta(milliseconds=ms)
