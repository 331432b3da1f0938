"""What is kept on the streams, and what happens when nobody reads them. Part of the pipeline.

    sweep | trim what is old and read | warn of groups that hold it back | raise pressure when there is too much

An entry that a consumer group has not read and acknowledged is never trimmed, unless it has been lying for longer than
the cut-off, and that was announced for half of it at least. Then nothing is held for a group whose consumers no longer
call, and for one whose consumers do all that is younger than the cut-off. When groups lag or memory runs short, feeds
are polled later (`take.lua`), and nothing is dropped.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Protocol

import structlog

from config import limits
from config.settings import Settings
from worker.core.status import Group
from worker.pipeline.needs import HasSettings, HasStreams

_DAY, _NONE = timedelta(days=1), timedelta(0)
log = structlog.get_logger("onrecord")


class RetentionPorts(HasSettings, HasStreams, Protocol):
    """What retention needs."""


def retain(ports: RetentionPorts) -> int:
    """Trim all streams and look after their groups, if it is time again; return how many entries went."""
    if not ports.streams.is_due():
        return 0
    groups, memory = ports.streams.groups(), ports.streams.memory()
    sizes = ports.streams.bytes()
    trimmed = _trim(groups, sizes, _budget(memory[1], ports.settings), ports)
    _press(pressure(groups, sum(sizes.values()), memory, ports.settings), ports)
    _announce(groups, ports)  # last: it needs memory, which a full Redis refuses
    return trimmed


def _trim(groups: list[Group], sizes: dict[str, int], budget: float, ports: RetentionPorts) -> int:
    settings, trimmed, most = ports.settings, 0, share(list(sizes.values()), budget)
    for stream, length in ports.streams.lengths().items():
        spans = {group.name: held(group, settings) for group in groups if group.stream == stream}
        trimmed += ports.streams.trim(
            stream,
            keep=_keep(stream, settings),
            surplus=surplus(length, sizes[stream], most),
            held={name: span for name, span in spans.items() if span is not None},
        )
    return trimmed


def held(group: Group, settings: Settings) -> timedelta | None:
    """Return how old an entry may be to be held for a group; None: however old it is."""
    cutoff = settings.group_days * _DAY
    if _left(group, cutoff) > _NONE:
        return None
    return _NONE if group.idle is None or group.idle >= cutoff else cutoff


def _left(group: Group, cutoff: timedelta) -> timedelta:
    """Return how long all that a group needs is held yet: until it was warned of for half of the cut-off at least.

    Everything may have been off for weeks, the consumer too; or a new group reads old entries.
    """
    return max(cutoff - group.behind, cutoff / 2 - (group.warned or _NONE), _NONE)


def share(sizes: list[int], budget: float) -> float:
    """Return how many bytes a stream may take: what those leave that take less, in equal parts (max-min fairness).

    So one that a group holds back never empties the others.
    """
    left = budget
    for index, size in enumerate(sorted(sizes)):
        if size > left / (len(sizes) - index):
            return left / (len(sizes) - index)
        left -= size
    return math.inf


def surplus(length: int, size: int, most: float) -> int:
    """Return how many entries of a stream are too many, so that it takes `most` bytes instead of `size`."""
    return int(length * (1 - most / size)) if size > most else 0


def pressure(groups: list[Group], total_bytes: int, memory: tuple[int, int], settings: Settings) -> str:
    """Return why less should be published for now; empty when nothing is in the way.

    Args:
        groups: How far the consumers are.
        total_bytes: What the streams take.
        memory: What Redis uses, and what it may use (0: as much as there is), in bytes.
        settings: The limits.
    """
    used, most = memory
    if most and used > limits.MEMORY_SHORT * most:
        return f"Redis uses {used / 1e6:,.0f} of {most / 1e6:,.0f} MB"
    living = [group for group in groups if held(group, settings) != _NONE]
    slowest = max(living, key=lambda group: group.lag, default=None)
    if slowest is None or not slowest.lag:
        return ""
    if slowest.lag > settings.max_lag:
        return f"{slowest.lag:,} entries of {slowest.stream} wait for the group {slowest.name}"
    if total_bytes > limits.STREAMS_OVER * _budget(most, settings):
        return f"the streams take {total_bytes / 1e6:,.0f} MB, and {slowest.name} has not read {slowest.stream}"
    return ""


def warnings(groups: list[Group], settings: Settings) -> list[str]:
    """Return what to say of groups that stand still."""
    cutoff = settings.group_days * _DAY
    return [_said(group, cutoff) for group in groups if _stands_still(group, cutoff)]


def _stands_still(group: Group, cutoff: timedelta) -> bool:
    return group.behind >= cutoff / 2


def _announce(groups: list[Group], ports: RetentionPorts) -> None:
    cutoff = ports.settings.group_days * _DAY
    still = [group for group in groups if _stands_still(group, cutoff)]
    ports.streams.unwarn(but=still)
    for group in still:
        if ports.streams.warn(group):
            log.warning("group stands still", stream=group.stream, group=group.name, detail=_said(group, cutoff))


def _said(group: Group, cutoff: timedelta) -> str:
    left = _left(group, cutoff)
    when = f"in {left / _DAY:.1f} days" if left else "now"
    return (
        f"the group {group.name} of {group.stream} has not acknowledged an entry that is {group.behind / _DAY:.1f} "
        f"days old; {when} it counts as abandoned, and what it has not read is trimmed: "
        "start its consumer, or XGROUP DESTROY it"
    )


def _press(reason: str, ports: RetentionPorts) -> None:
    if reason and ports.streams.raise_pressure(reason):
        log.warning("polling slows", detail=reason)
    if not reason and ports.streams.unpress():
        log.info("polling goes on as before")


def _budget(most: int, settings: Settings) -> float:
    """Return how many bytes the streams may take: what is set, and no more than half of all that there is."""
    return min(settings.streams_mb * 1e6, most / 2 or settings.streams_mb * 1e6)


def _keep(stream: str, settings: Settings) -> timedelta:
    """Return how long entries are kept; dead letters for as long as they can be tried again."""
    days = settings.stream_days * _DAY
    return max(days, 3 * limits.SEEN_BUCKET) if stream == "dead" else days
