"""The published streams in Redis: how long they are, how far their consumer groups are, and their old end trimmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import redis

from config import limits
from worker.adapters.store import Scripts, connect, store_errors

STREAMS = ("articles", "statements", "feeds", "dead")
_TRIM_AT_ONCE = 20_000
_COUNTED = 500  # entries of a lag that are counted, in 5 ms at most; of more, Redis' own count is taken


@dataclass(frozen=True, slots=True)
class Group:
    """How far a consumer group is.

    `lag` entries wait for it, of which `pending` were delivered and are not acknowledged; at least so many if
    `is_more`. `behind` is the time since the oldest of them was published, `idle` the time since one of its consumers
    asked for entries; None when it has no consumer.
    """

    stream: str
    name: str
    consumers: int
    lag: int
    is_more: bool
    pending: int
    behind: timedelta
    idle: timedelta | None

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
        pairs = (part for group, span in held.items() for part in (group, _ms(span)))
        return int(self._run("trim", stream, _ms(keep), surplus, _TRIM_AT_ONCE, *pairs))

    def groups(self) -> list[Group]:
        """Return every consumer group of every stream, and how far it is."""
        return [_group(stream, *row) for stream in STREAMS for row in self._run("groups", stream, _COUNTED)]

    def press(self, reason: str) -> bool:
        """Let feeds be polled more seldom, and say why; ends by itself. Return whether that is new."""
        hold = limits.PRESSURE_HOLDS // timedelta(milliseconds=1)
        with store_errors("pressure"):
            return self._client.set(f"{self._prefix}:pressure", reason, px=hold, get=True) is None

    def pressure(self) -> str:
        """Return why feeds are polled more seldom now; empty when they are not."""
        with store_errors("pressure"):
            return self._client.get(f"{self._prefix}:pressure") or ""

    def unpress(self) -> bool:
        """Let feeds be polled as they are due; return whether that is new."""
        with store_errors("pressure"):
            return bool(self._client.delete(f"{self._prefix}:pressure"))

    def warned(self) -> dict[str, timedelta]:
        """Return for each group, as "stream/name", how long ago it was warned of."""
        with store_errors("groups"):
            now, said = self._client.time()[0], self._client.hgetall(f"{self._prefix}:groups:warned")
        return {key: timedelta(seconds=now - int(then)) for key, then in said.items()}

    def warn(self, key: str) -> bool:
        """Remember that a group was warned of now, unless it was before; return whether that is new."""
        with store_errors("groups"):
            return bool(self._client.hsetnx(f"{self._prefix}:groups:warned", key, self._client.time()[0]))

    def unwarn(self, key: str) -> None:
        """Forget what was said of a group: it is well again, or gone."""
        with store_errors("groups"):
            self._client.hdel(f"{self._prefix}:groups:warned", key)

    def _key(self, stream: str) -> str:
        return f"{self._prefix}:{stream}"


def _group(stream: str, *row: str | int) -> Group:
    consumers, pending, waiting, is_least, behind, idle = map(int, row[1:])
    return Group(
        stream,
        str(row[0]),
        consumers,
        waiting + pending,
        bool(is_least),
        pending,
        timedelta(milliseconds=behind),
        None if idle < 0 else timedelta(milliseconds=idle),
    )


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
