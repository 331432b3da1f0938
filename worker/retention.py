"""What is kept on the streams, and what happens when nobody reads them. Part of the pipeline.

    sweep | trim what is old and read | warn of groups that hold it back | press when there is too much

An entry that a consumer group has not read and acknowledged is never trimmed, unless that group stood still for so long
that it counts as abandoned; half-way there that is announced. When groups lag or memory runs short, feeds are
polled later (`take.lua`), and nothing is dropped.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from config import limits
from config.settings import Settings
from worker.adapters.streams import Group
from worker.services import Services

_DAY = timedelta(days=1)
log = structlog.get_logger("onrecord")


def retain(services: Services) -> int:
    """Trim all streams and look after their groups, if it is time again; return how many entries went."""
    settings, streams = services.settings, services.streams
    if not streams.is_due():
        return 0
    memory, total, trimmed = streams.memory(), sum(streams.bytes().values()), 0
    budget = _budget(memory[1], settings)
    for stream, length in streams.lengths().items():
        gone, behind = streams.trim(
            stream,
            keep=_keep(stream, settings),
            abandoned_after=settings.group_days * _DAY,
            surplus=surplus(length, total, budget),
        )
        trimmed += gone
        for group, since in behind.items():
            _announce(stream, group, since, services)
    reason = pressure(streams.groups(), total, memory, settings)
    if reason and streams.press(reason):
        log.warning("polling slows", detail=reason)
    return trimmed


def surplus(length: int, total_bytes: int, budget_bytes: float) -> int:
    """Return how many entries of a stream are too many: the same share of each, until all fit the budget."""
    return int(length * (1 - budget_bytes / total_bytes)) if total_bytes > budget_bytes else 0


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
    living = [group for group in groups if group.behind < settings.group_days * _DAY]
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
    told = (_said(group.stream, group.name, group.behind, settings.group_days * _DAY) for group in groups)
    return [said for said in told if said]


def _announce(stream: str, group: str, behind: timedelta, services: Services) -> None:
    cutoff = services.settings.group_days * _DAY
    said = _said(stream, group, behind, cutoff)
    stage = "" if not said else "group abandoned" if behind >= cutoff else "group stands still"
    if services.streams.warn(stream, group, stage):
        log.warning(stage, stream=stream, group=group, detail=said)


def _said(stream: str, group: str, behind: timedelta, cutoff: timedelta) -> str:
    if behind < cutoff / 2:
        return ""
    when = "now" if behind >= cutoff else f"in {(cutoff - behind) / _DAY:.1f} days"
    return (
        f"the group {group} of {stream} has not acknowledged an entry that is {behind / _DAY:.1f} days old; {when} it "
        "counts as abandoned, and what it has not read is trimmed: start its consumer, or XGROUP DESTROY it"
    )


def _budget(most: int, settings: Settings) -> float:
    """Return how many bytes the streams may take: what is set, and no more than half of all that there is."""
    return min(settings.streams_mb * 1e6, most / 2 or settings.streams_mb * 1e6)


def _keep(stream: str, settings: Settings) -> timedelta:
    """Return how long entries are kept; dead letters for as long as they can be tried again."""
    days = settings.stream_days * _DAY
    return max(days, 3 * limits.SEEN_BUCKET) if stream == "dead" else days
