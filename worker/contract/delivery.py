"""At-least-once delivery from a consumer group, as steps: what to ask Redis, when to call the handler.

Nothing here does I/O. `Delivery.steps` yields effects and is sent their results, so that one
protocol serves the blocking and the asynchronous consumer (worker-side sans-I/O):

    join the group | own unfinished entries | (idle entries of the dead | new entries)*

Three rules keep "again only after a death, nothing else twice":
an entry is acknowledged before the next one is handled; unfinished entries are re-read one at a
time, so that Redis's delivery counter grows only for the one at hand; a batch that grows old is
dropped and re-read from Redis, which knows whether it is still ours.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Generator, List, Mapping, Optional, Tuple, Union

from .event import DecodeError, Event, decode

BATCH = 100  # entries a read; at 4 KB each it fills half a megabyte
BLOCK_MS = 500  # longest wait inside Redis, so also for `stop`
MAX_DELIVERIES = 5  # an entry whose handling ended this many consumers is poison
DEAD_LETTERS = 10_000  # about how many are kept

Args = Tuple[Any, ...]


@dataclass(frozen=True)
class Command:
    """Send one command; the result is its RESP2 reply."""

    args: Args


@dataclass(frozen=True)
class Transaction:
    """Send commands in MULTI/EXEC."""

    commands: Tuple[Args, ...]


@dataclass(frozen=True)
class Handle:
    """Call the handler; the result is the exception that it raised, or None."""

    event: Event


@dataclass(frozen=True)
class Wait:
    """Wait so many seconds, or less when asked to stop."""

    seconds: float


Effect = Union[Command, Transaction, Handle, Wait]
Steps = Generator[Effect, Any, None]


@dataclass
class Delivery:
    """One consumer of one group, and what it must remember when the connection breaks.

    `stream` is the key, `wanted` says which events the handler gets (others are acknowledged),
    `reclaim_after` is after how many idle seconds an entry of another consumer counts as left by the
    dead; it must exceed the slowest handler, retries included. A handler that raises is tried
    `attempts` times, `backoff` seconds apart at first, twice as long each time.
    """

    stream: str
    group: str
    consumer: str
    wanted: Callable[[Event], bool]
    start: str = "0"
    attempts: int = 5
    backoff: float = 0.5
    reclaim_after: float = 60.0
    clock: Callable[[], float] = time.monotonic
    stopping: bool = False
    _unwanted: List[str] = field(default_factory=list)
    _handled: Optional[str] = None

    @property
    def dead_letters(self) -> str:
        """Return the key of the stream of entries that this group could not handle."""
        return f"{self.stream}:dead:{self.group}"

    def steps(self) -> Steps:
        """Run until `stopping`; start again from here when the connection broke."""
        self._unwanted.clear()
        yield Command(("XGROUP CREATE", self.stream, self.group, self.start, "MKSTREAM"))
        yield from self._unfinished()
        swept = self.clock()
        while not self.stopping:
            if self.clock() - swept >= self.reclaim_after / 2:
                yield from self._reclaim()
                swept = self.clock()
            yield from self._fresh()

    def _fresh(self) -> Steps:
        entries = _entries((yield self._read(">", BATCH)))
        old = self.clock() + self.reclaim_after / 2
        for entry_id, fields in entries:
            if self.stopping or self.clock() > old:
                break
            yield from self._deliver(entry_id, fields, 1)
        yield from self._acknowledge_unwanted()
        if self.clock() > old:
            yield from self._unfinished()

    def _unfinished(self) -> Steps:
        last = "0"
        while not self.stopping:
            entries = _entries((yield self._read(last, 1)))
            if not entries:
                break
            last, fields = entries[0]
            yield from self._deliver(last, fields, (yield from self._deliveries(last)))
        yield from self._acknowledge_unwanted()

    def _reclaim(self) -> Steps:
        cursor = "0-0"
        idle_ms = int(self.reclaim_after * 1000)
        while not self.stopping:
            claim = ("XAUTOCLAIM", self.stream, self.group, self.consumer, idle_ms, cursor)
            cursor = (yield Command((*claim, "COUNT", BATCH, "JUSTID")))[0]
            yield from self._unfinished()
            if cursor == "0-0":
                return

    def _deliver(self, entry_id: str, fields: Mapping[str, str], deliveries: int) -> Steps:
        if not fields or entry_id == self._handled:  # trimmed away meanwhile, or only the XACK was lost
            yield from self._acknowledge(entry_id)
            return
        try:
            event = decode(fields)
        except DecodeError as error:
            yield from self._bury(entry_id, fields, str(error))
            return
        if not self.wanted(event):
            self._unwanted.append(entry_id)
        elif deliveries > MAX_DELIVERIES:
            yield from self._bury(entry_id, fields, f"{deliveries - 1} consumers ended while handling it")
        else:
            yield from self._handle(entry_id, fields, event)

    def _handle(self, entry_id: str, fields: Mapping[str, str], event: Event) -> Steps:
        failure: Optional[Exception] = None
        for attempt in range(self.attempts):
            if attempt:
                yield Wait(self.backoff * 2 ** (attempt - 1))
                if self.stopping:
                    return
            failure = yield Handle(event)
            if failure is None:
                self._handled = entry_id
                yield from self._acknowledge(entry_id)
                return
        yield from self._bury(entry_id, fields, f"{type(failure).__name__}: {failure}")

    def _bury(self, entry_id: str, fields: Mapping[str, str], reason: str) -> Steps:
        note = {**fields, "dead-reason": reason[:500], "dead-entry": entry_id, "dead-consumer": self.consumer}
        letter = [part for item in note.items() for part in item]
        yield Transaction(
            (
                ("XADD", self.dead_letters, "MAXLEN", "~", DEAD_LETTERS, "*", *letter),
                ("XACK", self.stream, self.group, entry_id),
            )
        )

    def _acknowledge(self, *entry_ids: str) -> Steps:
        """Acknowledge, with what was passed over before: one round trip for both."""
        yield Command(("XACK", self.stream, self.group, *self._unwanted, *entry_ids))
        self._unwanted.clear()

    def _acknowledge_unwanted(self) -> Steps:
        if self._unwanted:
            yield from self._acknowledge()

    def _deliveries(self, entry_id: str) -> Generator[Effect, Any, int]:
        pending = yield Command(("XPENDING", self.stream, self.group, entry_id, entry_id, 1))
        return int(pending[0][3]) if pending else 1

    def _read(self, after: str, count: int) -> Command:
        block = ("BLOCK", BLOCK_MS) if after == ">" else ()
        return Command((
            "XREADGROUP", "GROUP", self.group, self.consumer, "COUNT", count, *block, "STREAMS", self.stream, after,
        ))  # fmt: skip


def _entries(reply: Any) -> List[Tuple[str, Dict[str, str]]]:
    """Return (id, fields) of the one stream that was read; fields are empty for a trimmed entry."""
    if not reply:
        return []
    return [(entry_id, dict(zip(flat[::2], flat[1::2])) if flat else {}) for entry_id, flat in reply[0][1]]
