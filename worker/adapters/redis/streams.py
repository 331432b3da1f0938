"""The published streams in Redis: how long they are, how far their consumer groups are, and their old end trimmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import redis

from config import limits
from worker.adapters.redis.store import Scripts, connect, in_ms, store_errors
from worker.contract import event as contract

STREAMS = tuple(contract.STREAMS.values())
_TRIM_AT_ONCE = 20_000
_COUNTED = 500  # entries of a lag that are counted, in 5 ms at most; of more, Redis' own count is taken


@dataclass(frozen=True, slots=True)
class Group:
    """How far a consumer group is.

    `lag` entries wait for it, of which `pending` were delivered and are not acknowledged; at least so many if
    `is_more`. `behind` is the time since the oldest of them was published, `idle` the time since one of its consumers
    asked for entries (None when it has no consumer), `warned` the time since it was first said that it stands still.
    """

    stream: str
    name: str
    consumers: int
    lag: int
    is_more: bool
    pending: int
    behind: timedelta
    idle: timedelta | None
    warned: timedelta | None

    @property
    def key(self) -> str:
        """Return "stream/name"."""
        return f"{self.stream}/{self.name}"


class Streams:
    """The streams under a key prefix."""

    def __init__(self, url: str, prefix: str) -> None:
        self._client = connect(url)
        self._prefix = prefix
        self._run = Scripts(self._client, prefix)

    def is_due(self) -> bool:
        """Return whether it is time to look after the streams, once for all that ask."""
        with store_errors("streams"):
            hold = in_ms(limits.RETAIN_INTERVAL)
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

    def trim(self, stream: str, *, keep: timedelta, surplus: int, held: Mapping[str, timedelta]) -> int:
        """Trim what is older than `keep`, and `surplus` entries more; nothing that a group needs.

        Args:
            stream: Which one.
            keep: How long entries stay that no group needs.
            surplus: How many are too many even so.
            held: Groups for which not everything is held: how old an entry may be to be held for it.

        Returns:
            How many entries went.
        """
        pairs = (part for group, span in held.items() for part in (group, in_ms(span)))
        return int(self._run("trim", stream, in_ms(keep), surplus, _TRIM_AT_ONCE, *pairs))

    def groups(self) -> list[Group]:
        """Return every consumer group of every stream, and how far it is."""
        return [_group(stream, *row) for stream in STREAMS for row in self._run("groups", stream, _COUNTED)]

    def press(self, reason: str) -> bool:
        """Let feeds be polled more seldom, and say why; ends by itself. Return whether that is new."""
        return bool(self._run("press", reason, in_ms(limits.PRESSURE_HOLDS)))

    def pressure(self) -> str:
        """Return why feeds are polled more seldom now; empty when they are not."""
        with store_errors("pressure"):
            return self._client.get(f"{self._prefix}:pressure") or ""

    def unpress(self) -> bool:
        """Let feeds be polled as they are due; return whether that is new."""
        with store_errors("pressure"):
            return bool(self._client.delete(f"{self._prefix}:pressure"))

    def warn(self, group: Group) -> bool:
        """Remember that a group was warned of now, unless it was before; return whether that is new."""
        with store_errors("groups"):
            seconds, _ = self._client.time()
            return bool(self._client.hsetnx(f"{self._prefix}:groups:warned", group.key, int(seconds) * 1000))

    def unwarn(self, but: Iterable[Group]) -> None:
        """Forget that others than these were warned of: they are well again, or gone."""
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
